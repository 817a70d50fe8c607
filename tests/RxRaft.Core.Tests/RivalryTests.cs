using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§3.4: what else can happen to a candidate, and why votes rarely split.</summary>
public class RivalryTests
{
    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void A_candidate_that_hears_a_leader_of_a_term_as_large_or_larger_returns_to_follower(ulong term)
    {
        var candidate = Given.Candidate(term: 4);

        var after = candidate.Receive(S2, Speak.Heartbeat(term));

        Assert.Equal(new Role.Follower(S2), after.State.Role);
        Assert.Equal(new(S2, T(term)), after.Why<Reason.LeaderRecognised>());
        Assert.InRange(after.State.NextDeadline - after.State.Now, Ms(150), Ms(300));
    }

    [Fact]
    public void A_pre_candidate_that_hears_the_leader_of_its_term_returns_to_follower()
    {
        var asking = Given.PreCandidate(term: 3);

        var after = asking.Receive(S2, Speak.Heartbeat(3));

        Assert.Equal(new Role.Follower(S2), after.State.Role);
    }

    [Fact]
    public void If_the_term_is_smaller_the_candidate_rejects_the_request_and_continues_in_candidate_state()
    {
        var candidate = Given.Candidate(term: 4);

        var after = candidate.Receive(S2, Speak.Heartbeat(3));

        Assert.Equal(new AppendEntriesReply(T(4), R(1), new AppendResult.StaleTerm()), after.Reply());
        Assert.Equal(candidate.Role, after.State.Role);
    }

    [Fact]
    public void A_leader_is_recognised_once()
    {
        var follower = Given.FollowerOf(S2);

        var after = follower.Receive(S2, Speak.Heartbeat(3));

        Assert.Empty(after.Reasons);
    }

    [Fact]
    public void If_votes_are_split_each_candidate_times_out_and_starts_a_new_election_with_a_new_term()
    {
        var standing = Given.Candidate(term: 4, ClusterOf(3));
        standing = standing.Receive(S2, Speak.NoVote(4)).State.Receive(S3, Speak.NoVote(4)).State;

        var again = standing.TickAt(standing.ElectionDeadline);
        var next = again.State.Receive(S2, Speak.PreVoteYes(again.State)).State;

        Assert.IsType<Role.PreCandidate>(again.State.Role);
        Assert.Equal((T(4), "S1", "S2 S3"), Undecided(again));
        Assert.Equal((T(5), Some(S1)), (next.CurrentTerm, next.VotedFor));
    }

    [Fact]
    public void When_all_have_answered_there_is_nothing_to_retry_before_the_election_ends()
    {
        var lost = Given.Candidate(term: 4, ClusterOf(3));
        lost = lost.Receive(S2, Speak.NoVote(4)).State.Receive(S3, Speak.NoVote(4)).State;

        var waiting = lost.TickAtDeadline();

        Assert.Empty(waiting.Effects);
        Assert.Equal(lost.ElectionDeadline, waiting.State.NextDeadline);
    }

    [Fact]
    public void Each_candidate_restarts_its_randomised_election_timeout_at_the_start_of_an_election()
    {
        var asking = Given.PreCandidate(cluster: ClusterOf(3));

        var standing = asking.Receive(S2, Speak.PreVoteYes(asking)).State;

        Assert.NotEqual(asking.ElectionDeadline, standing.ElectionDeadline);
        Assert.InRange(standing.ElectionDeadline - standing.Now, Ms(150), Ms(300));
    }

    [Fact]
    public void Election_timeouts_are_chosen_uniformly_from_a_fixed_interval()
    {
        const int draws = 30_000, bins = 15;
        var counts = new int[bins];
        var state = Given.Follower();

        for (var i = 0; i < draws; i++)
        {
            state = state.Receive(S2, Speak.Heartbeat(3)).State;
            var wait = state.ElectionDeadline - state.Now;
            Assert.InRange(wait, Ms(150), Ms(300));
            counts[Math.Min(bins - 1, (int)((wait - Ms(150)) / Ms(10)))]++;
        }

        Assert.True(ChiSquare.Of(counts) < ChiSquare.Bound14, $"{string.Join(' ', counts)}");
    }

    [Fact]
    public void In_most_cases_only_a_single_server_times_out()
    {
        var deadlines = Enumerable.Range(1, 5)
            .Select(id => NodeState.Boot(new NodeId((ulong)id), ClusterOf(5), Given.Settings, PersistentState.Fresh))
            .Select(node => node.ElectionDeadline).ToArray();

        Assert.Equal(5, deadlines.Distinct().Count());
    }

    private static (Term, string, string) Undecided(Transition step)
    {
        var reason = step.Why<Reason.CampaignUndecided>();
        return (reason.Term, string.Join(' ', reason.Granted), string.Join(' ', reason.Refused));
    }
}
