using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§3.4: leader election, from the candidate's side.</summary>
public class ElectionTests
{
    [Fact]
    public void When_servers_start_up_they_begin_as_followers()
    {
        var started = Given.Started(term: 3, votedFor: S2);

        Assert.Equal(new Role.Follower(None), started.Role);
        Assert.Equal((T(3), Some(S2)), (started.CurrentTerm, started.VotedFor));
    }

    [Fact]
    public void A_server_remains_in_follower_state_as_long_as_it_receives_valid_requests_from_a_leader()
    {
        var state = Given.FollowerOf(S2);

        for (var heartbeat = 0; heartbeat < 100; heartbeat++)
        {
            state = state.TickAfter(149).State;
            state = state.Receive(S2, Speak.Heartbeat(term: 3)).State;
        }

        Assert.Equal(new Role.Follower(S2), state.Role);
        Assert.Equal(T(3), state.CurrentTerm);
    }

    [Fact]
    public void A_follower_that_receives_no_communication_over_the_election_timeout_assumes_there_is_no_viable_leader()
    {
        var follower = Given.FollowerOf(S2);

        var after = follower.TickAtDeadline();

        Assert.IsType<Role.PreCandidate>(after.State.Role);         // §9.6: it asks before it begins
        Assert.Equal(new(S2, follower.ElectionDeadline - follower.Now), after.Why<Reason.LeaderSilent>());
        Assert.Equal(new(S1, T(4)), after.Why<Reason.PreElectionStarted>());
    }

    [Fact]
    public void A_follower_does_nothing_before_its_election_timeout()
    {
        var follower = Given.FollowerOf(S2);

        var after = follower.TickAt(follower.ElectionDeadline + Ms(-0.0001));

        after.ChangesNothing(follower);
    }

