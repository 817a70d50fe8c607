using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§9.6: before it begins an election, a server asks whether it could win.</summary>
public class PreVotingTests
{
    [Fact]
    public void It_asks_every_other_voter_with_its_term_as_it_is_and_its_last_log_entry()
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 2));

        var asking = follower.TickAtDeadline();

        Assert.Equal([S2, S3], asking.Asked<PreVote>());
        Assert.All(asking.Sends(), send => Assert.Equal(new PreVote(T(3), R(1), At(2, 2)), send.Message));
    }

    [Fact]
    public void Asking_changes_neither_term_nor_vote_of_the_asker()
    {
        var follower = Given.Follower(term: 3, votedFor: S2);

        var asking = follower.TickAtDeadline();

        Assert.Equal((T(3), Some(S2)), (asking.State.CurrentTerm, asking.State.VotedFor));
        Assert.Null(asking.Persist());
    }

    [Theory]
    [InlineData(2ul)]
    [InlineData(3ul)]
    [InlineData(9ul)]
    public void Being_asked_changes_nothing_at_the_receiver_neither_term_nor_vote_nor_election_timer(ulong term)
    {
        Assert.All(Given.EveryRole(), before =>
        {
            var after = before.Receive(S2, Speak.AskPreVote(term));

            Assert.Equal(before with { Now = after.State.Now }, after.State);
            Assert.IsType<PreVoteReply>(after.Reply());
            Assert.Null(after.Persist());
        });
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(5, 2)]
    [InlineData(7, 3)]
    public void It_increments_its_term_only_if_a_majority_would_give_it_their_votes(int size, int others)
    {
        var asking = Given.PreCandidate(term: 3, ClusterOf(size));
        var voters = asking.Configuration.Members.Remove(S1).ToArray();

        var minority = voters.Take(others - 1)
            .Aggregate(asking, (state, voter) => state.Receive(voter, Speak.PreVoteYes(state)).State);
        var majority = minority.Receive(voters[^1], Speak.PreVoteYes(minority)).State;

        Assert.Equal((T(3), true), (minority.CurrentTerm, minority.Role is Role.PreCandidate));
        Assert.Equal((T(4), true), (majority.CurrentTerm, majority.Role is Role.Candidate));
    }

    [Fact]
    public void A_cluster_of_one_asks_nobody()
    {
        var standing = Given.Follower(term: 3, ClusterOf(1)).TickAtDeadline();

        Assert.Equal(T(4), standing.State.CurrentTerm);
        Assert.Equal(Logs.Write(4, S1, Log.Empty, keep: 0), Assert.Single(standing.Effects));
    }

    [Fact]
    public void In_a_joint_configuration_both_majorities_must_be_willing()
    {
        var asking = Given.PreCandidate(cluster: Joint(old: [S1, S2, S3], @new: [S1, S4, S5]));

        var onlyOld = asking.Receive(S2, Speak.PreVoteYes(asking)).State.Receive(S3, Speak.PreVoteYes(asking)).State;
        var both = onlyOld.Receive(S4, Speak.PreVoteYes(asking)).State;

        Assert.IsType<Role.PreCandidate>(onlyOld.Role);
        Assert.IsType<Role.Candidate>(both.Role);
    }

    [Theory]
    [InlineData(2ul, 2ul, true)]
    [InlineData(2ul, 3ul, true)]
    [InlineData(3ul, 1ul, true)]
    [InlineData(2ul, 1ul, false)]
    [InlineData(1ul, 9ul, false)]
    public void A_server_would_vote_only_for_a_log_that_is_up_to_date_enough(
        ulong lastTerm, ulong lastIndex, bool granted)
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 2));

        var after = follower.Receive(S2, Speak.AskPreVote(3, At(lastTerm, lastIndex), round: 5));

        Assert.Equal(new PreVoteReply(T(3), R(5), granted), after.Reply());
    }

    [Fact]
    public void Saying_yes_commits_to_nothing()
    {
        var voted = Given.Follower(term: 3, votedFor: S3);

        Assert.True(voted.Receive(S2, Speak.AskPreVote(3)).Reply<PreVoteReply>().VoteGranted);
        Assert.True(voted.Receive(S3, Speak.AskPreVote(3)).Reply<PreVoteReply>().VoteGranted);
    }

    [Fact]
    public void A_refusal_for_an_older_term_teaches_the_newer_term()
    {
        var follower = Given.Follower(term: 7);

        var after = follower.Receive(S2, Speak.AskPreVote(3, round: 5));

        Assert.Equal(new PreVoteReply(T(7), R(5), VoteGranted: false), after.Reply());
        Assert.Equal(new VoteRefusal.StaleTerm(T(7)), after.Why<Reason.PreVoteRefused>().Cause);
    }

    [Fact]
    public void The_asker_adopts_the_newer_term_and_will_ask_in_it()
    {
        var asking = Given.PreCandidate(term: 3);

        var taught = asking.Receive(S2, new PreVoteReply(T(7), asking.Round, VoteGranted: false)).State;
        var again = taught.TickAtDeadline();

        Assert.Equal((T(7), new Role.Follower(None)), (taught.CurrentTerm, taught.Role));
        Assert.Equal(T(7), Assert.IsType<PreVote>(again.Sends()[0].Message).Term);
    }

    [Fact]
    public void Who_is_in_an_older_term_than_the_asker_answers_in_the_askers_term()
    {
        var follower = Given.Follower(term: 3);

        var after = follower.Receive(S2, Speak.AskPreVote(7));

        Assert.Equal(new PreVoteReply(T(7), R(1), VoteGranted: true), after.Reply());
        Assert.Equal(T(3), after.State.CurrentTerm);
    }

    [Fact]
    public void Answers_to_an_earlier_question_do_not_count()
    {
        var first = Given.PreCandidate(cluster: ClusterOf(3));
        var second = first.TickAt(first.ElectionDeadline).State;

        var late = second.Receive(S2, Speak.PreVoteYes(first));

        late.IsIgnored(second, IgnoreCause.EarlierRound);
    }

    [Fact]
    public void Answers_are_counted_once_a_voter()
    {
        var asking = Given.PreCandidate(cluster: ClusterOf(5));
        asking = asking.Receive(S2, Speak.PreVoteYes(asking)).State;

        asking.Receive(S2, Speak.PreVoteYes(asking)).IsIgnored(asking, IgnoreCause.AlreadyCounted);
    }

    [Fact]
    public void Answers_of_learners_and_strangers_do_not_count()
    {
        var asking = Given.PreCandidate(cluster: WithLearners(3, S4));

        asking.Receive(S4, Speak.PreVoteYes(asking)).IsIgnored(asking, IgnoreCause.NotAMember);
        asking.Receive(S9, Speak.PreVoteYes(asking)).IsIgnored(asking, IgnoreCause.NotAMember);
    }

    [Fact]
    public void A_pre_vote_is_not_a_vote()
    {
        var standing = Given.Candidate(term: 4, ClusterOf(3));

        var preVote = standing.Receive(S3, new PreVoteReply(T(4), standing.Round, VoteGranted: true));

        preVote.IsIgnored(standing, IgnoreCause.NotAsking);
        Assert.Equal(Map((S1, true)), Assert.IsType<Role.Candidate>(standing.Role).Votes);
    }

    [Fact]
    public void A_vote_is_not_a_pre_vote()
    {
        var asking = Given.PreCandidate(term: 3, ClusterOf(3));

        asking.Receive(S3, Speak.Vote(3)).IsIgnored(asking, IgnoreCause.NotAsking);
    }

    [Fact]
    public void A_pre_election_that_is_not_won_is_tried_again_after_another_timeout_in_the_same_term()
    {
        var asking = Given.PreCandidate(term: 3, ClusterOf(3));
        var refused = asking.Receive(S2, Speak.PreVoteNo(asking)).State.Receive(S3, Speak.PreVoteNo(asking)).State;

        var again = refused.TickAt(refused.ElectionDeadline);

        Assert.Equal((T(3), asking.Round.Next), (again.State.CurrentTerm, again.State.Round));
        Assert.Equal([S2, S3], again.Asked<PreVote>());
        Assert.Equal([S2, S3], again.Why<Reason.CampaignUndecided>().Refused.ToArray());
    }
}
