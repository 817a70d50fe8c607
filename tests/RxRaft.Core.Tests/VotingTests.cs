using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§3.4 and §3.6.1: leader election, from the voter's side.</summary>
public class VotingTests
{
    [Fact]
    public void A_server_grants_at_most_one_vote_a_term_first_come_first_served()
    {
        var follower = Given.Follower(term: 3);

        var first = follower.Receive(S2, Speak.AskVote(3));
        var second = first.State.Receive(S3, Speak.AskVote(3));

        Assert.Equal(new RequestVoteReply(T(3), VoteGranted: true), first.Reply());
        Assert.Equal(new RequestVoteReply(T(3), VoteGranted: false), second.Reply());
        Assert.Equal(new VoteRefusal.AlreadyVoted(S2), second.Why<Reason.VoteRefused>().Cause);
        Assert.Equal(Some(S2), second.State.VotedFor);
    }

    [Fact]
    public void In_a_newer_term_it_has_a_vote_again()
    {
        var follower = Given.Follower(term: 3, votedFor: S2);

        var after = follower.Receive(S3, Speak.AskVote(4));

        Assert.Equal(new RequestVoteReply(T(4), VoteGranted: true), after.Reply());
        Assert.Equal(Some(S3), after.State.VotedFor);
    }

    [Fact]
    public void A_candidate_gets_the_same_answer_each_time_it_asks_in_a_term()
    {
        var granted = Given.Follower(term: 3).Receive(S2, Speak.AskVote(3)).State;
        var refused = granted.Receive(S3, Speak.AskVote(3)).State;

        Assert.Equal(new RequestVoteReply(T(3), VoteGranted: true), refused.Receive(S2, Speak.AskVote(3)).Reply());
        Assert.Equal(new RequestVoteReply(T(3), VoteGranted: false), refused.Receive(S3, Speak.AskVote(3)).Reply());
    }

    [Fact]
    public void A_repeated_request_does_not_reset_the_election_timer_again()
    {
        var granted = Given.Follower(term: 3).Receive(S2, Speak.AskVote(3)).State;

        var again = granted.Receive(S2, Speak.AskVote(3), afterMs: 100);

        Assert.Equal(granted.ElectionDeadline, again.State.ElectionDeadline);
        Assert.Null(again.Persist());
    }

