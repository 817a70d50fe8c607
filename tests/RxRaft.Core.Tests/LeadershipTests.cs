using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§6.2: how long a leader leads, and what it says meanwhile.</summary>
public class LeadershipTests
{
    [Fact]
    public void A_leader_steps_down_if_an_election_timeout_elapses_without_a_round_that_a_majority_answered()
    {
        var leader = Given.Leader(term: 4);

        var after = leader.TickAfter(300);

        Assert.Equal(new Role.Follower(None), after.State.Role);
        Assert.Equal(new(S1, T(4), new StepDownCause.QuorumSilent(Ms(300))), after.Why<Reason.SteppedDown>());
        Assert.Empty(after.Effects);
    }

    [Fact]
    public void It_leads_until_then()
    {
        var leader = Given.Leader(term: 4);

        var after = leader.TickAfter(299.9).State;

        Assert.IsType<Role.Leader>(after.Role);
        Assert.Equal(leader.Now + Ms(300), after.NextDeadline);
    }

    [Fact]
    public void It_leads_as_long_as_a_majority_answers()
    {
        var leader = Given.Leader(term: 4, ClusterOf(5));

        for (var round = 0; round < 100; round++)
            leader = leader.TickAtDeadline().State.Follows(S2).Follows(S5);

        Assert.IsType<Role.Leader>(leader.Role);
        Assert.Equal(T(4), leader.CurrentTerm);
    }

    [Fact]
    public void It_steps_down_when_only_a_minority_answers()
    {
        var leader = Given.Leader(term: 4, ClusterOf(5));
        var elected = leader.Now;

        for (var round = 0; round < 5; round++) leader = leader.TickAtDeadline().State.Follows(S2);
        var after = leader.TickAt(elected + Ms(300)).State;

        Assert.IsType<Role.Follower>(after.Role);
    }

    [Fact]
    public void A_leader_that_is_a_majority_by_itself_stays_however_late_it_wakes()
    {
        var after = Given.Leader(term: 4, ClusterOf(1)).TickAfter(5_000).State;

        Assert.IsType<Role.Leader>(after.Role);
        Assert.True(after.LeaseEnd.Exists(end => end > after.Now));
    }

    [Fact]
    public void Learners_are_no_part_of_the_majority()
    {
        var leader = Given.Leader(term: 4, WithLearners(3, S4, S5));

        var after = leader.Follows(S4).Follows(S5);

        Assert.Equal(leader.StepsDownAt(), after.StepsDownAt());
        Assert.True(after.LeaseEnd.IsNone);
    }

    [Theory]
    [InlineData(new ulong[] { 2, 3 }, false)]
    [InlineData(new ulong[] { 4, 5 }, false)]
    [InlineData(new ulong[] { 3, 4 }, true)]
    public void In_a_joint_configuration_it_needs_answers_from_both_majorities(ulong[] answering, bool confirmed)
    {
        var leader = Given.Leader(term: 4, Joint(old: [S1, S2, S3], @new: [S1, S4, S5]));

        var after = answering.Aggregate(leader, (state, node) => state.Follows(new NodeId(node)));

        Assert.Equal(confirmed, after.LeaseEnd.IsSome);
    }

    [Fact]
    public void Stepping_down_keeps_term_and_vote_and_waits_for_another_leader()
    {
        var after = Given.Leader(term: 4).TickAfter(300);

        Assert.Equal((T(4), Some(S1)), (after.State.CurrentTerm, after.State.VotedFor));
        Assert.Null(after.Persist());
        Assert.InRange(after.State.NextDeadline - after.State.Now, Ms(150), Ms(300));
    }

    [Fact]
    public void A_leader_sends_heartbeats_at_each_interval_to_every_follower()
    {
        var leader = Given.Leader(term: 4, WithLearners(3, S4)).Follows(S2);

        var beat = leader.TickAtDeadline();

        Assert.Equal(leader.Now + Ms(50 - 1), beat.State.Now);
        Assert.Equal([S2, S3, S4], beat.Asked<AppendEntries>());
    }

    [Fact]
    public void It_sends_no_more_than_one_an_interval_however_often_it_is_woken()
    {
        var leader = Given.Leader(term: 4);
        var rounds = 0;

        for (var elapsed = 1; elapsed <= 250; elapsed++)
        {
            var beat = leader.TickAfter(1);
            if (beat.Effects.Count > 0) rounds++;
            leader = beat.State;
        }

        Assert.Equal(5, rounds);
    }

    [Fact]
    public void A_cluster_of_one_is_always_confirmed()
    {
        var leader = Given.Leader(term: 4, ClusterOf(1));
        var first = leader.LeaseEnd;

        for (var beat = 0; beat < 100; beat++) leader = leader.TickAtDeadline().State;

        Assert.True(first.IsSome);
        Assert.IsType<Role.Leader>(leader.Role);
        Assert.Equal(leader.Now + Ms(142.5), leader.LeaseEnd);
    }
}
