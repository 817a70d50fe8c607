using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace RxRaft.Hosting;

/// <summary>A host that stops lets another node lead first.</summary>
public sealed class HandOverTests
{
    private readonly FakeLogger log = new();

    [Fact]
    public async Task A_leader_whose_host_stops_hands_over_and_nobody_has_to_notice_that_it_is_gone()
    {
        await using var hosts = await Hosts.Start(3, (builder, raft) => builder.Services.AddRaft(raft));
        var leader  = await hosts.Leader();
        var others  = hosts.Ids.Where(id => id != leader).ToList();
        var reasons = new ConcurrentQueue<Reason>();
        using var all = new System.Reactive.Disposables.CompositeDisposable(others.Select(id =>
            hosts.Get<RaftNode>(id).Transitions.Subscribe(step => step.Reasons.Iter(reasons.Enqueue))));
        reasons.Clear();

        await hosts[leader].StopAsync();
        var next = await hosts.Leader(leader);

        Assert.Contains(next, others);
        var accepted = Assert.Single(reasons.OfType<Reason.TransferAccepted>());
        Assert.Equal(leader, accepted.Leader);
        Assert.DoesNotContain(reasons, reason => reason is Reason.LeaderSilent or Reason.PreElectionStarted);
        var said = hosts.Log(leader).Select(line => line.Message).ToList();
        Assert.True(said.IndexOf($"{next} has taken over from {leader}") is >= 0 and var handed
            && said.IndexOf($"{leader} has stopped") > handed);
    }

    [Fact]
    public async Task A_leader_that_was_told_not_to_hand_over_stops_without_it()
    {
        await using var hosts = await Hosts.Start(
            3, (builder, raft) => builder.Services.AddRaft(raft), ("HandOverWhenStopped", "false"));
        var leader = await hosts.Leader();

        await hosts[leader].StopAsync();

        var said = hosts.Log(leader).Select(line => line.Message).ToList();
        Assert.DoesNotContain(said, line => line.Contains("hands leadership", StringComparison.Ordinal));
        Assert.Equal($"{leader} has stopped", said.Last(line => line.StartsWith($"{leader} has", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_voter_with_most_of_the_log_is_asked_first_then_of_equals_the_one_that_answered_last()
    {
        var state = Leads(
            (2, new Progress.Replicate(new Round(9), new LogIndex(5), new LogIndex(6))),
            (3, new Progress.Replicate(new Round(3), new LogIndex(7), new LogIndex(8))),
            (4, new Progress.Replicate(new Round(8), new LogIndex(7), new LogIndex(8))),
            (5, new Progress.Refused(new Round(9))),
            (6, new Progress.Replicate(new Round(9), new LogIndex(7), new LogIndex(8))));   // a learner

        Assert.Equal([4, 3, 2], Asked(state));
    }

    [Fact]
    public async Task If_one_does_not_take_over_the_next_is_asked_and_then_nobody_more()
    {
        var asked = new List<NodeId>();
        await HandOver(Three, (target, _) =>
        {
            asked.Add(target);
            return Task.FromResult<Outcome>(asked.Count == 1 ? new Outcome.Rejected("it lags") : new Outcome.Done());
        }).Run(Hosts.Generous, default);

        Assert.Equal([new(2), new(3)], asked);
        Assert.Equal(
            ["S2 has not taken over from S1: Rejected { Reason = it lags }", "S3 has taken over from S1"],
            log.Collector.GetSnapshot().Where(line => line.Id.Id is 9 or 10).Select(line => line.Message));
    }

    [Fact]
    public async Task Who_does_not_answer_is_waited_for_no_longer_than_it_may_take()
    {
        var asked = new List<NodeId>();
        await HandOver(Three, async (target, cancel) =>
        {
            asked.Add(target);
            await new TaskCompletionSource().Task.WaitAsync(cancel);
            return new Outcome.Done();
        }).Run(TimeSpan.FromMilliseconds(10), default).WaitAsync(Hosts.Generous);

        Assert.Equal(new NodeId(2), Assert.Single(asked));
        Assert.Equal("S2 has not taken over from S1: it took too long", log.LatestRecord.Message);
    }

    private static NodeState Three => Leads(
        (2, new Progress.Replicate(new Round(9), new LogIndex(5), new LogIndex(6))),
        (3, new Progress.Replicate(new Round(9), new LogIndex(4), new LogIndex(5))),
        (4, new Progress.Replicate(new Round(9), new LogIndex(3), new LogIndex(4))));

    private HandOver HandOver(NodeState state, Func<NodeId, CancellationToken, Task<Outcome>> transfer) =>
        new(state.Self, () => state, transfer, log);

    [Fact]
    public void Who_does_not_lead_asks_nobody() =>
        Assert.Empty(Asked(Leads() with { Role = new Role.Follower(None) }));

    [Fact]
    public void Whom_no_quorum_answers_asks_nobody_since_nobody_could_be_elected()
    {
        var state = Leads((2, new Progress.Replicate(new Round(9), new LogIndex(5), new LogIndex(6))));

        Assert.Equal([2], Asked(state with { Now = Instant.Zero + Settings.Default.ElectionTimeoutMin * 0.9 }));
        Assert.Empty(Asked(state with { Now = Instant.Zero + Settings.Default.ElectionTimeoutMin }));
    }

    private static List<ulong> Asked(NodeState state)
    {
        var asked = new List<ulong>();
        while (Hosting.HandOver.Best(state, toSet(asked.Select(id => new NodeId(id)))).Case is NodeId next) asked.Add(next.Value);
        return asked;
    }

    private static NodeState Leads(params (ulong Id, Progress Progress)[] followers)
    {
        var members = new Configuration.Simple(
            toSet(new ulong[] { 1, 2, 3, 4, 5 }.Select(id => new NodeId(id))), Set(new NodeId(6)));
        return Raft.Boot(new NodeId(1), members, Settings.Default, PersistentState.Fresh).State with
        {
            Role = new Role.Leader(
                toMap(followers.Select(follower => (new NodeId(follower.Id), follower.Progress))), [], Instant.Zero,
                Confirmed: true, Instant.Zero, new LogIndex(1), Office.Idle),
        };
    }
}
