using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§3.3: terms act as a logical clock.</summary>
public class TermsTests
{
    [Fact]
    public void Each_server_stores_a_current_term_which_increases_over_time()
    {
        var candidate = Given.Candidate(term: 4);

        var adopted = candidate.Receive(S2, Speak.NoVote(term: 6)).State;

        Assert.Equal(T(4), candidate.CurrentTerm);
        Assert.Equal(T(6), adopted.CurrentTerm);
    }

    [Fact]
    public void Current_terms_are_exchanged_whenever_servers_communicate()
    {
        var said = new[]
        {
            Given.Follower().TickAtDeadline(),
            Given.PreCandidate(cluster: ClusterOf(2)).Receive(S2, new PreVoteReply(T(3), R(1), true)),
            Given.Candidate(cluster: ClusterOf(2)).Receive(S2, Speak.Vote(4)),
            Given.Follower().Receive(S2, Speak.AskVote(3)),
            Given.Follower().Receive(S2, Speak.AskVote(2)),
            Given.Follower().Receive(S2, Speak.AskPreVote(2)),
            Given.Follower().Receive(S2, Speak.Heartbeat(2)),
            Given.Follower().Receive(S2, Speak.Heartbeat(3)),
        };

        Assert.All(said, step => Assert.NotEmpty(step.Sends()));
        Assert.All(said, step =>
            Assert.All(step.Sends(), send => Assert.Equal(step.State.CurrentTerm, send.Message.Term)));
    }

    /// <summary>All but the question that changes nothing.</summary>
    public static TheoryData<string> ThatTeachTheTerm => Without(nameof(PreVote));

    /// <summary>A leader holds its vote back.</summary>
    public static TheoryData<string> ThatDeposeALeader => Without(nameof(PreVote), nameof(RequestVote));

    /// <summary>Nor do they come from the term's leader.</summary>
    public static TheoryData<string> ThatOnlyTeachTheTerm =>
        Without(nameof(PreVote), nameof(AppendEntries), nameof(InstallSnapshot));

    [Theory, MemberData(nameof(ThatTeachTheTerm))]
    public void If_ones_current_term_is_smaller_than_the_others_it_updates_to_the_larger_value(string kind)
    {
        var follower = Given.Follower(term: 3, votedFor: S3);

        var after = follower.Receive(S9, Samples.Message(kind, term: 5)).State;

        Assert.Equal(T(5), after.CurrentTerm);
    }

    [Theory, MemberData(nameof(ThatTeachTheTerm))]
    public void The_vote_of_the_old_term_is_forgotten_in_the_newer_one(string kind)
    {
        var follower = Given.Follower(term: 3, votedFor: S3, log: Logs.Of(3));      // nor can the asker have the vote

        var after = follower.Receive(S2, Samples.Message(kind, term: 5));

        Assert.True(after.State.VotedFor.IsNone);
        Assert.Equal(Logs.Write(5, None, Logs.Of(3), keep: 1), after.Persist());
    }

    [Theory, MemberData(nameof(ThatTeachTheTerm))]
    public void A_candidate_that_discovers_that_its_term_is_out_of_date_reverts_to_follower(string kind)
    {
        Assert.All([Given.PreCandidate(), Given.Candidate()], before =>
            Assert.IsType<Role.Follower>(before.Receive(S2, Samples.Message(kind, term: 5)).State.Role));
    }

    [Theory, MemberData(nameof(ThatDeposeALeader))]
    public void A_leader_that_discovers_that_its_term_is_out_of_date_reverts_to_follower(string kind)
    {
        var leader = Given.Leader(term: 4);

        var after = leader.Receive(S2, Samples.Message(kind, term: 5));

        Assert.IsType<Role.Follower>(after.State.Role);
        Assert.Equal(new(S1, T(4), new StepDownCause.NewerTerm(T(5), S2)), after.Why<Reason.SteppedDown>());
        Assert.Equal(new(T(4), T(5), S2), after.Why<Reason.TermAdopted>());
    }

    [Fact]
    public void A_vote_request_with_a_stale_term_is_rejected_with_the_newer_term()
    {
        var follower = Given.Follower(term: 3);

        var after = follower.Receive(S2, Speak.AskVote(term: 2));

        Assert.Equal(new RequestVoteReply(T(3), VoteGranted: false), after.Reply());
        Assert.Equal(new VoteRefusal.StaleTerm(T(3)), after.Why<Reason.VoteRefused>().Cause);
    }

    [Fact]
    public void An_append_with_a_stale_term_is_rejected_with_the_newer_term()
    {
        var follower = Given.Follower(term: 3);

        var after = follower.Receive(S2, Speak.Heartbeat(term: 2, round: 8));

        Assert.Equal(new AppendEntriesReply(T(3), R(8), new AppendResult.StaleTerm()), after.Reply());
        Assert.Equal(T(3), after.Why<Reason.StaleRequestRefused>().CurrentTerm);
    }

