using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;

namespace RxRaft.Hosting;

/// <summary>Opens a node's disk and wire, and starts it on them.</summary>
internal sealed class NodeOpening(IMeterFactory meters, ILoggerFactory loggers, HostName host)
{
    private readonly ILogger log = loggers.Of(RaftLog.HostingCategory);

    /// <summary>Opens everything, or nothing.</summary>
    /// <exception cref="ArgumentException">The options are wrong; the message names everything that is.</exception>
    /// <exception cref="DiskRefusedException">The directory cannot be this node's disk.</exception>
    /// <exception cref="DiskCorruptionException">What is there is not what was written.</exception>
    /// <exception cref="DiskFailureException">It could not be read, or not be made ready.</exception>
    /// <exception cref="System.IO.IOException">The journal's directory cannot be one, or is in use.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be listened at.</exception>
    public RunningNode Open(RaftOptions options, NodeStart start)
    {
        var plan = RaftPlan.Of(options, host.Name).Match(
            plan => plan, problems => throw new ArgumentException($"Raft: {string.Join("; ", problems)}"));
        var lines = new NodeLog(
            plan.Self, loggers.Of(RaftLog.NodeCategory), loggers.Of(RaftLog.WireCategory));

        var (disk, close) = Disk(options, plan);
        Journal? journal  = null;
        try
        {
            journal = Recording(options, plan);
            return On(disk, close, journal, plan, lines, start);
        }
        catch (Exception)
        {
            journal?.Dispose();
            close();
            throw;
        }
    }

    private Journal? Recording(RaftOptions options, RaftPlan plan)
    {
        if (options.Journal is not { } wanted) return null;

        var journal = Journal.Open(wanted.Directory, wanted.Limits);
        log.Recording(plan.Self, journal.Directory);
        journal.Problems.Subscribe(problem => log.NotRecorded(plan.Self, problem));
        return journal;
    }

    private (IDisk Disk, Action Close) Disk(RaftOptions options, RaftPlan plan)
    {
        log.Starting(plan.Self, plan.Cluster, plan.Wire.Listen, options.DataDirectory ?? "memory");
        if (options.DataDirectory is not { } directory)
        {
            log.InMemory(plan.Self);
            return (new InMemoryDisk(), () => { });
        }

        var disk  = FileDisk.Open(directory, plan.Cluster, plan.Self, options.Disk);
        var found = disk.Recovery;
        log.Recovered(plan.Self, found.Entries, found.Changes, found.Segments, found.IsNew);
        found.Torn.IfSome(torn => log.Torn(plan.Self, torn.File, torn.Length, torn.Offset));
        return (disk, disk.Dispose);
    }

    private RunningNode On(
        IDisk disk, Action close, Journal? journal, RaftPlan plan, NodeLog lines, NodeStart start)
    {
        var wire = TcpWire.Start(plan.Wire with { Hear = lines.Heard });
        try
        {
            RaftNode? node = null;
            var metrics   = new RaftMetrics(
                meters, plan, () => node is { Completion.IsCompleted: false } ? node.State : null, wire);
            var measured  = new MeasuredDisk(disk, metrics.DiskWrites);
            var telemetry = new NodeTelemetry(lines, metrics);

            node = start(NodeSetup.Of(
                plan.Self, plan.Founders, wire, measured, plan.Settings, scheduler: null, journal,
                plan.AnswersInPlace) with
            {
                Watch = telemetry,
            });
            return new(node, wire, measured, close, journal, telemetry);
        }
        catch (Exception)
        {
            wire.DisposeAsync().AsTask().GetAwaiter().GetResult();
            throw;
        }
    }
}

/// <summary>What the machine is called.</summary>
/// <param name="Name">In Kubernetes, the pod's name.</param>
internal sealed record HostName(string Name);