    [Fact]
    public void Granting_a_vote_resets_the_election_timer()
    {
        var follower = Given.Follower(term: 3);

        var after = follower.Receive(S2, Speak.AskVote(3)).State;

        Assert.NotEqual(follower.ElectionDeadline, after.ElectionDeadline);
        Assert.InRange(after.NextDeadline - after.Now, Ms(150), Ms(300));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    public void Refusing_a_vote_does_not_reset_the_election_timer(ulong term)
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 2));

        var after = follower.Receive(S2, Speak.AskVote(term, lastLog: At(2, 1)));

        Assert.Equal(new RequestVoteReply(T(term), VoteGranted: false), after.Reply());
        Assert.Equal(follower.ElectionDeadline, after.State.ElectionDeadline);
    }

    // §3.6.1 compares the last entries: first by term, then by index. One row: our log, the candidate's last entry.
    [Theory]
    [InlineData(new ulong[] { 1, 1, 1 }, 2ul, 1ul, true)]      // a later term, though a shorter log
    [InlineData(new ulong[] { 1, 1, 1 }, 2ul, 9ul, true)]
    [InlineData(new ulong[] { 1, 1, 1 }, 1ul, 4ul, true)]      // the same term, longer
    [InlineData(new ulong[] { 1, 1, 1 }, 1ul, 3ul, true)]      // as good as ours
    [InlineData(new ulong[] { 1, 1, 1 }, 1ul, 2ul, false)]     // the same term, shorter
    [InlineData(new ulong[] { 1, 2 }, 1ul, 9ul, false)]        // an earlier term, though a longer log
    [InlineData(new ulong[] { 1, 2 }, 1ul, 2ul, false)]
    [InlineData(new ulong[] { 1 }, 0ul, 0ul, false)]           // an empty log
    [InlineData(new ulong[] { }, 0ul, 0ul, true)]
    [InlineData(new ulong[] { }, 1ul, 1ul, true)]
    public void The_voter_denies_its_vote_if_its_own_log_is_more_up_to_date(
        ulong[] ours, ulong lastTerm, ulong lastIndex, bool granted)
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(ours));

        var after = follower.Receive(S2, Speak.AskVote(4, At(lastTerm, lastIndex)));

        Assert.Equal(new RequestVoteReply(T(4), granted), after.Reply());
        Assert.Equal(granted ? Some(S2) : None, after.State.VotedFor);
    }

    [Fact]
    public void A_refusal_says_how_the_logs_compare()
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 2));

        var after = follower.Receive(S2, Speak.AskVote(3, At(1, 7)));

        Assert.Equal(new VoteRefusal.LogBehind(At(1, 7), At(2, 2)), after.Why<Reason.VoteRefused>().Cause);
    }

    [Fact]
    public void Who_is_refused_for_its_log_leaves_the_vote_to_another()
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(2)).Receive(S2, Speak.AskVote(4, At(1, 1))).State;

        var after = follower.Receive(S3, Speak.AskVote(4, At(2, 1)));

        Assert.Equal(new RequestVoteReply(T(4), VoteGranted: true), after.Reply());
    }

    [Fact]
    public void A_candidate_or_leader_refuses_others_in_its_own_term_since_it_has_voted_for_itself()
    {
        Assert.All([Given.Candidate(term: 4), Given.Leader(term: 4)], before =>
        {
            var after = before.Receive(S2, Speak.AskVote(4, At(9, 9)));

            Assert.Equal(new RequestVoteReply(T(4), VoteGranted: false), after.Reply());
            Assert.Equal(before.Role, after.State.Role);
        });
    }

    [Fact]
    public void A_candidate_that_hears_a_better_one_of_a_newer_term_votes_for_it()
    {
        var candidate = Given.Candidate(term: 4);

        var after = candidate.Receive(S2, Speak.AskVote(5));

        Assert.Equal(new RequestVoteReply(T(5), VoteGranted: true), after.Reply());
        Assert.Equal((T(5), Some(S2)), (after.State.CurrentTerm, after.State.VotedFor));
        Assert.Equal(new Role.Follower(None), after.State.Role);
    }

    [Fact]
    public void A_pre_candidate_that_votes_for_another_gives_up_its_own_campaign()
    {
        var asking = Given.PreCandidate(term: 3);

        var after = asking.Receive(S2, Speak.AskVote(3));

        Assert.Equal(new RequestVoteReply(T(3), VoteGranted: true), after.Reply());
        Assert.Equal(new Role.Follower(None), after.State.Role);
    }

    [Fact]
    public void A_server_votes_for_a_candidate_that_is_not_in_its_latest_configuration()      // §4.1
    {
        var follower = Given.Follower(term: 3);

        var after = follower.Receive(S9, Speak.AskVote(4));

        Assert.Equal(new RequestVoteReply(T(4), VoteGranted: true), after.Reply());
    }

    // It may have been a voter, and have lost its disk with what it promised.
    [Fact]
    public void A_server_whose_disk_knows_of_no_cluster_does_not_vote()
    {
        var blank = Given.Follower(term: 3, cluster: Configuration.Nobody);

        var vote = blank.Receive(S2, Speak.AskVote(4, At(9, 9)));
        var preVote = blank.Receive(S2, Speak.AskPreVote(3, At(9, 9)));

        Assert.Equal(new RequestVoteReply(T(4), VoteGranted: false), vote.Reply());
        Assert.Equal(new PreVoteReply(T(3), R(1), VoteGranted: false), preVote.Reply());
        Assert.Equal(new VoteRefusal.Blank(), vote.Why<Reason.VoteRefused>().Cause);
        Assert.Equal(new VoteRefusal.Blank(), preVote.Why<Reason.PreVoteRefused>().Cause);
    }

    [Fact]
    public void Nor_does_it_stand_for_election()
    {
        var blank = Given.Follower(term: 3, cluster: Configuration.Nobody).TickAtDeadline();

        Assert.Equal((new Role.Follower(None), 0), (blank.State.Role, blank.Effects.Count));
    }

    [Fact]
    public void A_learner_votes_when_it_is_asked()      // its configuration may be behind the candidate's
    {
        var learner = Given.Follower(term: 3, S1Learns);

        var after = learner.Receive(S2, Speak.AskVote(4));

        Assert.Equal(new RequestVoteReply(T(4), VoteGranted: true), after.Reply());
    }

    [Fact]
    public void It_says_whom_it_votes_for() =>
        Assert.Equal(new(S2, T(4)), Given.Follower(term: 3).Receive(S2, Speak.AskVote(4)).Why<Reason.VoteGranted>());
}
