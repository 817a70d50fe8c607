using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§6.2 and §6.4.1: how long a leader leads, and how long it can be sure of it.</summary>
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
    public void A_round_counts_from_when_it_was_sent_not_from_when_it_was_answered()
    {
        var leader = Given.Leader(term: 4);

        var after = leader.Follows(S2, afterMs: 40);

        Assert.Equal(leader.Now + Ms(300), after.StepsDownAt());
        Assert.Equal(leader.Now + Ms(142.5), after.LeaseEnd);
    }

    [Fact]
    public void An_answer_to_an_earlier_round_prolongs_only_by_that_round()
    {
        var first = Given.Leader(term: 4);
        var second = first.TickAtDeadline().State;

        var late = second.Receive(S2, Speak.Matches(first)).State;

        Assert.Equal(first.Now + Ms(142.5), late.LeaseEnd);
    }

    [Fact]
    public void An_answer_to_a_round_that_a_later_answer_overtook_prolongs_nothing()
    {
        var first = Given.Leader(term: 4);
        var second = first.TickAtDeadline().State.Follows(S2);

        var overtaken = second.Receive(S2, Speak.Matches(first));

        overtaken.IsIgnored(second, IgnoreCause.EarlierRound);
        Assert.Equal(first.Now + Ms(50 + 142.5), second.LeaseEnd);
    }

    [Fact]
    public void The_lease_begins_with_the_last_round_that_a_whole_quorum_answered()
    {
        var first = Given.Leader(term: 4, ClusterOf(5));
        var second = first.TickAtDeadline().State;

        // one answer to this round, one to the last
        var mixed = second.Follows(S2).Receive(S3, Speak.Matches(first)).State;

        Assert.Equal(first.Now + Ms(142.5), mixed.LeaseEnd);
        Assert.Equal(second.Now + Ms(142.5), mixed.Follows(S3).LeaseEnd);
    }

    [Fact]
    public void A_refused_append_is_an_answer_too()
    {
        var leader = Given.Leader(term: 4, log: Logs.Of(1, 2));

        var after = leader.Receive(S2, Speak.Lacks(leader, At(1, 1))).State;

        Assert.Equal(leader.Now + Ms(142.5), after.LeaseEnd);
    }

    // A round of another life: the node crashed after round 100, counts from 1 again, and leads again.
    [Fact]
    public void An_answer_to_an_append_of_an_earlier_term_is_no_answer_whatever_its_round()
    {
        var leader = Given.Leader(term: 4);

        var after = leader.Receive(S2, new AppendEntriesReply(T(4), R(100), new AppendResult.StaleTerm()));

        after.IsIgnored(leader, IgnoreCause.EarlierTerm);
        Assert.True(after.State.LeaseEnd.IsNone);
    }

    [Fact]
    public void Answers_from_outside_the_cluster_do_not_count()
    {
        var leader = Given.Leader(term: 4);

        leader.Receive(S9, Speak.Matches(leader)).IsIgnored(leader, IgnoreCause.NotAMember);
    }

    [Fact]
    public void There_is_no_lease_before_a_quorum_has_answered_in_this_term()
    {
        var leader = Given.Leader(term: 4);

        var gained = leader.Receive(S2, Speak.Matches(leader));
        var next = gained.State.TickAtDeadline().State;
        var prolonged = next.Receive(S2, Speak.Matches(next));

        Assert.True(leader.LeaseEnd.IsNone);
        Assert.Equal(new(S1, T(4)), gained.Why<Reason.LeaseGained>());
        Assert.DoesNotContain(prolonged.Reasons, reason => reason is Reason.LeaseGained);
    }

    [Fact]
    public void Who_does_not_lead_has_no_lease()
    {
        var unseated = Given.Leader().Follows(S2).TickAfter(300).State;

        Assert.All([Given.FollowerOf(S2), Given.PreCandidate(), Given.Candidate(), unseated], state =>
            Assert.True(state.LeaseEnd.IsNone));
    }

    [Fact]
    public void The_lease_is_the_minimum_election_timeout_less_the_clock_drift_so_it_ends_before_any_follower_votes()
    {
        var leader = Given.Leader(term: 4);
        var follower = Given.FollowerOf(S2);
        var fastClock = 1 / (1 - Given.Settings.ClockDriftBound);

        var lease = leader.Follows(S2).LeaseEnd.Map(end => end - leader.Now).IfNone(TimeSpan.Zero);
        var justThen = follower.Receive(S3, Speak.AskPreVote(3), afterMs: lease.TotalMilliseconds * fastClock - 0.01);

        Assert.Equal(Ms(142.5), lease);
        Assert.IsType<VoteRefusal.LeaderAlive>(justThen.Why<Reason.PreVoteRefused>().Cause);
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
