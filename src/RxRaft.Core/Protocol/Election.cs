using static RxRaft.Message;
using static RxRaft.Role;

namespace RxRaft.Protocol;

/// <summary>Leader election: the conversation of RequestVote and its reply.</summary>
/// <remarks>
/// §3.4 leader election; §3.6.1 election restriction. §3.8, durable before said, is <see cref="Raft.Step"/>'s.
/// </remarks>
internal static class Election
{
    /// <summary>A quorum would vote for us: raise the term, vote for ourselves, and ask every other voter.</summary>
    /// <param name="state">A voter whose pre-election is won.</param>
    /// <remarks>Term and vote change in one step, so nobody can come between (§3.4).</remarks>
    public static Transition Stand(NodeState state, PreCandidate asking)
    {
        var candidate = Standing(state, asking.Since, transfer: None);
        return candidate
            .Because(new Reason.ElectionStarted(state.Self, candidate.CurrentTerm, state.Supporters(asking.Votes)))
            .Then(now => Ask(now, now.OtherVoters()));
    }

    /// <summary>The leader wants us to lead: the same, without asking first whether it could be won.</summary>
    /// <param name="state">A voter that follows that leader.</param>
    /// <param name="leader">Who says so.</param>
    /// <param name="round">In which round.</param>
    /// <remarks>§3.10.</remarks>
    public static Transition StandFor(NodeState state, NodeId leader, Round round)
    {
        var candidate = Standing(state, state.Now, transfer: round);
        return candidate
            .Because(new Reason.TransferAccepted(leader, candidate.CurrentTerm))
            .Then(now => Ask(now, now.OtherVoters()));
    }

    /// <summary>Our own vote is durable: only now does it count.</summary>
    /// <remarks>
    /// §3.8. Others' votes imply it, since nobody is asked before it; a cluster of one has nothing else to go by.
    /// </remarks>
    public static Transition OnPersisted(NodeState state, Input.Persisted persisted) =>
        state.Role is Candidate candidate
        && persisted.CurrentTerm == state.CurrentTerm
        && persisted.VotedFor.Exists(vote => vote == state.Self)
        && !candidate.Votes.ContainsKey(state.Self)
            ? Hear(state, candidate, state.Self, granted: true)
            : state.Stay();

    /// <summary>Some have not answered for a while: the request or the reply may be lost (§3.3).</summary>
    public static Transition AskAgain(NodeState state, Candidate asking)
    {
        var unanswered = state.OtherVoters().Filter(voter => !asking.Votes.ContainsKey(voter)).Strict();
        var waiting = state with { Role = asking with { RetryDeadline = state.RetryDeadline(unanswered) } };

        return unanswered.IsEmpty
            ? waiting.Stay()
            : waiting.Because(new Reason.AskedAgain(unanswered)).Then(Ask, unanswered);
    }

    /// <summary>A candidate of a newer term, while we know of a leader that lives: as if it had not asked.</summary>
    /// <remarks>
    /// §4.2.3: "it does not update its term or grant its vote". No reply could carry a term that says so.
    /// </remarks>
    public static Transition Disregard(NodeState state, NodeId candidate, RequestVote request) =>
        state.Because(new Reason.VoteRefused(candidate, request.Term, state.WhyHeldBack()));

    /// <summary>A candidate asks for our vote: one a term, to the first whose log is as good as ours.</summary>
    /// <param name="state">A node already in the request's term.</param>
    /// <returns>Exactly one reply.</returns>
    public static Transition OnRequestVote(NodeState state, NodeId candidate, RequestVote request)
    {
        Require(request.Term == state.CurrentTerm);

        var unpledged = state.VotedFor.IsNone && !state.IsBlank;
        var pledged   = state.VotedFor.Exists(vote => vote == candidate);       // it asks again: the same answer
        var upToDate  = request.LastLog >= state.LastLog;                       // §3.6.1
        var free      = state.LetsPass(request) || !state.HoldsVoteBack;               // §4.2.3
        var granted   = pledged || (unpledged && upToDate && free);
        var voter     = granted && unpledged ? Pledge(state, candidate) : state;

        return voter
            .Send(candidate, new RequestVoteReply(voter.CurrentTerm, granted))
            .Because(granted
                ? new Reason.VoteGranted(candidate, request.Term)
                : new Reason.VoteRefused(candidate, request.Term, Refusal(state, request)));
    }

    /// <summary>A voter answered. Once decided, late ballots change nothing.</summary>
    /// <param name="state">A node in the reply's term: ballots of earlier elections do not come here.</param>
    public static Transition OnRequestVoteReply(NodeState state, NodeId voter, RequestVoteReply reply)
    {
        if (state.Role is not Candidate candidate) return Ignore(IgnoreCause.NotAsking);
        if (!state.Configuration.IsVoter(voter)) return Ignore(IgnoreCause.NotAMember);
        if (candidate.Votes.ContainsKey(voter)) return Ignore(IgnoreCause.AlreadyCounted);

        return Hear(state, candidate, voter, reply.VoteGranted);

        Transition Ignore(IgnoreCause cause) => state.Because(new Reason.Ignored(voter, reply, cause));
    }

    private static NodeState Pledge(NodeState state, NodeId candidate) =>
        state.ResetElectionDeadline() with { VotedFor = candidate, Role = new Follower(None) };

    private static VoteRefusal Refusal(NodeState state, RequestVote request) =>
        state.VotedFor.Match<VoteRefusal>(
            other => new VoteRefusal.AlreadyVoted(other),
            () => state.IsBlank ? new VoteRefusal.Blank()
                : state.HoldsVoteBack && !state.LetsPass(request) ? state.WhyHeldBack()
                : new VoteRefusal.LogBehind(request.LastLog, state.LastLog));

    /// <summary>In the next term, with our own vote.</summary>
    private static NodeState Standing(NodeState state, Instant since, Option<Round> transfer)
    {
        Require(state.MayStand);

        return state.ResetElectionDeadline() with
        {
            CurrentTerm = state.CurrentTerm.Next,
            VotedFor    = state.Self,
            Role        = new Candidate([], since, state.Now + state.Settings.HeartbeatInterval, transfer),
        };
    }

    private static Transition Hear(NodeState state, Candidate candidate, NodeId voter, bool granted) =>
        (state with { Role = candidate with { Votes = candidate.Votes.Add(voter, granted) } })
            .Because(new Reason.VoteCounted(voter, granted))
            .Then(Count);

    private static Transition Count(NodeState state) =>
        state.Role is Candidate candidate && state.Configuration.Count(candidate.Votes) is Tally.Won
            ? Leadership.Begin(state, candidate)
            : state.Stay();                                             // pending or lost: the next deadline decides

    private static Transition Ask(NodeState state, Seq<NodeId> voters) =>
        state.SendAll(voters, new RequestVote(
            state.CurrentTerm, state.LastLog, Transfer: state.Role is Candidate candidate ? candidate.Transfer : None));
}
