using System.Collections.Generic;
using System.Diagnostics.Metrics;
using System.Linq;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace RxRaft.Hosting;

/// <summary>What is measured, under the names that README.md lists.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Proposals_are_counted_by_outcome_and_timed_from_proposal_to_outcome()
    {
        await using var hosts = await Hosts.Start(1, (builder, raft) => builder.Services.AddRaft(raft, Notes.Machine));
        var node   = hosts.Only.GetRequiredService<RaftNode<Arr<string>, string, int>>();
        var counts = Collect<long>(hosts, "rxraft.proposals");
        var times  = Collect<double>(hosts, "rxraft.proposal.duration");

        await node.ProposeAsync("a").WaitAsync(Hosts.Generous);
        await node.TryProposeAsync("b").WaitAsync(Hosts.Generous);
        await Assert.ThrowsAsync<InvalidOperationException>(() => node.ProposeAsync(Notes.Unwritable));
        await Assert.ThrowsAsync<RequestFailedException>(() => node.ProposeAsync(new string('x', 2 << 20)).WaitAsync(Hosts.Generous));
        Assert.IsType<Outcome<int>.Rejected>(await node.TryProposeAsync(new string('x', 2 << 20)).WaitAsync(Hosts.Generous));

        string[] outcomes = ["applied", "applied", "failed", "rejected", "rejected"];
        Assert.Equal(outcomes, counts.GetMeasurementSnapshot().Select(one => one.Tags["rxraft.outcome"]));
        Assert.Equal(outcomes, times.GetMeasurementSnapshot().Select(one => one.Tags["rxraft.outcome"]));
        Assert.All(times.GetMeasurementSnapshot().Take(2), time => Assert.InRange(time.Value, double.Epsilon, 60));
    }

    [Fact]
    public async Task Elections_are_counted_by_their_reason()
    {
        await using var hosts = Hosts.Prepare(3, (builder, raft) => builder.Services.AddRaft(raft));
        var begun = hosts.Ids.Select(id => Collect<long>(hosts, "rxraft.elections", id)).ToList();
        var won   = hosts.Ids.Select(id => Collect<long>(hosts, "rxraft.elections.won", id)).ToList();
        var asked = hosts.Ids.Select(id => Collect<long>(hosts, "rxraft.pre_elections", id)).ToList();
        foreach (var id in hosts.Ids) await hosts[id].StartAsync();

        var leader = await hosts.Leader();
        Assert.Contains(Reasons(begun), reason => reason is "no_leader" or "undecided");
        Assert.DoesNotContain("transfer", Reasons(begun));

        await hosts[leader].StopAsync();
        await hosts.Leader(leader);
        Assert.Single(Reasons(begun), "transfer");
        Assert.Equal(2, won.Sum(node => node.GetMeasurementSnapshot().Count));
        Assert.Contains(Reasons(asked), reason => reason is "no_leader");
        Assert.DoesNotContain("leader_silent", Reasons(asked));
    }

    [Fact]
    public async Task An_election_for_want_of_a_leader_that_was_there_has_that_reason()
    {
        await using var hosts = Hosts.Prepare(3, (builder, raft) => builder.Services.AddRaft(raft), ("HandOverWhenStopped", "false"));
        var asked = hosts.Ids.Select(id => Collect<long>(hosts, "rxraft.pre_elections", id)).ToList();
        foreach (var id in hosts.Ids) await hosts[id].StartAsync();
        var leader = await hosts.Leader();

        await hosts[leader].StopAsync();
        await hosts.Leader(leader);

        Assert.Contains("leader_silent", Reasons(asked));
    }

    [Fact]
    public async Task A_leader_shows_term_role_indexes_and_how_far_each_follower_lags()
    {
        await using var hosts = await Hosts.Start(3, (builder, raft) => builder.Services.AddRaft(raft, Notes.Machine));
        var leader = await hosts.Leader();
        await hosts.Get<RaftNode<Arr<string>, string, int>>(leader).ProposeAsync("a").WaitAsync(Hosts.Generous);
        await hosts.Applied(leader, 3);
        var state = hosts.Get<RaftNode>(leader).State;

        Assert.Equal((long)state.CurrentTerm.Value, Assert.Single(Observe(hosts, "rxraft.term", leader)).Value);
        Assert.InRange(Assert.Single(Observe(hosts, "rxraft.applied.index", leader)).Value, 3, 100);
        Assert.InRange(Assert.Single(Observe(hosts, "rxraft.commit.index", leader)).Value, 3, 100);
        Assert.Equal(3, Assert.Single(Observe(hosts, "rxraft.members", leader)).Value);
        Assert.Equal(
            ["candidate 0", "follower 0", "leader 1", "pre-candidate 0"],
            Observe(hosts, "rxraft.role", leader).Select(role => $"{role.Tags["rxraft.role"]} {role.Value}").Order());
        Assert.Equal(
            hosts.Ids.Where(id => id != leader).Select(id => (object?)(long)id.Value).Order(),
            Observe(hosts, "rxraft.follower.lag", leader).Select(lag => lag.Tags["rxraft.follower"]).Order());
        Assert.Empty(Observe(hosts, "rxraft.follower.lag", hosts.Ids.First(id => id != leader)));
        foreach (var name in new[] { "rxraft.lag", "rxraft.backlog.size", "rxraft.proposals.pending", "rxraft.reads.pending" })
            Assert.InRange(Assert.Single(Observe(hosts, name, leader)).Value, 0, 100_000);

        await hosts[leader].StopAsync();
        Assert.Empty(Observe(hosts, "rxraft.role", leader));        // it is none any more
    }

    [Fact]
    public async Task Bytes_and_messages_are_counted_both_ways()
    {
        await using var hosts = await Hosts.Start(3, (builder, raft) => builder.Services.AddRaft(raft));
        var leader = await hosts.Leader();

        foreach (var name in new[] { "rxraft.wire.size", "rxraft.wire.messages" })
        {
            var ways = Observe(hosts, name, leader);
            Assert.Equal(["in", "out"], ways.Select(way => way.Tags["rxraft.direction"]).Order());
            Assert.All(ways, way => Assert.True(way.Value > 0));
        }

        Assert.True(Assert.Single(Observe(hosts, "rxraft.wire.connections", leader)).Value >= 2);
        foreach (var name in new[] { "rxraft.wire.messages.dropped", "rxraft.wire.messages.skipped", "rxraft.wire.attempts.failed" })
            Assert.Single(Observe(hosts, name, leader));
    }

    [Fact]
    public async Task What_waits_to_go_out_is_shown_for_each_other_node()
    {
        await using var hosts = Hosts.Prepare(3, (builder, raft) => builder.Services.AddRaft(raft));
        var id = hosts.Ids[0];
        await hosts[id].StartAsync();                               // alone: what it asks the others waits for them

        await hosts.Get<RaftNode>(id).Transitions
            .FirstAsync(_ => hosts.Get<TcpWire>(id).Queues.Values.All(queue => queue.Messages > 0)).Timeout(Hosts.Generous)
            .ToTask(Hosts.Elsewhere);

        Assert.Equal(["2 1", "3 1"], Waiting("rxraft.wire.queue.messages"));
        Assert.Equal(["2 0", "3 0"], Waiting("rxraft.wire.queue.size"));
        await hosts[id].StopAsync();
        Assert.Empty(Waiting("rxraft.wire.queue.messages"));

        IEnumerable<string> Waiting(string name) =>
            Observe(hosts, name, id).Select(queue => $"{queue.Tags["rxraft.peer"]} {queue.Value}").Order();
    }

    [Fact]
    public async Task Writes_to_the_disk_are_timed_until_they_are_durable()
    {
        await using var hosts = Hosts.Prepare(1, (builder, raft) => builder.Services.AddRaft(raft));
        var writes = Collect<double>(hosts, "rxraft.disk.write.duration");
        await hosts[hosts.Ids[0]].StartAsync();

        await writes.WaitForMeasurementsAsync(2, Hosts.Generous);           // its vote, and its first entry

        Assert.All(writes.GetMeasurementSnapshot(), time => Assert.InRange(time.Value, 0, 60));
    }

    [Fact]
    public async Task The_README_lists_every_instrument_with_its_unit_and_no_other()
    {
        var published = new SortedSet<string>(StringComparer.Ordinal);
        var tags      = new System.Collections.Generic.HashSet<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Name != "RxRaft") return;
            published.Add($"`{instrument.Name}` | {instrument.Unit}");
            tags.Add(string.Join(", ", (instrument.Meter.Tags ?? []).Select(tag => $"{tag.Key} {tag.Value}")));
        };
        listener.Start();
        await using var hosts = await Hosts.Start(1, (builder, raft) => builder.Services.AddRaft(raft));

        Assert.Equal(published, Readme.Instruments());
        Assert.Equal("rxraft.cluster test, rxraft.node 1", Assert.Single(tags));
    }

    private static IEnumerable<object?> Reasons(IEnumerable<MetricCollector<long>> elections) =>
        elections.SelectMany(node => node.GetMeasurementSnapshot()).Select(one => one.Tags["rxraft.reason"]);

    private static MetricCollector<T> Collect<T>(Hosts hosts, string name, NodeId? of = null) where T : struct =>
        new(hosts.Get<IMeterFactory>(of ?? hosts.Ids[0]), "RxRaft", name);

    private static IReadOnlyList<CollectedMeasurement<long>> Observe(Hosts hosts, string name, NodeId of)
    {
        using var collector = Collect<long>(hosts, name, of);
        collector.RecordObservableInstruments();
        return collector.GetMeasurementSnapshot();
    }
}
