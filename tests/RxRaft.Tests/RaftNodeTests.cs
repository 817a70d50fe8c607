using System.Collections.Generic;
using System.Linq;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Threading.Tasks;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>What users hold of a node.</summary>
public sealed class RaftNodeTests
{
    private static readonly Configuration Three = Configuration.Of(1, 2, 3);

    [Fact]
    public async Task Three_nodes_in_one_process_elect_one_of_them_in_real_time()
    {
        var network = new InMemoryNetwork(Configuration.Of(1, 2, 3));
        var nodes = toSeq(Three.Members).Map(id => RaftNode.Start(id, Three, network.Wire(id), new InMemoryDisk())).Strict();

        var known = await Observable.CombineLatest(nodes.Map(node => node.Leadership))
            .FirstAsync(views => views.All(view => view.Leader.IsSome) && views.Distinct().Count() == 1)
            .Timeout(TimeSpan.FromSeconds(60));
        foreach (var node in nodes) await node.DisposeAsync();

        Assert.True(known[0].Term >= new Term(1));
        Assert.All(nodes, node => Assert.Equal(TaskStatus.RanToCompletion, node.Completion.Status));
    }

    [Fact]
    public void A_late_subscriber_to_Leadership_gets_the_latest()
    {
        var node = new Harness(Three);
        var early = new List<Leadership>();
        using var first = node.Node.Leadership.Subscribe(early.Add);
        node.HearLeader(2);
        node.Pass(1);

        var late = new List<Leadership>();
        using var second = node.Node.Leadership.Subscribe(late.Add);

        Assert.Equal([new Leadership(None, new Term(0)), new Leadership(new NodeId(2), new Term(1))], early);
        Assert.Equal([new Leadership(new NodeId(2), new Term(1))], late);
    }

    [Fact]
    public void Leadership_and_role_are_told_when_they_change_and_only_then()
    {
        var node = new Harness(Three);
        var leaderships = new List<Leadership>();
        var roles = new List<Role>();
        using var one = node.Node.Leadership.Subscribe(leaderships.Add);
        using var two = node.Node.Role.Subscribe(roles.Add);

        for (var round = 1UL; round <= 5; round++)
        {
            node.Hear(2, Harness.Heartbeat(term: 1, round));
            node.Pass(50);
        }

        Assert.Equal(2, leaderships.Count);
        Assert.Equal([new Role.Follower(None)], roles);                             // whom it follows is no other role
        Assert.Equal(new NodeId(2), node.Node.State.LeaderId);

        node.Pass(300);
        Assert.Equal([typeof(Role.Follower), typeof(Role.PreCandidate)], roles.Select(role => role.GetType()));
    }

    [Fact]
    public void Messages_from_unknown_nodes_are_counted_and_dropped()
    {
        var node = new Harness(Three);

        node.HearLeader(9);
        node.HearLeader(1);                                                         // itself: nobody else may use its id
        node.Pass(1);

        Assert.Equal(2, node.Node.UnknownSenders);
        Assert.Empty(node.Done);
        Assert.Equal(new Leadership(None, new Term(0)), Latest(node.Node.Leadership));
    }

    [Fact]
    public void A_broken_invariant_halts_the_node_and_says_which_and_on_which_input()
    {
        var node = new Harness(Three);
        var error = default(Exception);
        var ended = false;
        using var watching = node.Node.Transitions.Subscribe(_ => { }, failure => error = failure);
        using var leadership = node.Node.Leadership.Subscribe(_ => { }, () => ended = true);

        node.HearLeader(2);
        node.HearLeader(3);                                                         // two leaders in one term
        node.Pass(1);

        var broken = Assert.IsType<InvariantViolationException>(error);
        Assert.Contains("Election Safety", broken.Message, StringComparison.Ordinal);
        Assert.Contains("From = S3", broken.Message, StringComparison.Ordinal);
        Assert.Same(broken, node.Node.Completion.Exception?.InnerException);
        Assert.True(ended);                                                         // who only watches leaders is not hurt

        node.Done.Clear();
        node.Pass(5_000);
        Assert.Empty(node.Done);                                                    // it does not go on
    }

