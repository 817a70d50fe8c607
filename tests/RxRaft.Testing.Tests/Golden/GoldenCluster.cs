using System.Linq;

namespace RxRaft.Tests;

/// <summary>Clusters, disks, logs and roles, read and written as words.</summary>
internal static class GoldenCluster
{
    /// <summary>The options of a world, from those of the command.</summary>
    public static WorldOptions Options(GoldenCommand command)
    {
        var nodes     = command.Option("nodes", command.Whole, 3);
        var newcomers = command.Option("newcomers", command.NodesOf, []);
        var latency   = command.Option("latency", command.Span, TimeSpan.FromMilliseconds(5));
        var write     = command.Option("disk", command.Span, TimeSpan.FromMilliseconds(1));
        var seed      = command.Option("seed", command.Whole, 1);
        return WorldOptions.Of(nodes, (ulong)seed) with
        {
            Newcomers  = toSet(newcomers),
            Wire       = WireFaults.None with { LatencyMin = latency, LatencyMax = latency },
            Disk       = new DiskFaults(write, write),
            ClockDrift = 0,
            Settings   = Settings(command),
        };
    }

    /// <summary>What is on a disk that is prepared.</summary>
    public static PersistentState Disk(GoldenCommand command)
    {
        var term  = command.Option("term", command.Whole, 0);
        var terms = command.Option("log", list => toSeq(list.Split(',')).Map(command.Whole).Strict(), []);
        if (!terms.IsEmpty && terms.Max() > term) throw command.Wrong($"the log has term {terms.Max()}, and term= is {term}");

        var entries = terms.Select((of, at) => new Entry(
            new(new((ulong)of), new((ulong)at + 1)), Payload.Noop.Instance));
        return new(new((ulong)term), None, RxRaft.Log.Empty.Append(toSeq(entries.ToArray())));
    }

    /// <summary>S1  1 1 2: the terms of its entries; T1#5 stands for those that only the snapshot has.</summary>
    public static string Log(NodeId node, Log log)
    {
        var terms = log.After(log.Base.Index).Map(entry => $"{entry.Term.Value}");
        var words = log.Base == LogPosition.Zero ? terms : $"[{log.Base}]".Cons(terms);
        return $"{node}  {string.Join(' ', words)}".TrimEnd();
    }

    /// <summary>S1  leader of T4, committed through #3.</summary>
    public static string Role(World world, NodeId node)
    {
        var state = world.StateOf(node);
        return !world.IsRunning(node)
            ? $"{node}  down"
            : $"{node}  {Say.Name(state.Role)} in {state.CurrentTerm}, {state.Configuration}, committed through {state.CommitIndex}";
    }

    private static Settings Settings(GoldenCommand command)
    {
        var election  = command.Option("election", text => Range(command, text), (Min: 150, Max: 300));
        var limits    = new Limits();
        var snapshots = new SnapshotPolicy();
        return RxRaft.Settings.Default with
        {
            ElectionTimeoutMin = TimeSpan.FromMilliseconds(election.Min),
            ElectionTimeoutMax = TimeSpan.FromMilliseconds(election.Max),
            Limits = limits with
            {
                MaxAppendBytes     = command.Option("append-bytes", command.Whole, limits.MaxAppendBytes),
                MaxInflightAppends = command.Option("appends", command.Whole, limits.MaxInflightAppends),
                MaxBacklogBytes    = command.Option("backlog-bytes", command.Whole, (int)limits.MaxBacklogBytes),
            },
            Snapshots = snapshots with
            {
                Entries  = command.Option("snapshot-entries", command.Whole, snapshots.Entries),
                Trailing = command.Option("trailing", command.Whole, snapshots.Trailing),
            },
        };
    }

    private static (int Min, int Max) Range(GoldenCommand command, string text) => text.Split('-') is [var min, var max]
        ? (command.Whole(min), command.Whole(max))
        : throw command.Wrong($"'{text}' is no range of milliseconds, as 150-300 is");
}
