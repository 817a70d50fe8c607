namespace RxRaft.Protocol;

/// <summary>Which entries are committed.</summary>
/// <remarks>§3.5, §3.6.2. What is committed is applied: <see cref="Raft.Step"/> sees to it.</remarks>
internal static class Commitment
{
    /// <summary>
    /// If a quorum has a later entry of the leader's own term on disk, that entry is committed, and all before it.
    /// </summary>
    /// <param name="state">Any node: only a leader counts.</param>
    /// <remarks>
    /// §3.6.2: "Raft never commits log entries from previous terms by counting replicas". The leader's own disk counts
    /// like everybody's (§10.2.1), if it is a voter.
    /// </remarks>
    public static Transition Advance(NodeState state)
    {
        if (state.Role is not Role.Leader leader) return state.Stay();

        var replicated = state.Configuration.Reached(
            static (voter, at) => voter == at.Self ? at.Durable
                : at.Followers.Find(voter).Case is Progress follower ? follower.MatchIndex
                : LogIndex.Zero,
            (state.Self, state.Durable, leader.Followers));
        if (replicated <= state.CommitIndex) return state.Stay();
        if (state.Log.PositionAt(replicated).Term != state.CurrentTerm) return state.Stay();

        return (state with { CommitIndex = replicated })
            .Because(new Reason.CommitAdvanced(replicated))
            .Then(Membership.Advance)
            .Then(Reading.AskNext);                             // some may have waited for the term's first commit
    }

    /// <summary>The leader says what is committed.</summary>
    /// <param name="state">A follower.</param>
    /// <param name="committed">Not after the last entry that the leader has just verified here.</param>
    public static Transition Learn(NodeState state, LogIndex committed) =>
        committed > state.CommitIndex
            ? (state with { CommitIndex = committed })
                .Because(new Reason.CommitAdvanced(committed))
                .Then(Reading.OnCommit)
            : state.Stay();

    /// <summary>The node's own disk has come so far.</summary>
    /// <remarks>
    /// If the log has another entry there by now, the news is of one that was overwritten meanwhile: it says nothing.
    /// </remarks>
    public static Transition OnPersisted(NodeState state, LogPosition last) =>
        last.Index > state.Durable && last.Index >= state.Log.Base.Index && state.Log.Contains(last)
            ? Advance(state with { Durable = last.Index }).Then(Replication.Flow)
            : state.Stay();
}
