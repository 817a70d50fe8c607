using System.Diagnostics.Metrics;
using System.Linq;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace RxRaft.Hosting;

/// <summary>What gauges and totals show of a state, and of what a wire has done.</summary>
public sealed class GaugeTests : IDisposable
{
    private readonly Meter meter = new("gauges");

    public void Dispose() => meter.Dispose();

    [Fact]
    public void What_is_in_the_log_and_not_applied_is_the_lag_with_its_bytes_and_what_is_asked_and_not_answered_is_pending()
    {
        NodeGauges.Add(meter, () => State);

        Assert.Equal("3", Observed("rxraft.lag"));
        Assert.Equal($"{State.Log.Size}", Observed("rxraft.backlog.size"));
        Assert.Equal("6", Observed("rxraft.proposals.pending"));            // 3 in the log, 1 forwarded, 2 held for the next leader
        Assert.Equal("15", Observed("rxraft.reads.pending"));               // of 1 + 2 + 3 here, and 4 + 5 at the leader
        Assert.Equal("4", Observed("rxraft.members"));
    }

    [Fact]
    public void A_leader_shows_how_many_entries_each_follower_lacks_and_each_role_is_there_and_one_of_them_is_1()
    {
        NodeGauges.Add(meter, () => State);

        Assert.Equal("rxraft.follower=2 1, rxraft.follower=3 3", Observed("rxraft.follower.lag"));
        Assert.Equal(
            "rxraft.role=candidate 0, rxraft.role=follower 0, rxraft.role=leader 1, rxraft.role=pre-candidate 0",
            Observed("rxraft.role"));
    }

    [Fact]
    public void A_node_that_does_not_run_shows_nothing()
    {
        NodeGauges.Add(meter, () => null);

        foreach (var name in new[] { "rxraft.term", "rxraft.role", "rxraft.lag", "rxraft.follower.lag" }) Assert.Equal("", Observed(name));
    }

    [Fact]
    public void Each_total_of_the_wire_is_its_own_and_each_queue_its_peers()
    {
        var counters = new WireCounters(1, 2, 3, 4, 5, 6, 7, 8, Map((WireRefusal.UnknownNode, 9L), (WireRefusal.TooMany, 10L)));
        WireTotals.Add(meter, () => counters, () => Map((new NodeId(2), new WireQueue(11, 12)), (new NodeId(3), new WireQueue(13, 14))));

        Assert.Equal("rxraft.direction=in 3, rxraft.direction=out 1", Observed("rxraft.wire.messages"));
        Assert.Equal("rxraft.direction=in 4, rxraft.direction=out 2", Observed("rxraft.wire.size"));
        Assert.Equal("5", Observed("rxraft.wire.messages.dropped"));
        Assert.Equal("6", Observed("rxraft.wire.messages.skipped"));
        Assert.Equal("7", Observed("rxraft.wire.connections"));
        Assert.Equal("8", Observed("rxraft.wire.attempts.failed"));
        Assert.Equal("rxraft.reason=too_many 10, rxraft.reason=unknown_node 9", Observed("rxraft.wire.refused"));
        Assert.Equal("rxraft.peer=2 11, rxraft.peer=3 13", Observed("rxraft.wire.queue.messages"));
        Assert.Equal("rxraft.peer=2 12, rxraft.peer=3 14", Observed("rxraft.wire.queue.size"));
    }

    /// <summary>A leader of S1 to S3 and the learner S4, whose log has 3 entries.</summary>
    private static NodeState State
    {
        get
        {
            var members = new Configuration.Simple(Set(new NodeId(1), new NodeId(2), new NodeId(3)), Set(new NodeId(4)));
            var booted  = Raft.Boot(new NodeId(1), members, Settings.Default, PersistentState.Fresh).State;
            return booted with
            {
                Log = Enumerable.Range(1, 3).Aggregate(booted.Log, (log, index) => log.Append(Seq1(
                    new Entry(new(new Term(1), new LogIndex((ulong)index)), new Payload.Noop())))),
                Role = new Role.Leader(
                    Map((new NodeId(2), Matches(2)), (new NodeId(3), Matches(0))), [], Instant.Zero, Confirmed: true,
                    Instant.Zero, new LogIndex(1), new Office(
                        Seq1(new PendingReads(new Round(1), LogIndex.Zero, Times<Reader>(new Reader.Local(Request), 4))),
                        Times<Reader>(new Reader.Local(Request), 5), None,
                        new Transfer(
                            Request, new NodeId(2), Instant.Zero, Told: false,
                            Times((Option<NodeId>.None, new Proposal(new Payload.Noop())), 2), 0), Round.Zero)),
                Relayed = new Relayed(
                    Map((Request, Instant.Zero)), None, Seq1(Request), Times(Request, 2), Seq1((LogIndex.Zero, Times(Request, 3)))),
            };
        }
    }

    private static RequestId Request => new(new SessionId(1), 1);

    private static Progress Matches(ulong index) => new Progress.Replicate(new Round(1), new LogIndex(index), new LogIndex(index + 1));

    private static Seq<T> Times<T>(T one, int count) => toSeq(Enumerable.Repeat(one, count)).Strict();

    private static string Observed(string name)
    {
        using var collector = new MetricCollector<long>(null, "gauges", name);
        collector.RecordObservableInstruments();
        return string.Join(", ", collector.GetMeasurementSnapshot()
            .Select(one => string.Concat(one.Tags.Select(tag => $"{tag.Key}={tag.Value} ")) + one.Value).Order());
    }
}
