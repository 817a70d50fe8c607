using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>Nodes that join, leave and hand over, as an operator has them do it.</summary>
public sealed class MembersTests
{
    private static readonly NodeId S4 = new(4);

    [Fact]
    public void A_node_that_joins_waits_silently_until_it_is_added()
    {
        var trio = Trio.Led();
        var leader = trio.Leader;

        var newcomer = trio.Join(4);
        trio.Pass(5_000);

        Assert.IsType<Role.Follower>(newcomer.State.Role);
        Assert.Equal(Term.Zero, newcomer.State.CurrentTerm);
        Assert.Same(leader, trio.Leader);
        Assert.Equal(new Outcome<int>.NotLeader(None), trio.Result(newcomer.TryProposeAsync("a")));
    }

    [Fact]
    public void A_newcomer_that_is_added_catches_up_and_becomes_a_voter()
    {
        var trio = Trio.Led();
        trio.Result(Task.WhenAll(Enumerable.Range(0, 50).Select(n => trio.Leader.ProposeAsync($"{n}"))));
        var newcomer = trio.Join(4);

        Assert.Equal(new Outcome.Done(), trio.Result(trio.Leader.AddAsync(S4)));

        trio.Until(() => Trio.Taken(newcomer).Length == 50, "it catches up");
        Assert.Equal(Trio.Taken(trio.Leader), Trio.Taken(newcomer));
        Assert.True(newcomer.State.IsVoter);
        Assert.Equal(51, trio.Result(newcomer.ProposeAsync("its own")));
        Assert.Equal(51, trio.Result(newcomer.ReadAsync(state => state.Count)));
    }

    [Fact]
    public void A_newcomer_to_a_compacted_log_catches_up_through_the_snapshot()
    {
        var trio = Trio.Led(settings => settings with { Snapshots = new() { Entries = 10, Trailing = 2 } });
        trio.Result(Task.WhenAll(Enumerable.Range(0, 50).Select(n => trio.Leader.ProposeAsync($"{n}"))));
        trio.Until(() => trio.Leader.State.Log.Base.Index > new LogIndex(20), "compaction");
        var newcomer = trio.Join(4);
        var seen = new List<(LogIndex Index, int Count)>();
        using var watching = newcomer.States.Subscribe(now => seen.Add((now.Index, now.State.Count)));

        Assert.Equal(new Outcome.Done(), trio.Result(trio.Leader.AddAsync(S4)));
        trio.Until(() => Trio.Taken(newcomer).Length == 50, "it catches up");

        Assert.Equal(Trio.Taken(trio.Leader), Trio.Taken(newcomer));
        Assert.Equal((LogIndex.Zero, 0), seen[0]);
        Assert.True(seen[1].Index > new LogIndex(20), "the snapshot stands for the states that it replaces");
        Assert.Equal(51, trio.Result(newcomer.ProposeAsync("its own")));
    }

    [Fact]
    public void What_a_newcomer_installed_is_there_after_a_restart_also_if_it_is_started_as_one_that_joins()
    {
        var trio = Trio.Led(settings => settings with { Snapshots = new() { Entries = 10, Trailing = 2 } });
        trio.Result(Task.WhenAll(Enumerable.Range(0, 50).Select(n => trio.Leader.ProposeAsync($"{n}"))));
        var newcomer = trio.Join(4);
        trio.Result(trio.Leader.AddAsync(S4));
        trio.Until(() => Trio.Taken(newcomer).Length == 50, "it catches up");

        newcomer.StopAtOnce();
        trio.CutOff(newcomer);
        var again = trio.Join(4);
        trio.Pass(1);

        Assert.True(Trio.Taken(again).Length > 0);                                         // from its own disk
        trio.Rejoin(again);
        trio.Until(() => Trio.Taken(again).Length == 50, "it has the rest");
        Assert.True(again.State.IsVoter);
    }

    [Fact]
    public void Membership_shows_each_step_of_an_addition_on_every_node()
    {
        var trio = Trio.Led();
        var newcomer = trio.Join(4);
        var (atLeader, atFollower, atNewcomer) = (Watch(trio.Leader), Watch(trio.Follower), Watch(newcomer));

        trio.Result(trio.Leader.AddAsync(S4));
        trio.Pass(200);

        string[] steps =
        [
            "voters S1 S2 S3", "voters S1 S2 S3, learners S4", "voters S1 S2 S3 and S1 S2 S3 S4", "voters S1 S2 S3 S4",
        ];
        Assert.Equal(steps, atLeader);
        Assert.Equal(steps, atFollower);
        Assert.Equal(steps[1..], atNewcomer.Where(step => step.Contains("S4", StringComparison.Ordinal)));
        Assert.Equal(steps[^1..], Watch(newcomer));                                        // a late subscriber: as it is
    }

