namespace RxRaft.Protocol;

/// <summary>The beginning and the end of a leader's time in office.</summary>
/// <remarks>
/// §3.4 how it begins; §6.2 how it ends when nobody listens any more; §4.2.2 how it ends when it is removed; §3.3's end
/// by a newer term is in <see cref="Terms"/>.
/// </remarks>
internal static class Leadership
{
    /// <summary>A quorum voted for us: tell everybody at once, so that nobody starts another election.</summary>
    /// <param name="state">A candidate with the votes of a quorum.</param>
    /// <remarks>
    /// Figure 3.1: nextIndex starts behind our last entry, matchIndex at nothing known. The term's first entry is a
    /// no-op (§6.4): once it is committed, so is everything before it, and the leader knows.
    /// </remarks>
    public static Transition Begin(NodeState state, Role.Candidate candidate)
    {
        var noop   = new Entry(new(state.CurrentTerm, state.Log.LastIndex.Next), Payload.Noop.Instance);
        var others = state.Configuration.Members.Remove(state.Self);
        var probe  = Tracking.Assume(state, noop.Index);                 // older rounds were of earlier terms
        var votes  = state.Supporters(candidate.Votes);

        var leader = new Role.Leader(
            Followers: others.Fold(Map<NodeId, Progress>(), (all, other) => all.Add(other, probe)),
            Rounds: [],
            QuorumContact: state.Now,
            Confirmed: false,
            HeartbeatDeadline: state.Now,
            FirstIndex: noop.Index,
            Office.Idle);

        return (state with { Role = leader, Log = state.Log.Append(Seq1(noop)) })
            .Because(new Reason.ElectionWon(state.Self, state.CurrentTerm, votes, state.Now - candidate.Since))
            .Then(Replication.Heartbeat, leader);
    }

    /// <summary>Time for heartbeats, and to see whether what is under way goes on.</summary>
    /// <remarks>
    /// Before its time for a leader that alone has become the quorum: no answer has prolonged its contact since, and
    /// its own does.
    /// </remarks>
    public static Transition Beat(NodeState state, Role.Leader leader) =>
        Replication.Heartbeat(state, leader).Then(Transferring.Resume).Then(Membership.Advance);

    /// <summary>No quorum has answered for an election timeout: whatever we are, we do not lead.</summary>
    /// <remarks>
    /// §6.2. The term stays, and the vote given in it. The leader last heard was ourselves, when a quorum still
    /// followed.
    /// </remarks>
    public static Transition GiveUp(NodeState state, Role.Leader leader) =>
        StepDown(state, leader, new StepDownCause.QuorumSilent(state.Now - leader.QuorumContact));

    /// <summary>The leader becomes a follower without a newer term.</summary>
    public static Transition StepDown(NodeState state, Role.Leader leader, StepDownCause cause)
    {
        var follower = state.ResetElectionDeadline() with
        {
            Role = new Role.Follower(None),
            LeaderContact = leader.QuorumContact,
        };

        return follower.Because(new Reason.SteppedDown(state.Self, state.CurrentTerm, cause));
    }

    /// <summary>Forgets the rounds that a quorum has answered, and remembers when the latest of them began.</summary>
    /// <remarks>
    /// §6.4.1: that is when, at the latest, a quorum began to hold its votes back. Receipt of the answers would be
    /// too late a moment.
    /// </remarks>
    public static Transition Confirm(NodeState state, Role.Leader leader)
    {
        var reached = state.QuorumRound(leader);

        var answered = 0;
        while (answered < leader.Rounds.Count && leader.Rounds[answered].Round <= reached) answered++;
        if (answered == 0) return Reading.OnConfirmed(state with { Role = leader }, reached);

        var confirmed = leader with
        {
            Rounds = leader.Rounds.LastOf(leader.Rounds.Count - answered),
            QuorumContact = leader.Rounds[answered - 1].Began,
            Confirmed = true,
        };

        var lasting = state with { Role = confirmed };
        var gained  = leader.Confirmed
            ? lasting.Stay()
            : lasting.Because(new Reason.LeaseGained(state.Self, state.CurrentTerm));
        return gained.Then(Reading.OnConfirmed, reached);
    }
}