    [Theory]
    [InlineData(nameof(PreVote))]
    [InlineData(nameof(RequestVote))]
    [InlineData(nameof(AppendEntries))]
    [InlineData(nameof(InstallSnapshot))]
    public void A_stale_request_changes_neither_term_nor_vote_nor_role_nor_timer(string kind)
    {
        Assert.All(Given.EveryRole(), before =>
        {
            var after = before.Receive(S2, Samples.Message(kind, term: 2));

            Assert.Equal(before with { Now = after.State.Now }, after.State);
            Assert.Single(after.Effects);
        });
    }

    [Theory]
    [InlineData(nameof(PreVoteReply))]
    [InlineData(nameof(RequestVoteReply))]
    [InlineData(nameof(AppendEntriesReply))]
    [InlineData(nameof(InstallSnapshotReply))]
    [InlineData(nameof(ReadIndexReply))]
    [InlineData(nameof(ForwardReply))]
    [InlineData(nameof(TimeoutNow))]
    public void A_stale_reply_is_ignored(string kind)
    {
        Assert.All(Given.EveryRole(), before =>
            before.Receive(S2, Samples.Message(kind, term: 2)).IsIgnored(before, IgnoreCause.EarlierTerm));
    }

    [Fact]
    public void Requests_are_issued_in_parallel_to_all_others()
    {
        var five = ClusterOf(5);

        Assert.Equal([S2, S3, S4, S5], Given.Follower(cluster: five).TickAtDeadline().Asked<PreVote>());
        Assert.Equal([S2, S3, S4, S5], Given.Leader(cluster: five).TickAtDeadline().Asked<AppendEntries>());
    }

    [Fact]
    public void Requests_are_retried_if_no_response_is_received_in_time()
    {
        var standing = Given.Candidate(cluster: ClusterOf(5)).Receive(S3, Speak.NoVote(4)).State;

        Assert.Equal([S2, S4, S5], standing.TickAtDeadline().Asked<RequestVote>());
        Assert.Equal([S2, S4, S5], standing.TickAtDeadline().State.TickAtDeadline().Asked<RequestVote>());
    }

    [Fact]
    public void A_retried_request_is_the_same_request()
    {
        var first = Given.Candidate().TickAtDeadline();

        var again = first.State.TickAtDeadline();

        Assert.Equal(first.Sends(), again.Sends());
        Assert.Equal([S2, S3], again.Why<Reason.AskedAgain>().Unanswered.ToArray());
    }

    [Fact]
    public void A_pre_vote_that_nobody_answers_is_retried_by_the_next_pre_election()
    {
        var asking = Given.PreCandidate(cluster: ClusterOf(5)).Receive(S3, new PreVoteReply(T(3), R(1), false)).State;

        Assert.Equal(asking.ElectionDeadline, asking.NextDeadline);
        Assert.Equal([S2, S3, S4, S5], asking.TickAtDeadline().Asked<PreVote>());
    }

    [Theory, MemberData(nameof(ThatOnlyTeachTheTerm))]
    public void Adopting_a_term_does_not_reset_the_election_timer(string kind)
    {
        var log = Logs.Of(3);       // longer than the sender's, who gets no vote

        Assert.All([Given.Follower(log: log), Given.PreCandidate(log: log), Given.Candidate(log: log)], before =>
        {
            var after = before.Receive(S2, Samples.Message(kind, term: 5)).State;

            Assert.Equal(T(5), after.CurrentTerm);
            Assert.Equal(before.ElectionDeadline, after.NextDeadline);
        });
    }

    [Fact]
    public void A_deposed_leader_which_had_no_election_timer_gets_a_new_one()
    {
        var leader = Given.Leader();

        var after = leader.Receive(S2, new AppendEntriesReply(T(5), leader.Round, new AppendResult.StaleTerm())).State;

        Assert.InRange(after.NextDeadline - after.Now, Ms(150), Ms(300));
    }

    [Fact]
    public void Stepping_down_in_the_same_term_keeps_the_vote()
    {
        var candidate = Given.Candidate(term: 4);
        var leader = Given.Leader(term: 4);

        var followsAnother = candidate.Receive(S2, Speak.Heartbeat(4)).State;
        var unheard = leader.TickAfter(300).State;

        Assert.All([followsAnother, unheard], after =>
            Assert.Equal((T(4), Some(S1)), (after.CurrentTerm, after.VotedFor)));
        Assert.All([followsAnother, unheard], after => Assert.IsType<Role.Follower>(after.Role));
    }

    private static TheoryData<string> Without(params string[] kinds) =>
        [.. Samples.CasesOf<Message>().Select(kind => kind.Name).Except(kinds)];
}
