namespace RxRaft;

/// <summary>What is on disk, without the entries.</summary>
/// <param name="File">The snapshot in use.</param>
/// <param name="Base">The position before the first entry.</param>
/// <param name="Last">Of the last entry; <paramref name="Base"/> without entries.</param>
internal sealed record LogOutline(
    Term CurrentTerm, Option<NodeId> VotedFor, SnapshotFile File, LogPosition Base, LogPosition Last)
{
    /// <summary>Of a new disk.</summary>
    public static readonly LogOutline Fresh =
        new(Term.Zero, None, SnapshotFile.Nothing, LogPosition.Zero, LogPosition.Zero);

    /// <summary>What is wrong with a change to this; nothing if it can be made.</summary>
    /// <remarks>What is written must be readable: a change that makes no log out of this one is refused.</remarks>
    public string? Objection(Effect.Persist change)
    {
        var start = change.Snapshot.IsSome ? change.Base : Base;
        var end   = LogIndex.Max(start.Index, Last.Index);
        var keep  = change.KeepThrough;
        if (change.Snapshot.Case is Snapshot snapshot && start.Index > snapshot.Last.Index)
            return $"the log begins at {start}, after its snapshot ends at {snapshot.Last}";
        if (keep < start.Index || keep > end) return $"entries through {keep} stay, of {start} to {end}";

        var known = keep == start.Index ? start : keep == Last.Index ? Last : (LogPosition?)null;
        var last  = known ?? new LogPosition(change.Entries.IsEmpty ? change.LastLog.Term : start.Term, keep);
        for (var i = 0; i < change.Entries.Count; i++)
        {
            var position = change.Entries[i].Position;
            if (position.Index != keep + (i + 1)) return $"{position} stands where {keep + (i + 1)} should";
            if (position.Term < last.Term) return $"{position} follows {last}";
            last = position;
        }

        return last == change.LastLog ? null : $"the last entry is {last}, not {change.LastLog}";
    }

    /// <summary>This after a change.</summary>
    public LogOutline After(Effect.Persist change, Option<SnapshotFile> file) => new(
        change.CurrentTerm, change.VotedFor, file.IfNone(File), file.IsSome ? change.Base : Base, change.LastLog);
}