    [Fact]
    public void To_begin_an_election_it_increments_its_term_votes_for_itself_and_asks_all_others_in_parallel()
    {
        var asking = Given.PreCandidate(term: 3, cluster: ClusterOf(5), log: Logs.Of(1, 2));

        var elected = asking.Receive(S2, Speak.PreVoteYes(asking)).State.Receive(S5, Speak.PreVoteYes(asking));

        Assert.Equal((T(4), Some(S1)), (elected.State.CurrentTerm, elected.State.VotedFor));
        Assert.IsType<Role.Candidate>(elected.State.Role);
        Assert.Equal([S2, S3, S4, S5], elected.Asked<RequestVote>());
        Assert.All(elected.Sends(), send => Assert.Equal(new RequestVote(T(4), At(2, 2)), send.Message));
        Assert.Equal([S1, S2, S5], elected.Why<Reason.ElectionStarted>().PreVotes.ToArray());
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(2, 1)]
    [InlineData(3, 1)]
    [InlineData(4, 2)]
    [InlineData(5, 2)]
    [InlineData(7, 3)]
    public void A_candidate_wins_with_votes_from_a_majority_of_the_servers_in_the_full_cluster(int size, int others)
    {
        var state = Given.Candidate(term: 4, ClusterOf(size), durable: false);
        var voters = Enumerable.Range(2, others).Select(id => new NodeId((ulong)id)).ToArray();

        foreach (var voter in voters.SkipLast(1)) state = state.Receive(voter, Speak.Vote(4)).State;
        state = state.Persisted().State;
        Assert.Equal(others == 0, state.Role is Role.Leader);
        if (others > 0) state = state.Receive(voters[^1], Speak.Vote(4)).State;

        Assert.IsType<Role.Leader>(state.Role);
        Assert.Equal(T(4), state.CurrentTerm);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void A_candidates_own_vote_counts_only_when_it_is_durable(int size)
    {
        var standing = Given.Candidate(term: 4, ClusterOf(size), durable: false);
        var others = standing.Configuration.Members.Remove(S1).ToArray();

        var unsaved = others.Aggregate(standing, (state, voter) => state.Receive(voter, Speak.Vote(4)).State);
        var saved = unsaved.Persisted();

        Assert.IsType<Role.Candidate>(unsaved.Role);
        Assert.IsType<Role.Leader>(saved.State.Role);
    }

    [Fact]
    public void The_durability_of_another_term_or_of_another_vote_is_not_its_own_vote()
    {
        var standing = Given.Candidate(term: 4, ClusterOf(1), durable: false);

        Input.Persisted[] others =
        [
            new(T(3), None, LogPosition.Zero) { At = standing.Now },
            new(T(3), Some(S1), LogPosition.Zero) { At = standing.Now },
            new(T(4), None, LogPosition.Zero) { At = standing.Now },
        ];

        Assert.All(others, persisted => Raft.Step(standing, persisted).ChangesNothing(standing));
    }

    [Fact]
    public void Its_own_vote_is_counted_once_however_often_it_is_durable()
    {
        var standing = Given.Candidate(term: 4, ClusterOf(3));

        var again = standing.Persisted();

        again.ChangesNothing(standing);
    }

    [Fact]
    public void Ballots_are_counted_once_a_voter()
    {
        var standing = Given.Candidate(term: 4, ClusterOf(5)).Receive(S2, Speak.Vote(4)).State;

        var duplicate = standing.Receive(S2, Speak.Vote(4));

        duplicate.IsIgnored(standing, IgnoreCause.AlreadyCounted);
    }

    [Fact]
    public void The_first_ballot_of_a_voter_stands()
    {
        var standing = Given.Candidate(term: 4, ClusterOf(3)).Receive(S2, Speak.NoVote(4)).State;

        var changedItsMind = standing.Receive(S2, Speak.Vote(4));

        changedItsMind.IsIgnored(standing, IgnoreCause.AlreadyCounted);
    }

    [Fact]
    public void Ballots_of_another_election_do_not_count()
    {
        var standing = Given.Candidate(term: 4, ClusterOf(3));

        var late = standing.Receive(S2, Speak.Vote(3));

        late.IsIgnored(standing, IgnoreCause.EarlierTerm);
    }

    [Fact]
    public void Ballots_from_outside_the_cluster_do_not_count()
    {
        var standing = Given.Candidate(term: 4, ClusterOf(3));

        var stranger = standing.Receive(S9, Speak.Vote(4));

        stranger.IsIgnored(standing, IgnoreCause.NotAMember);
    }

    [Fact]
    public void Ballots_that_come_when_the_election_is_decided_change_nothing()
    {
        var leader = Given.Leader(term: 4);
        var follower = Given.FollowerOf(S2, term: 4);

        leader.Receive(S3, Speak.Vote(4)).IsIgnored(leader, IgnoreCause.NotAsking);
        follower.Receive(S3, Speak.Vote(4)).IsIgnored(follower, IgnoreCause.NotAsking);
    }

    [Fact]
    public void Learners_do_not_count()
    {
        var standing = Given.Candidate(term: 4, WithLearners(3, S4, S5));

        var learner = standing.Receive(S4, Speak.Vote(4));

        learner.IsIgnored(standing, IgnoreCause.NotAMember);
    }

    [Fact]
    public void Learners_are_not_asked() =>
        Assert.Equal([S2, S3], Given.Follower(cluster: WithLearners(3, S4, S5)).TickAtDeadline().Asked<PreVote>());

    [Fact]
    public void Learners_never_campaign()
    {
        var learner = Given.Follower(cluster: S1Learns);

        var after = learner.TickAtDeadline();

        Assert.Equal(learner.Role, after.State.Role);
        Assert.Empty(after.Effects);
        Assert.InRange(after.State.NextDeadline - after.State.Now, Ms(150), Ms(300));
    }

    [Theory]
    [InlineData(new ulong[] { 2 }, false)]              // S1, S2: of the old voters only
    [InlineData(new ulong[] { 4, 5 }, false)]           // S1, S4, S5: of the new only
    [InlineData(new ulong[] { 2, 4 }, true)]
    [InlineData(new ulong[] { 3, 5 }, true)]
    public void A_joint_configuration_needs_majorities_of_both(ulong[] voters, bool wins)
    {
        var joint = Joint(old: [S1, S2, S3], @new: [S1, S4, S5]);

        var state = voters.Aggregate(Given.Candidate(term: 4, joint), (candidate, voter) =>
            candidate.Receive(new NodeId(voter), Speak.Vote(4)).State);

        Assert.Equal(wins, state.Role is Role.Leader);
    }

    [Fact]
    public void Once_a_candidate_wins_it_sends_heartbeats_to_all_others_at_once_to_prevent_new_elections()
    {
        var standing = Given.Candidate(term: 4, WithLearners(3, S4), log: Logs.Of(1, 3));

        var won = standing.Receive(S2, Speak.Vote(4));

        Assert.Equal([S2, S3, S4], won.Asked<AppendEntries>());
        Assert.All(won.Sends(), send =>
            Assert.Equal((T(4), At(3, 2), 1), (send.Message.Term, PrevLogOf(send.Message), EntriesOf(send.Message))));
        Assert.Equal((S1, T(4)), (won.Why<Reason.ElectionWon>().Winner, won.Why<Reason.ElectionWon>().Term));
    }

    [Fact]
    public void The_winner_says_who_voted_for_it_and_how_long_it_took()
    {
        var asking = Given.PreCandidate(term: 3, cluster: ClusterOf(3));
        var standing = asking.Receive(S3, Speak.PreVoteYes(asking), afterMs: 5).State.Persisted().State;

        var won = standing.Receive(S3, Speak.Vote(4), afterMs: 7).Why<Reason.ElectionWon>();

        Assert.Equal([S1, S3], won.Votes.ToArray());
        Assert.Equal(Ms(12), won.Took);
    }

    private static LogPosition PrevLogOf(Message message) => Assert.IsType<AppendEntries>(message).PrevLog;

    private static int EntriesOf(Message message) => Assert.IsType<AppendEntries>(message).Entries.Count;
}
