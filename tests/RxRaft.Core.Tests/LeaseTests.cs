using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§6.4.1: how long a leader can be sure that it leads, and which answers make it so.</summary>
public class LeaseTests
{
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

    /// <summary>There would be as many rounds to remember as commands.</summary>
    [Theory]
    [InlineData(0.9, 0)]
    [InlineData(1, 1)]
    public void A_round_within_a_fiftieth_of_a_heartbeat_interval_counts_as_begun_with_the_one_before(double afterMs, double begunMs)
    {
        var beat = Given.InOffice().TickAtDeadline().State;

        var asked = beat.Happens(new Input.Propose(Seq1(Samples.Proposal(1))), afterMs).State;

        Assert.True(asked.Round > beat.Round);
        Assert.Equal(beat.Now + Ms(begunMs + 142.5), asked.Follows(S2).LeaseEnd);
    }

    [Fact]
    public void A_refused_append_is_an_answer_too()
    {
        var leader = Given.Leader(term: 4, log: Logs.Of(1, 2));

        var after = leader.Receive(S2, Speak.Lacks(leader, At(1, 1))).State;

        Assert.Equal(leader.Now + Ms(142.5), after.LeaseEnd);
    }

    // A round of another life: the node crashed after round 100, counts from 1 again, and leads again.
    [Theory]
    [InlineData(0)]
    [InlineData(99)]
    public void An_answer_to_an_append_of_an_earlier_term_is_no_answer_whatever_its_round(ulong ahead)
    {
        var leader = Given.Leader(term: 4);

        var after = leader.Receive(S2, new AppendEntriesReply(T(4), R(leader.Round.Value + ahead), new AppendResult.StaleTerm()));

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
}
