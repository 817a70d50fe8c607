using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§4.2.3, §9.6: who hears from a leader, or may have just before it started, does not unseat it.</summary>
public class LoyaltyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(149.999)]
    public void A_server_within_the_minimum_election_timeout_of_hearing_a_leader_says_no_to_a_pre_vote(double ms)
    {
        var follower = Given.FollowerOf(S2);

        var after = follower.Receive(S3, Speak.AskPreVote(3, At(9, 9)), afterMs: ms);

        Assert.False(after.Reply<PreVoteReply>().VoteGranted);
        Assert.Equal(new VoteRefusal.LeaderAlive(S2, Ms(ms)), after.Why<Reason.PreVoteRefused>().Cause);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(149.999)]
    public void It_does_not_update_its_term_or_grant_its_vote_and_does_not_answer(double ms)
    {
        var follower = Given.FollowerOf(S2, term: 3);

        var after = follower.Receive(S3, Speak.AskVote(8, At(9, 9)), afterMs: ms);

        after.ChangesNothing(follower);
        Assert.Equal(new VoteRefusal.LeaderAlive(S2, Ms(ms)), after.Why<Reason.VoteRefused>().Cause);
    }

    [Fact]
    public void It_refuses_a_candidate_of_its_own_term()
    {
        var follower = Given.FollowerOf(S2, term: 3);

        var after = follower.Receive(S3, Speak.AskVote(3, At(9, 9)));

        Assert.Equal(new RequestVoteReply(T(3), VoteGranted: false), after.Reply());
        Assert.True(after.State.VotedFor.IsNone);
        Assert.IsType<VoteRefusal.LeaderAlive>(after.Why<Reason.VoteRefused>().Cause);
    }

    [Fact]
    public void After_the_minimum_election_timeout_it_helps()
    {
        var follower = Given.FollowerOf(S2, term: 3);

        Assert.True(follower.Receive(S3, Speak.AskPreVote(3), afterMs: 150).Reply<PreVoteReply>().VoteGranted);
        Assert.True(follower.Receive(S3, Speak.AskVote(4), afterMs: 150).Reply<RequestVoteReply>().VoteGranted);
        Assert.True(follower.Receive(S3, Speak.AskVote(3), afterMs: 150).Reply<RequestVoteReply>().VoteGranted);
    }

    [Fact]
    public void A_server_that_has_just_started_says_no_for_the_minimum_election_timeout()
    {
        var started = Given.Started(term: 3);

        var after = started.Receive(S2, Speak.AskPreVote(3), afterMs: 149.999);

        Assert.False(after.Reply<PreVoteReply>().VoteGranted);
        Assert.Equal(new VoteRefusal.JustStarted(Ms(149.999)), after.Why<Reason.PreVoteRefused>().Cause);
        Assert.True(started.Receive(S2, Speak.AskPreVote(3), afterMs: 150).Reply<PreVoteReply>().VoteGranted);
    }

    [Fact]
    public void A_server_that_has_just_started_disregards_candidates_for_the_minimum_election_timeout()
    {
        var started = Given.Started(term: 3);

        var early = started.Receive(S2, Speak.AskVote(4), afterMs: 149.999);

        early.ChangesNothing(started);
        Assert.IsType<VoteRefusal.JustStarted>(early.Why<Reason.VoteRefused>().Cause);
        Assert.True(started.Receive(S2, Speak.AskVote(4), afterMs: 150).Reply<RequestVoteReply>().VoteGranted);
    }

    [Fact]
    public void A_server_that_restarted_repeats_the_vote_it_has_given()
    {
        var started = Given.Started(term: 3, votedFor: S2);

        var after = started.Receive(S2, Speak.AskVote(3));

        Assert.Equal(new RequestVoteReply(T(3), VoteGranted: true), after.Reply());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(299.9)]
    public void A_leader_does_not_help_to_unseat_itself_as_long_as_it_leads(double ms)
    {
        var leader = Given.Leader(term: 4);

        var asked = leader.Receive(S2, Speak.AskPreVote(4, At(9, 9)), afterMs: ms);
        var challenged = leader.Receive(S2, Speak.AskVote(5, At(9, 9)), afterMs: ms);

        Assert.False(asked.Reply<PreVoteReply>().VoteGranted);
        Assert.Equal(new VoteRefusal.LeaderAlive(S1, Ms(ms)), asked.Why<Reason.PreVoteRefused>().Cause);
        challenged.ChangesNothing(leader);
    }

    [Fact]
    public void A_leader_that_stepped_down_helps_at_once()
    {
        var unseated = Given.Leader(term: 4).TickAfter(300).State;

        var after = unseated.Receive(S2, Speak.AskVote(5, unseated.LastLog));

        Assert.Equal(new RequestVoteReply(T(5), VoteGranted: true), after.Reply());
    }

    [Fact]
    public void Hearing_a_leader_of_an_older_term_is_not_hearing_a_leader()
    {
        var follower = Given.Follower(term: 3).Receive(S2, Speak.Heartbeat(2)).State;

        var after = follower.Receive(S3, Speak.AskVote(4));

        Assert.Equal(new RequestVoteReply(T(4), VoteGranted: true), after.Reply());
    }

    // §4.2.3's last sentence: the leader itself wants another one, and nobody need wait for it to fall silent.
    [Fact]
    public void A_candidate_that_the_leader_asked_to_stand_gets_votes_while_the_leader_is_alive()
    {
        var log = Logs.Of(1, 1);

        Assert.All(new[] { Given.FollowerOf(S2, 4, log: log), Given.Leader(4, log: log) }, loyal =>
        {
            var granted = loyal.Receive(S3, new RequestVote(T(5), At(9, 9), Transfer: R(1_000)));
            var refused = loyal.Receive(S3, new RequestVote(T(5), At(1, 1), Transfer: R(1_000)));

            Assert.Equal(Speak.Vote(5), granted.Reply());
            Assert.Equal(Speak.NoVote(5), refused.Reply());
            Assert.IsType<VoteRefusal.LogBehind>(refused.Why<Reason.VoteRefused>().Cause);
        });
    }

    [Fact]
    public void A_server_that_its_leader_asks_stands_at_once_and_asks_nobody_first()
    {
        var follower = Given.FollowerOf(S2, term: 4);

        var standing = follower.Receive(S2, new TimeoutNow(T(4), R(1)));

        Assert.Equal((T(5), Some(S1)), (standing.State.CurrentTerm, standing.State.VotedFor));
        Assert.Equal([S2, S3], standing.Asked<RequestVote>());
        Assert.All(standing.Sends(), send => Assert.Equal(new RequestVote(T(5), default, Transfer: R(1)), send.Message));
        Assert.Equal(Logs.Write(5, S1, Log.Empty, keep: 0), standing.Effects[0]);
    }

    [Fact]
    public void A_server_that_was_cut_off_returns_without_disturbing_anyone()
    {
        var cluster = Cluster.Of(5);
        cluster.Run(Ms(1_000));
        var leader = cluster.Leader;
        var lost = leader.Self == S1 ? S2 : S1;

        cluster.CutOff(lost);
        cluster.Run(Ms(10_000));
        cluster.Heal(lost);
        cluster.Run(Ms(10_000));

        Assert.Equal((leader.Self, leader.CurrentTerm), (cluster.Leader.Self, cluster.Leader.CurrentTerm));
        Assert.Equal(new Role.Follower(leader.Self), cluster[lost].Role);
        Assert.Equal(leader.CurrentTerm, cluster[lost].CurrentTerm);
    }

    [Fact]
    public void A_leader_that_was_cut_off_steps_down_and_returns_as_a_follower_of_the_new_one()
    {
        var cluster = Cluster.Of(3);
        cluster.Run(Ms(1_000));
        var old = cluster.Leader.Self;

        cluster.CutOff(old);
        cluster.Run(Ms(2_000));
        var alone = cluster[old].Role;
        cluster.Heal(old);
        cluster.Run(Ms(500));

        var @new = cluster.Leader.Self;
        Assert.NotEqual(old, @new);
        Assert.True(alone is Role.Follower or Role.PreCandidate, $"{alone}");
        Assert.Equal(new Role.Follower(@new), cluster[old].Role);
    }

    // It stood for election when nobody heard it, and came back with a term that its leader does not know.
    [Fact]
    public void A_server_whose_term_is_ahead_is_not_locked_out()
    {
        PersistentState behind = new(T(3), None, Logs.Of(1)), ahead = new(T(9), None, Log.Empty);
        var cluster = new Cluster(behind, behind, ahead);
        cluster.CutOff(S3);
        cluster.Run(Ms(2_000));

        cluster.Heal(S3);
        cluster.Run(Ms(2_000));

        var leader = cluster.Leader;
        Assert.True(leader.CurrentTerm > T(9));
        Assert.Equal(new Role.Follower(leader.Self), cluster[S3].Role);
    }

    // S3 is gone; S2 is in the newer term, S1 has the longer log: only S1 can win, and in a term it has to be taught.
    [Fact]
    public void A_cluster_whose_longest_log_is_in_an_old_term_finds_a_leader()
    {
        PersistentState longest = new(T(1), None, Logs.Of(1, 1, 1)), newest = new(T(5), None, Logs.Of(1));
        var cluster = new Cluster(longest, newest, PersistentState.Fresh);
        cluster.CutOff(S3);

        cluster.Run(Ms(3_000));

        Assert.Equal(S1, cluster.Leader.Self);
    }
}