    [Fact]
    public void A_disk_that_fails_halts_the_node_and_nothing_that_depends_on_the_write_is_sent()
    {
        var time = new TestScheduler();
        var network = new InMemoryNetwork(Configuration.Of(1, 2, 3));
        var sent = new List<Message>();
        using var watching = network.Wire(new NodeId(2)).Received.SelectMany(together => together)
            .Subscribe(message => sent.Add(message.Message));
        var node = RaftNode.Start(new NodeId(1), Three, network.Wire(new NodeId(1)), new BrokenDisk(), Harness.Seeded, time);
        time.AdvanceBy(TimeSpan.FromMilliseconds(200).Ticks);

        network.Wire(new NodeId(2)).Send(new NodeId(1), new Message.RequestVote(new Term(1), LogPosition.Zero));
        time.AdvanceBy(TimeSpan.FromSeconds(5).Ticks);

        Assert.Equal("the disk is full", node.Completion.Exception?.InnerException?.Message);
        Assert.All(sent, message => Assert.IsType<Message.PreVote>(message));       // which promise nothing
    }

    [Fact]
    public void A_write_is_durable_when_the_disk_says_so_even_if_it_says_nothing_more()
    {
        var time = new TestScheduler();
        var network = new InMemoryNetwork(Configuration.Of(1));
        var node = RaftNode.Start(
            new NodeId(1), Configuration.Of(1), network.Wire(new NodeId(1)), new OpenEndedDisk(), Harness.Seeded, time);

        time.AdvanceBy(TimeSpan.FromSeconds(1).Ticks);

        Assert.IsType<Role.Leader>(node.State.Role);
    }

    [Fact]
    public void An_observer_that_throws_halts_the_node_and_not_the_process()
    {
        var node = new Harness(Three);
        using var watching = node.Node.Leadership.Skip(1).Subscribe(_ => throw new InvalidOperationException("mine"));

        node.HearLeader(2);
        node.Pass(1);

        Assert.Equal("mine", node.Node.Completion.Exception?.InnerException?.Message);
    }

    [Fact]
    public async Task Disposing_completes_every_observable_and_ends_the_node()
    {
        var node = new Harness(Three);
        var ended = new List<string>();
        using var a = node.Node.Transitions.Subscribe(_ => { }, () => ended.Add("transitions"));
        using var b = node.Node.Leadership.Subscribe(_ => { }, () => ended.Add("leadership"));
        using var c = node.Node.Role.Subscribe(_ => { }, () => ended.Add("role"));

        await node.Node.DisposeAsync();
        await node.Node.DisposeAsync();                                             // twice does no harm
        node.Pass(5_000);

        Assert.Equal(["transitions", "leadership", "role"], ended);
        Assert.True(node.Node.Completion.IsCompletedSuccessfully);
        Assert.Empty(node.Done);
    }

    [Fact]
    public void A_restarted_node_remembers_its_term_and_its_vote()
    {
        var disk = new InMemoryDisk();
        var network = new InMemoryNetwork(Configuration.Of(1, 2, 3));
        var time = new TestScheduler();
        var first = RaftNode.Start(new NodeId(1), Three, network.Wire(new NodeId(1)), disk, Harness.Seeded, time);
        time.AdvanceBy(TimeSpan.FromMilliseconds(160).Ticks);
        network.Wire(new NodeId(2)).Send(new NodeId(1), new Message.RequestVote(new Term(8), LogPosition.Zero));
        time.AdvanceBy(10);
        first.StopAtOnce();

        var second = RaftNode.Start(new NodeId(1), Three, network.Wire(new NodeId(1)), disk, Harness.Seeded, time);

        var state = Latest(second.Transitions).State;
        Assert.Equal((new Term(8), Some(new NodeId(2))), (state.CurrentTerm, state.VotedFor));
    }

    private static T Latest<T>(IObservable<T> values) where T : struct
    {
        var latest = default(T);
        using var _ = values.Subscribe(value => latest = value);
        return latest;
    }

    private sealed class OpenEndedDisk : TestDisk
    {
        public override IObservable<Unit> Write(Effect.Persist change) =>
            Observable.Return(Unit.Default).Concat(Observable.Never<Unit>());
    }

    private sealed class BrokenDisk : TestDisk
    {
        public override IObservable<Unit> Write(Effect.Persist change) =>
            Observable.Throw<Unit>(new InvalidOperationException("the disk is full"), Scheduler.Immediate);
    }
}
