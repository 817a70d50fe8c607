using System.Collections.Generic;
using System.Diagnostics.Metrics;

namespace RxRaft.Hosting;

/// <summary>What is measured of a node. README.md has the table.</summary>
/// <remarks>Gauges and totals are looked up when somebody collects them; nothing is done for them before.</remarks>
internal sealed class RaftMetrics
{
    /// <summary>The name of the meter, and of the source of activities.</summary>
    public const string Name = "RxRaft";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries =
            [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    };

    private readonly Counter<long> preElections, elections, won, proposals;
    private readonly Histogram<double> latency;

    /// <summary>The instruments of one node.</summary>
    /// <param name="meters">The container's.</param>
    /// <param name="plan">Which node.</param>
    /// <param name="state">What it is by now; none before its start and after its end.</param>
    /// <param name="wire">What its counters and queues are looked up in.</param>
    public RaftMetrics(IMeterFactory meters, RaftPlan plan, Func<NodeState?> state, TcpWire wire)
    {
        var meter = meters.Create(new MeterOptions(Name)
        {
            Tags = [new("rxraft.cluster", plan.Cluster.Name), new("rxraft.node", (long)plan.Self.Value)],
        });

        preElections = meter.CreateCounter<long>(
            "rxraft.pre_elections", "{election}", "Pre-elections begun, by reason");
        elections    = meter.CreateCounter<long>("rxraft.elections", "{election}", "Elections begun, by reason");
        won          = meter.CreateCounter<long>("rxraft.elections.won", "{election}", "Elections that this node won");
        proposals    = meter.CreateCounter<long>("rxraft.proposals", "{proposal}", "Proposals made here, by outcome");
        latency      = meter.CreateHistogram(
            "rxraft.proposal.duration", "s", "From a proposal to its outcome", tags: null, Seconds);
        DiskWrites   = meter.CreateHistogram(
            "rxraft.disk.write.duration", "s",
            "From handing a write to the disk until it is durable", tags: null, Seconds);

        NodeGauges.Add(meter, state);
        WireTotals.Add(meter, () => wire.Counters, () => state() is null ? [] : wire.Queues);
    }

    /// <summary>How long the disk takes.</summary>
    public Histogram<double> DiskWrites { get; }

    /// <summary>Whether anybody collects what is measured of proposals.</summary>
    public bool MeasuresProposals => latency.Enabled || proposals.Enabled;

    public void PreElection(string reason) =>
        Listeners.Tell(() => preElections.Add(1, Tag("rxraft.reason", reason)));

    public void Election(string reason) => Listeners.Tell(() => elections.Add(1, Tag("rxraft.reason", reason)));

    public void Won() => Listeners.Tell(() => won.Add(1));

    public void Proposed(string outcome, TimeSpan took)
    {
        Listeners.Tell(() => proposals.Add(1, Tag("rxraft.outcome", outcome)));
        Listeners.Tell(() => latency.Record(took.TotalSeconds, Tag("rxraft.outcome", outcome)));
    }

    public static KeyValuePair<string, object?> Tag(string name, object value) => new(name, value);
}
