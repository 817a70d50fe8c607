using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>
/// §3.10, §6.4.1: who was told to stand might be elected while the leader lives, so the leader has no lease until it has
/// withdrawn what it said, and a quorum knows.
/// </summary>
public class WithdrawingTests
{
    [Fact]
    public void A_leader_that_has_told_a_node_to_stand_has_no_lease()
    {
        var leader = Asking.Settled().TransferTo(S2).State;

        Assert.True(leader.LeaseEnd.IsNone);
        Assert.True(leader.TickAtDeadline().State.Follows(S3).LeaseEnd.IsNone);
    }

    [Fact]
    public void It_has_one_again_once_it_has_given_up_and_a_quorum_has_answered_a_later_round_the_target_or_not()
    {
        var leader = GivenUp(Asking.Settled().Follows(S3).TransferTo(S2).State);
        var before = leader.Receive(S3, Speak.Matches(leader)).State;

        var after = leader.TickAtDeadline().State;

        Assert.True(before.LeaseEnd.IsNone);
        Assert.True(after.Round > leader.Office().Office.Told);
        Assert.True(after.LeaseEnd.IsNone);
        Assert.True(after.Follows(S3).LeaseEnd.IsSome);
    }

    [Fact]
    public void After_a_second_hand_over_that_round_has_to_be_later_than_both()
    {
        var first  = GivenUp(Asking.Settled().Follows(S3).TransferTo(S2).State).TickAtDeadline().State.Follows(S3);
        var second = first.TransferTo(S3, request: 81).State;

        Assert.True(second.Office().Office.Told > first.Round);
        Assert.True(second.LeaseEnd.IsNone);
        Assert.True(GivenUp(second).TickAtDeadline().State.Follows(S3).LeaseEnd.IsSome);
    }

    [Fact]
    public void Heartbeats_while_it_is_under_way_withdraw_nothing()
    {
        var leader = Asking.Settled().Follows(S3).TransferTo(S2);
        var told   = leader.To<TimeoutNow>(S2).Round;
        var beat   = leader.State.TickAtDeadline();
        var voter  = Given.FollowerOf(S2).Receive(S2, Speak.Heartbeat(3, round: beat.State.Round.Value)).State;

        Assert.True(beat.State.Round < told);
        Assert.True(beat.State.Receive(S2, Stands(5, told)).Reply<RequestVoteReply>().VoteGranted);
        Assert.True(voter.Receive(S3, Stands(4, told)).Reply<RequestVoteReply>().VoteGranted);
    }

    [Fact]
    public void Who_has_heard_a_later_round_lets_nobody_pass_also_if_it_has_lost_the_leader_or_left_its_term_since()
    {
        var voter = Given.FollowerOf(S2).Receive(S2, Speak.Heartbeat(3, round: 8)).State;
        var older = voter.Receive(S2, Speak.Heartbeat(3, round: 5)).State;                  // it came too late
        var newer = voter.Receive(S2, new RequestVoteReply(T(4), VoteGranted: false)).State;

        Assert.Empty(voter.Receive(S3, Stands(4, R(7))).Effects);
        Assert.Empty(older.Receive(S3, Stands(4, R(7))).Effects);
        Assert.False(newer.Receive(S3, Stands(4, R(7))).Reply<RequestVoteReply>().VoteGranted);
        Assert.True(newer.Receive(S3, Stands(4, R(8))).Reply<RequestVoteReply>().VoteGranted);
    }

    [Fact]
    public void Nor_does_the_leader_itself_once_it_has_gone_on()
    {
        var leader = Asking.Settled().Follows(S3).TransferTo(S2);
        var told   = leader.To<TimeoutNow>(S2).Round;
        var later  = GivenUp(leader.State).TickAtDeadline().State;

        Assert.Empty(later.Receive(S2, Stands(5, told)).Effects);
    }

    [Fact]
    public void A_message_that_a_later_round_has_overtaken_moves_nobody()
    {
        var follower = Given.FollowerOf(S2).Receive(S2, Speak.Heartbeat(3, round: 7)).State;

        follower.Receive(S2, new TimeoutNow(T(3), R(6))).IsIgnored(follower, IgnoreCause.EarlierRound);
        Assert.IsType<Role.Candidate>(follower.Receive(S2, new TimeoutNow(T(3), R(7))).State.Role);
    }

