namespace RxRaft.Protocol;

/// <summary>Terms: how nodes agree on what time it is.</summary>
/// <remarks>§3.3.</remarks>
internal static class Terms
{
    /// <summary>Somebody is in a newer term: follow there, with nobody voted for yet.</summary>
    /// <param name="state">A node of an earlier term.</param>
    /// <param name="from">Who told.</param>
    /// <param name="newer">The newer term.</param>
    /// <remarks>
    /// The election deadline stays, or a node that cannot win could keep the others from trying; only a leader, who
    /// has none, gets one.
    /// </remarks>
    public static Transition Adopt(NodeState state, NodeId from, Term newer)
    {
        Require(newer > state.CurrentTerm);

        var adopted = new Reason.TermAdopted(state.CurrentTerm, newer, from);
        var told = state.Role is Role.Leader
            ? state.ResetElectionDeadline()
                .Because(new Reason.SteppedDown(
                    state.Self, state.CurrentTerm, new StepDownCause.NewerTerm(newer, from)))
            : state.Stay();

        return told.Because(adopted) with
        {
            State = told.State with { CurrentTerm = newer, VotedFor = None, Role = new Role.Follower(None) },
        };
    }

    /// <summary>
    /// A message of an earlier term: a request is refused with the newer one, a reply comes too late.
    /// </summary>
    /// <param name="state">A node of a newer term.</param>
    public static Transition OnStale(NodeState state, NodeId from, Message message)
    {
        Require(message.Term < state.CurrentTerm);

        return message switch
        {
            Message.RequestVote request => state
                .Send(from, new Message.RequestVoteReply(state.CurrentTerm, VoteGranted: false))
                .Because(new Reason.VoteRefused(from, request.Term, new VoteRefusal.StaleTerm(state.CurrentTerm))),

            Message.AppendEntries request => state
                .Send(from, new Message.AppendEntriesReply(
                    state.CurrentTerm, request.Round, new AppendResult.StaleTerm()))
                .Because(new Reason.StaleRequestRefused(from, message, state.CurrentTerm)),

            Message.InstallSnapshot request => state
                .Send(from, new Message.AppendEntriesReply(
                    state.CurrentTerm, request.Round, new AppendResult.StaleTerm()))
                .Because(new Reason.StaleRequestRefused(from, message, state.CurrentTerm)),

            Message.ReadIndex question => Reading.OnReadIndex(state, from, question),   // clients care for no terms
            Message.Forward request => Clients.OnForward(state, from, request),

            Message.PreVoteReply or Message.RequestVoteReply or Message.AppendEntriesReply
                or Message.InstallSnapshotReply or Message.TimeoutNow
                or Message.ReadIndexReply or Message.ForwardReply =>
                state.Because(new Reason.Ignored(from, message, IgnoreCause.EarlierTerm)),

            Message.PreVote => throw Unreachable.Case(message),     // answered whatever its term
            _ => throw Unreachable.Case(message),
        };
    }
}
