using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>What an operator asks for and cannot have: each is refused with what is wrong.</summary>
public sealed class RefusedChangesTests
{
    private static readonly NodeId S4 = new(4);

    [Fact]
    public void To_a_target_that_does_not_take_over_nothing_is_handed_and_the_leader_goes_on()
    {
        var trio = Trio.Led();
        var (leader, target) = (trio.Leader, trio.Follower);
        trio.CutOff(target);

        Assert.Equal(new Outcome.Unknown(), trio.Result(leader.TransferLeadershipAsync(target.Self)));     // it was told
        Assert.Equal(1, trio.Result(leader.ProposeAsync("a")));

        var outcome = Assert.IsType<Outcome.Rejected>(trio.Result(leader.TransferLeadershipAsync(target.Self)));
        Assert.StartsWith($"{target.Self} has not caught up", outcome.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_is_rejected_with_what_is_wrong_and_changes_nothing()
    {
        var trio = Trio.Led();
        trio.Network.Wire(S4);
        var none = Set<NodeId>();
        var all = trio.Leader.State.Configuration.Members;

        Assert.Equal("S9 is no voter (voters S1 S2 S3)", Reason(trio, trio.Leader.TransferLeadershipAsync(new NodeId(9))));
        Assert.Equal("the wire does not know S9", Reason(trio, trio.Leader.AddAsync(new NodeId(9))));
        Assert.Equal("the wire does not know S8, S9", Reason(trio, trio.Leader.ReconfigureAsync(
            new MembershipChange.To(all.Add(new NodeId(8)), Set(new NodeId(9))))));
        Assert.Equal("S0 cannot be a member: the ids of nodes begin at 1", Reason(trio, trio.Leader.AddAsync(new NodeId(0))));
        Assert.Equal("a cluster needs at least one voter",
            Reason(trio, trio.Leader.ReconfigureAsync(new MembershipChange.To(none, none))));
        Assert.Equal("S3 cannot be both voter and learner",
            Reason(trio, trio.Leader.ReconfigureAsync(new MembershipChange.To(all, Set(new NodeId(3))))));
        Assert.Equal("voters S1 S2 S3", $"{trio.Leader.State.Configuration}");
    }

    [Fact]
    public void The_last_voter_cannot_be_removed()
    {
        var trio = Trio.Led();
        var leader = trio.Leader;
        var alone = new MembershipChange.To(Set(leader.Self), Set<NodeId>());
        Assert.Equal(new Outcome.Done(), trio.Result(leader.ReconfigureAsync(alone)));

        Assert.Equal("a cluster needs at least one voter", Reason(trio, leader.RemoveAsync(leader.Self)));
        Assert.Equal(1, trio.Result(leader.ProposeAsync("a")));
    }

    [Fact]
    public void A_newcomer_that_does_not_run_is_left_as_a_learner_and_its_addition_rejected_by_name()
    {
        var trio = Trio.Led();
        trio.Network.Wire(S4);

        Assert.Equal("S4 did not catch up in time: left as a learner", Reason(trio, trio.Leader.AddAsync(S4)));
        Assert.Equal("voters S1 S2 S3, learners S4", $"{trio.Leader.State.Configuration}");

        trio.Join(4);                                                                      // later, and asked again
        Assert.Equal(new Outcome.Done(), trio.Result(trio.Leader.AddAsync(S4)));
    }

    [Fact]
    public void While_one_change_is_under_way_another_is_rejected()
    {
        var trio = Trio.Led();
        trio.Join(4);

        var (first, second) = (trio.Leader.AddAsync(S4), trio.Leader.RemoveAsync(trio.Follower.Self));

        Assert.StartsWith("another change is under way", Reason(trio, second), StringComparison.Ordinal);
        Assert.Equal(new Outcome.Done(), trio.Result(first));
    }

    [Fact]
    public void Only_the_leader_changes_members_and_hands_over_and_a_follower_says_who_that_is()
    {
        var trio = Trio.Led();
        trio.Network.Wire(S4);
        var leads = new Outcome.NotLeader(trio.Leader.Self);

        Assert.Equal(leads, trio.Result(trio.Follower.AddAsync(S4)));
        Assert.Equal(leads, trio.Result(trio.Follower.RemoveAsync(trio.Leader.Self)));
        Assert.Equal(leads, trio.Result(trio.Follower.TransferLeadershipAsync(trio.Follower.Self)));
    }

    private static string Reason(Trio trio, Task<Outcome> asked) => Assert.IsType<Outcome.Rejected>(trio.Result(asked)).Reason;
}
