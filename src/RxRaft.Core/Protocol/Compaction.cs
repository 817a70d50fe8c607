namespace RxRaft.Protocol;

/// <summary>Snapshots of the node's own state machine, so that the log does not grow for ever.</summary>
/// <remarks>
/// §5.1. Each node takes its own, on its own decision; how one gets to a follower is <see cref="Installation"/>.
/// </remarks>
internal static class Compaction
{
    /// <summary>The state machine has come further: remember it, and see whether it is time for a snapshot.</summary>
    public static Transition OnApplied(NodeState state, LogIndex index)
    {
        Require(index <= state.CommitIndex, "only what is committed is applied");
        if (index <= state.LastApplied) return state.Stay();

        return TakeIfDue(state with { LastApplied = index, AppliedSize = SizeThrough(state, index) });
    }

    /// <summary>
    /// A snapshot is on disk: what it stands for can go, but for a few entries for those just behind.
    /// </summary>
    /// <remarks>One that a leader sent meanwhile may be newer; then this one is of no use.</remarks>
    public static Transition OnSnapshotted(NodeState state, Snapshot snapshot)
    {
        var idle = state with { Compaction = state.Compaction with { Taking = None } };
        if (snapshot.Last.Index <= state.Snapshot.Last.Index)
            return idle.Because(new Reason.SnapshotIgnored(state.Self, snapshot.Last, state.Snapshot.Last.Index));

        Require(snapshot.Last.Index <= state.CommitIndex, "only what is committed is in a snapshot");
        var trailing = (ulong)state.Settings.Snapshots.Trailing;
        var last     = snapshot.Last.Index.Value;
        var from     = LogIndex.Max(state.Log.Base.Index, new LogIndex(last > trailing ? last - trailing : 0));
        var log      = state.Log.OnTopOf(snapshot, state.Log.PositionAt(from));
        var dropped  = from.Value - state.Log.Base.Index.Value;

        return (idle with { Log = log })
            .Because(new Reason.LogCompacted(snapshot.Last, snapshot.Size, dropped))
            .Then(Installation.OnCompacted);
    }

    private static Transition TakeIfDue(NodeState state)
    {
        var (policy, taken) = (state.Settings.Snapshots, state.Compaction);
        if (taken.Taking.IsSome) return state.Stay();

        if (state.LastApplied <= state.Snapshot.Last.Index) return state.Stay();

        // While a follower installs the present one it had better stay, since a newer one would begin anew; but not
        // for ever.
        var entries  = (long)(state.LastApplied.Value - state.Snapshot.Last.Index.Value);
        var bytes    = state.AppliedSize - taken.SizeAtSnapshot;
        if (entries < policy.Entries && bytes < policy.Bytes) return state.Stay();
        if (entries / 4 < policy.Entries && bytes / 4 < policy.Bytes && IsInstalling(state)) return state.Stay();

        // A newcomer that has not seen its own entry yet does not know the members; a snapshot has to.
        if (state.Log.ConfigurationAt(state.CommitIndex).IsNobody) return state.Stay();

        // The state machine's lane has everything through the commit index before this.
        var last = state.Log.PositionAt(state.CommitIndex);
        var take = new Effect.TakeSnapshot(last, state.Log.ConfigurationAt(last.Index));
        return new(
            state with { Compaction = taken with { Taking = last, SizeAtSnapshot = state.AppliedSize } },
            Seq1<Effect>(take), Seq1<Reason>(new Reason.SnapshotBegun(last)));
    }

    private static bool IsInstalling(NodeState state) =>
        state.Role is Role.Leader leader && leader.Followers.Values.Exists(follower => follower is Progress.Install);

    private static long SizeThrough(NodeState state, LogIndex index)
    {
        if (state.LastApplied < state.Log.Base.Index)
            return state.Log.SizeThrough(LogIndex.Max(index, state.Log.Base.Index));

        var size = state.AppliedSize;
        for (var place = state.LastApplied.Next; place <= index; place = place.Next) size += state.Log[place].Size;
        return size;
    }
}
