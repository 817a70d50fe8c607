using static RxRaft.Message;
using static RxRaft.Role;

namespace RxRaft.Protocol;

/// <summary>
/// Before an election, the question whether it could be won: the conversation of PreVote and its reply.
/// </summary>
/// <remarks>
/// §9.6. It changes nobody's term and nobody's vote, so a node that was cut off returns without disturbing anyone.
/// </remarks>
internal static class PreVoting
{
    /// <summary>
    /// The election deadline has passed: ask every other voter, or, as a learner, wait for a leader, of whom it knows
    /// as little as they do; who waits for its answers must not wait for ever.
    /// </summary>
    /// <param name="state">Any node but a leader.</param>
    public static Transition Campaign(NodeState state)
    {
        Require(state.Role is not Leader);

        var waiting = state.ResetElectionDeadline();
        if (!state.MayStand) return (waiting with { Role = new Follower(None) }).Stay();

        var round = state.Round.Next;
        var asking = new PreCandidate(round, Map((state.Self, true)), state.Now);

        return (waiting with { Round = round, Role = asking })
            .Because(Why(state))
            .Because(new Reason.PreElectionStarted(state.Self, state.CurrentTerm.Next))
            .Then(now => now.SendAll(now.OtherVoters(), new PreVote(now.CurrentTerm, round, now.LastLog)))
            .Then(Count);                                                   // a cluster of one has won already
    }

    /// <summary>Somebody asks whether we would vote for it in the term after its own.</summary>
    /// <param name="state">A node of any term: the question changes nothing here, not even an older term.</param>
    /// <returns>Exactly one reply, and the state as it was.</returns>
    public static Transition OnPreVote(NodeState state, NodeId candidate, PreVote request)
    {
        var newer   = request.Term > state.CurrentTerm ? request.Term : state.CurrentTerm;
        var refusal = request.Term < state.CurrentTerm ? new VoteRefusal.StaleTerm(state.CurrentTerm)
                    : state.IsBlank                    ? new VoteRefusal.Blank()
                    : state.HoldsVoteBack              ? state.WhyHeldBack()                           // §4.2.3
                    : request.LastLog < state.LastLog  ? new VoteRefusal.LogBehind(request.LastLog, state.LastLog)
                    : Option<VoteRefusal>.None;

        return state
            .Send(candidate, new PreVoteReply(newer, request.Round, refusal.IsNone))
            .Because(refusal.Match<Reason>(
                why => new Reason.PreVoteRefused(candidate, request.Term.Next, why),
                () => new Reason.PreVoteGranted(candidate, request.Term.Next)));
    }

    /// <summary>Somebody answered. With a quorum of yes the election proper begins.</summary>
    public static Transition OnPreVoteReply(NodeState state, NodeId voter, PreVoteReply reply)
    {
        if (state.Role is not PreCandidate asking) return Ignore(IgnoreCause.NotAsking);
        if (reply.Round != asking.Round) return Ignore(IgnoreCause.EarlierRound);
        if (!state.Configuration.IsVoter(voter)) return Ignore(IgnoreCause.NotAMember);
        if (asking.Votes.ContainsKey(voter)) return Ignore(IgnoreCause.AlreadyCounted);

        return (state with { Role = asking with { Votes = asking.Votes.Add(voter, reply.VoteGranted) } })
            .Because(new Reason.PreVoteCounted(voter, reply.VoteGranted))
            .Then(Count);

        Transition Ignore(IgnoreCause cause) => state.Because(new Reason.Ignored(voter, reply, cause));
    }

    private static Transition Count(NodeState state) =>
        state.Role is PreCandidate asking && state.Configuration.Count(asking.Votes) is Tally.Won
            ? Election.Stand(state, asking)
            : state.Stay();                                             // pending or lost: the next deadline asks anew

    private static Reason Why(NodeState state) => state.Role switch
    {
        Follower follower => new Reason.LeaderSilent(follower.LeaderId, state.Now - state.LeaderContact),
        PreCandidate asking => Undecided(state.CurrentTerm.Next, asking.Votes),
        Candidate asking => Undecided(state.CurrentTerm, asking.Votes),
        Leader => throw Unreachable.Case(state.Role),           // does not campaign
        _ => throw Unreachable.Case(state.Role),
    };

    private static Reason.CampaignUndecided Undecided(Term term, Map<NodeId, bool> votes) =>
        new(term, votes.Cast(granted: true), votes.Cast(granted: false));
}
