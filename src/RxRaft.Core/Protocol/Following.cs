using static RxRaft.Message;
using static RxRaft.Role;

namespace RxRaft.Protocol;

/// <summary>Log replication, the follower's side: AppendEntries in, and the reply out.</summary>
/// <remarks>§3.5.</remarks>
internal static class Following
{
    /// <summary>A leader speaks: follow it, and append its entries if our log contains the one before them.</summary>
    /// <param name="state">A node already in the request's term.</param>
    /// <returns>Exactly one reply.</returns>
    public static Transition OnAppendEntries(NodeState state, NodeId leader, AppendEntries request)
    {
        Require(request.Term == state.CurrentTerm);

        var follower = Follow(state, leader, request.Round);
        return IsUnheardOf(state) && request.Entries.IsEmpty
                ? follower.Then(Reply, leader, request, new AppendResult.Blank())
            : !state.Log.Contains(request.PrevLog)
                ? follower.Then(Refuse, leader, request)
            : IsFull(state)
                ? follower.Then(Decline, leader, request)
            : follower.Then(Accept, leader, request);
    }

    /// <summary>A message of the term's leader, which is alive and knows what it wants.</summary>
    public static Transition Follow(NodeState state, NodeId leader, Round round)
    {
        Require(state.LeaderId.IsNone || state.LeaderId.Is(leader), "Election Safety: at most one leader in a term");

        var known    = state.Role is Follower { LeaderId.IsSome: true };
        var counts   = state.LeaderTerm == state.CurrentTerm;           // each leader for itself
        var latest   = counts && state.LeaderRound > round ? state.LeaderRound : round;
        var (deadline, rest) = state.NewElectionDeadline();
        var follower = state with
        {
            ElectionDeadline = deadline,
            Randomness = rest,
            LeaderContact = state.Now,
            LeaderTerm = state.CurrentTerm,
            LeaderRound = latest,
        };
        return known
            ? Clients.GiveUpLate(follower)
            : (follower with
            {
                Role = new Follower(leader),
                Compaction = state.Compaction with { Incoming = None },     // another's bytes may differ
            })
                .Because(new Reason.LeaderRecognised(leader, state.CurrentTerm));
    }

    private static Transition Refuse(NodeState state, NodeId leader, AppendEntries request)
    {
        if (IsUnheardOf(state)) return Reply(state, leader, request, new AppendResult.Blank());

        var hint = state.Log.LatestWithin(request.PrevLog);
        return Reply(state, leader, request, new AppendResult.Conflict(hint))
            .Because(new Reason.AppendConflicted(leader, request.PrevLog, hint));
    }

    private static Transition Decline(NodeState state, NodeId leader, AppendEntries request) =>
        Commitment.Learn(state, LogIndex.Min(request.LeaderCommit, request.PrevLog.Index))
            .Then(Reply, leader, request, new AppendResult.Full(request.PrevLog.Index))
            .Because(new Reason.AppendDeclined(leader, state.Backlog));

    private static Transition Accept(NodeState state, NodeId leader, AppendEntries request) =>
        Append(state, leader, request.Entries)
            .Then(Commitment.Learn, LogIndex.Min(request.LeaderCommit, request.LastIndex))
            .Then(Reply, leader, request, new AppendResult.Success(request.LastIndex));

    private static Transition Reply(NodeState state, NodeId leader, AppendEntries request, AppendResult result) =>
        state.Send(leader, new AppendEntriesReply(state.CurrentTerm, request.Round, result));

    /// <summary>Nobody has given it anything yet; once a leader has, it catches up like any other.</summary>
    private static bool IsUnheardOf(NodeState state) => state.IsBlank && state.LastLog == LogPosition.Zero;

    /// <summary>Too much waits for the state machine. If nothing does, there is room: a commit makes no room.</summary>
    private static bool IsFull(NodeState state) =>
        state.Backlog > state.Settings.Limits.MaxBacklogBytes && state.LastApplied < state.CommitIndex;

    /// <summary>
    /// Appends what is new. What the log contains already stays, with all that follows it: appends may be duplicated
    /// and overtaken.
    /// </summary>
    private static Transition Append(NodeState state, NodeId leader, Seq<Entry> entries)
    {
        var known = 0;
        while (known < entries.Count && state.Log.Contains(entries[known].Position)) known++;
        if (known == entries.Count) return state.Stay();

        var fresh = entries.LastOf(entries.Count - known);
        var keep  = fresh[0].Index.Previous;                            // what is behind it conflicts, if anything is
        var log   = state.Log.KeepThrough(keep).Append(fresh);
        var gone  = state.Log.LastIndex.Value - keep.Value;

        var appended = new Reason.EntriesAppended(leader, log.LastIndex, (ulong)fresh.Count);
        var kept = gone == 0 ? state.Stay() : state.Because(new Reason.EntriesDeleted(keep, gone));
        return kept.Because(appended) with
        {
            State = state with { Log = log, Durable = LogIndex.Min(state.Durable, keep) },
        };
    }
}