    [Fact]
    public void Not_even_a_voter_that_has_lost_its_leader_and_hears_an_old_word_of_it()
    {
        var voter = Given.FollowerOf(S2).Receive(S2, Speak.Heartbeat(3, round: 7)).State.TickAtDeadline().State;
        Assert.IsType<Role.PreCandidate>(voter.Role);

        var again = voter.Receive(S2, Speak.Heartbeat(3, round: 5)).State;

        again.Receive(S2, new TimeoutNow(T(3), R(6))).IsIgnored(again, IgnoreCause.EarlierRound);
    }

    /// <summary>It may have answered a later round in its life before, and the leader count on that.</summary>
    [Fact]
    public void Who_has_just_started_neither_stands_nor_lets_anybody_pass_for_the_minimum_election_timeout()
    {
        var voter = Given.FollowerOf(S2).Receive(S2, Speak.Heartbeat(3, round: 7)).State;
        var again = voter.Restart(new(T(3), None, voter.Log)).Receive(S2, Speak.Heartbeat(3, round: 5)).State;
        var older = again.Receive(S2, Speak.Heartbeat(3, round: 5), afterMs: 150).State;

        again.Receive(S2, new TimeoutNow(T(3), R(6))).IsIgnored(again, IgnoreCause.EarlierRound);
        Assert.Empty(again.Receive(S3, Stands(4, R(6))).Effects);
        Assert.IsType<Role.Candidate>(older.Receive(S2, new TimeoutNow(T(3), R(6))).State.Role);
        Assert.True(older.Receive(S3, Stands(4, R(6))).Reply<RequestVoteReply>().VoteGranted);
    }

    [Fact]
    public void Each_leader_counts_its_rounds_for_itself()
    {
        var voter = Given.FollowerOf(S2).Receive(S2, Speak.Heartbeat(3, round: 7)).State;

        var asking = voter.TickAtDeadline().State;
        var stands = asking.Receive(S3, Speak.PreVoteYes(asking)).State;

        Assert.All([voter, stands], node =>
        {
            var other = node.Receive(S3, Speak.Heartbeat(4, round: 2)).State;
            Assert.IsType<Role.Candidate>(other.Receive(S3, new TimeoutNow(T(4), R(3))).State.Role);
            Assert.True(other.Receive(S2, Stands(5, R(3))).Reply<RequestVoteReply>().VoteGranted);
        });
    }

    [Fact]
    public void The_rounds_of_a_leader_that_it_never_heard_hold_nobody_up()
    {
        var voter = Given.FollowerOf(S2).Receive(S2, Speak.Heartbeat(3, round: 7)).State;

        Assert.True(voter.Receive(S3, Stands(9, R(2))).Reply<RequestVoteReply>().VoteGranted);
    }

    [Fact]
    public void The_minimum_election_timeout_after_a_start_ends_with_its_last_moment()
    {
        var voter = Given.Started().Receive(S2, Speak.Heartbeat(3, round: 5)).State;

        Assert.Empty(voter.Receive(S3, Stands(4, R(6)), afterMs: 148.999).Effects);
        Assert.True(voter.Receive(S3, Stands(4, R(6)), afterMs: 149).Reply<RequestVoteReply>().VoteGranted);
    }

    [Fact]
    public void A_leader_that_began_more_rounds_meanwhile_than_it_told_ahead_of_goes_on_from_there()
    {
        var leader = Asking.Settled().Follows(S3).TransferTo(S2).State;
        var given  = leader.Office().Office.Transfer.Map(transfer => transfer.Deadline).IfNone(Instant.Zero);
        while (leader.Now + Ms(90) < given) leader = leader.Follows(S3).TickAtDeadline().State;
        leader = leader.TickAt(given + -Ms(40)).State;
        for (var read = 1ul; read <= 1_100; read++)                                 // each begins a round
            leader = leader.Happens(new Input.Read(Seq1(Samples.Request(read))), afterMs: 0.01).State.Follows(S3, afterMs: 0.01);

        var later = leader.TickAt(given).State;

        Assert.True(leader.Round > leader.Office().Office.Told);
        Assert.True(later.Office().Office.Transfer.IsNone);
        Assert.True(later.Round >= leader.Round);
    }

    /// <summary>Whoever was told in a round asks with the best log there is.</summary>
    private static RequestVote Stands(ulong term, Round told) => Speak.AskVote(term, At(9, 9)) with { Transfer = told };

    /// <summary>The target says nothing, S3 follows.</summary>
    private static NodeState GivenUp(NodeState leader)
    {
        while (leader.Office().Office.Transfer.IsSome) leader = leader.Follows(S3).TickAtDeadline().State;
        return leader;
    }
}