    [Fact]
    public void A_voter_that_was_added_counts_and_once_it_is_removed_no_longer()
    {
        var trio = Trio.Led();
        var newcomer = trio.Join(4);
        trio.Result(trio.Leader.AddAsync(S4));
        trio.CutOff(newcomer);
        trio.CutOff(trio.Follower);
        var three = trio.Leader.ProposeAsync("two of four are no quorum");
        trio.Pass(1_000);
        Assert.False(three.IsCompleted);

        trio.Rejoin(newcomer);
        Assert.Equal(1, trio.Result(three));
        foreach (var node in trio.All) trio.Rejoin(node);
        trio.Until(() => trio.All.ForAll(node => node.State.LeaderId == trio.Leader.Self), "one leader");
        if (trio.Leader == newcomer) trio.Result(newcomer.TransferLeadershipAsync(new NodeId(1)));

        trio.Until(() => trio.Leader.State.CommitIndex == trio.Leader.State.Log.LastIndex, "a quiet cluster");
        Assert.Equal(new Outcome.Done(), trio.Result(trio.Leader.RemoveAsync(S4)));
        trio.CutOff(newcomer);
        trio.CutOff(trio.Follower);
        Assert.Equal(2, trio.Result(trio.Leader.ProposeAsync("two of three are a quorum")));
        Assert.Equal("voters S1 S2 S3", Assert.Single(Watch(trio.Leader)));
    }

    [Fact]
    public void A_removed_node_that_goes_on_running_disturbs_nobody()
    {
        var trio = Trio.Led();
        var (removed, leader) = (trio.Follower, trio.Leader);
        Assert.Equal(new Outcome.Done(), trio.Result(leader.RemoveAsync(removed.Self)));
        var term = leader.State.CurrentTerm;

        trio.Pass(5_000);

        Assert.Equal((leader.Self, term), (trio.Leader.Self, leader.State.CurrentTerm));
        Assert.Equal(1, trio.Result(leader.ProposeAsync("a")));
    }

    [Fact]
    public void A_leader_that_is_removed_is_told_when_it_is_and_another_leads()
    {
        var trio = Trio.Led();
        var old = trio.Leader;
        trio.Result(old.ProposeAsync("a"));

        Assert.Equal(new Outcome.Done(), trio.Result(old.RemoveAsync(old.Self)));

        trio.Until(() => trio.All.Exists(node => node != old && node.State.Role is Role.Leader), "another leader");
        Assert.IsNotType<Role.Leader>(old.State.Role);
        var next = trio.All.Find(node => node != old && node.State.Role is Role.Leader).IfNone(old);
        Assert.Equal(2, trio.Result(next.ProposeAsync("b")));
        Assert.False(next.State.Configuration.Members.Contains(old.Self));
    }

    [Fact]
    public void Who_asks_a_node_that_knows_it_was_removed_is_told_so_rather_than_kept_waiting()
    {
        var trio = Trio.Led();
        var old = trio.Leader;
        trio.Result(old.ProposeAsync("a"));
        trio.Result(old.RemoveAsync(old.Self));
        var left = $"Rejected: {old.Self} is no member of the cluster any more ({old.State.Configuration})";

        Assert.Equal(left, trio.Failure<RequestFailedException>(old.ProposeAsync("b")).Message);
        Assert.Equal(left, trio.Failure<RequestFailedException>(old.ReadAsync(state => state.Count)).Message);
        trio.Until(() => trio.All.Exists(node => node.State.Role is Role.Leader), "another leader");
        Assert.Equal(["a"], Trio.Taken(trio.All.Find(node => node.State.Role is Role.Leader).IfNone(old)));
    }

    [Fact]
    public void Leadership_is_handed_over_to_the_node_that_is_named_and_that_node_takes_commands_at_once()
    {
        var trio = Trio.Led();
        var target = trio.Followers[1];
        trio.Result(trio.Leader.ProposeAsync("a"));

        Assert.Equal(new Outcome.Done(), trio.Result(trio.Leader.TransferLeadershipAsync(target.Self)));

        trio.Until(() => target.State.Role is Role.Leader, "it leads", seconds: 0.1);     // no election timeout passes
        Assert.Equal(2, trio.Result(target.ProposeAsync("b")));
    }

    [Fact]
    public void A_change_goes_on_when_nobody_waits_for_it_any_more()
    {
        var trio = Trio.Led();
        var newcomer = trio.Join(4);
        using var impatient = new CancellationTokenSource();

        var asked = trio.Leader.AddAsync(S4, impatient.Token);
        impatient.Cancel();

        Assert.True(asked.IsCanceled);
        trio.Until(() => newcomer.State.IsVoter, "it becomes a voter");
    }

    private static List<string> Watch(RaftNode node)
    {
        var seen = new List<string>();
        node.Membership.Subscribe(members => seen.Add($"{members}"));
        return seen;
    }
}
