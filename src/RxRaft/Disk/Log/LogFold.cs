using System.Collections.Generic;

namespace RxRaft;

/// <summary>Puts a log together from the groups of its segments, the oldest first.</summary>
/// <remarks>
/// The first segment need not be the disk's first: of entries before it there is nothing here, and at the end none of
/// them may be needed.
/// </remarks>
internal sealed class LogFold
{
    private readonly List<Entry> entries = [];      // consecutive, behind the floor
    private LogIndex floor;
    private bool begun;

    /// <summary>Where the log stands.</summary>
    public LogOutline Outline { get; private set; } = LogOutline.Fresh;

    /// <summary>The segments so far.</summary>
    public LogSegments Segments { get; private set; } = LogSegments.None;

    public long Changes { get; private set; }

    public long Entries { get; private set; }

    /// <summary>The first entries after the log's base that are in no segment, if any are missing.</summary>
    public Option<(LogIndex First, LogIndex Last)> Missing =>
        floor > Outline.Base.Index ? (Outline.Base.Index.Next, floor) : None;

    /// <summary>A segment begins.</summary>
    /// <returns>What is wrong with it; nothing if it follows those before.</returns>
    public string? Begin(ulong segment, LogOutline head)
    {
        if (begun && head != Outline) return $"a segment that begins {Of(head)}, and the one before ends {Of(Outline)}";
        if (head.Base.Index > head.Last.Index || head.Base.Index > head.File.Snapshot.Last.Index)
            return $"a log from {head.Base} to {head.Last} over a snapshot at {head.File.Snapshot.Last}";

        if (!begun) (begun, Outline, floor) = (true, head, head.Last.Index);
        Segments = Segments.With(segment, head.Last.Index);
        return null;
    }

    /// <summary>A segment ends. One in which nothing whole was written did not begin either.</summary>
    public void End(ulong segment)
    {
        if (Segments.All.IsEmpty || Segments.All.Last.Number != segment)
            Segments = Segments.With(segment, Outline.Last.Index);
    }

    /// <summary>A change follows.</summary>
    /// <returns>What is wrong with it; nothing if it can be made.</returns>
    public string? Add(LogGroup.Change change)
    {
        var (persist, file) = change;
        if (!begun) return "the log does not begin with where it stands";
        if (Outline.Objection(persist) is { } objection) return objection;
        if (TermFalls(persist)) return $"{persist.Entries[0].Position} follows an entry of a later term";

        Outline = Outline.After(persist, file);
        Drop(Outline.Base.Index);
        KeepThrough(persist.KeepThrough);
        for (var i = 0; i < persist.Entries.Count; i++) entries.Add(persist.Entries[i]);
        Segments = Segments.KeepThrough(persist.KeepThrough);
        (Changes, Entries) = (Changes + 1, Entries + persist.Entries.Count);
        return null;
    }

    /// <summary>What all of it comes to; nothing may be missing.</summary>
    /// <returns>What is wrong with it; nothing if it is a log.</returns>
    public string? Objection() =>
        Outline.Last.Index < Outline.File.Snapshot.Last.Index
            ? $"the log ends at {Outline.Last}, before its snapshot at {Outline.File.Snapshot.Last}"
        : TermAt(Outline.File.Snapshot.Last.Index) is var term && term != Outline.File.Snapshot.Last.Term
            ? $"the snapshot at {Outline.File.Snapshot.Last} has an entry of {term} there"
        : Rising();

    /// <summary>What all of it comes to.</summary>
    public PersistentState State()
    {
        var snapshot = Outline.File.Snapshot;
        var log = Log.Over(snapshot with { Last = Outline.Base }).Append(toSeq(entries.ToArray()));
        return new(Outline.CurrentTerm, Outline.VotedFor, log.OnTopOf(snapshot, Outline.Base));
    }

    /// <summary>What no change alone can show: where entries were cut or dropped that are not here.</summary>
    private string? Rising()
    {
        var last = Outline.Base;
        foreach (var entry in entries)
        {
            if (entry.Index != last.Index.Next || entry.Term < last.Term) return $"{entry.Position} follows {last}";
            last = entry.Position;
        }

        return last == Outline.Last ? null : $"the log ends at {last}, not at {Outline.Last}";
    }

    /// <summary>Whether a change puts an entry behind one of a later term.</summary>
    private bool TermFalls(Effect.Persist change) =>
        !change.Entries.IsEmpty && change.KeepThrough > floor && Held(change.KeepThrough) is { } entry
        && change.Entries[0].Term < entry.Term && change.KeepThrough.Value > BaseAfter(change).Value;

    private static string Of(LogOutline outline) =>
        $"in {outline.CurrentTerm}, voting for {outline.VotedFor.Map(node => $"{node}").IfNone("nobody")}, with a log "
        + $"from {outline.Base} to {outline.Last} and a snapshot at {outline.File.Snapshot.Last} "
        + $"in file {outline.File.Number}";

    private LogIndex BaseAfter(Effect.Persist change) =>
        change.Snapshot.IsSome ? change.Base.Index : Outline.Base.Index;

    private Term TermAt(LogIndex index) =>
        index == Outline.Base.Index ? Outline.Base.Term : Held(index)?.Term ?? Term.Zero;

    private Entry? Held(LogIndex index) =>
        index > floor && index.Value - floor.Value <= (ulong)entries.Count
            ? entries[(int)(index.Value - floor.Value - 1)]
            : null;

    private void Drop(LogIndex through)
    {
        if (through <= floor) return;

        entries.RemoveRange(0, (int)Math.Min((ulong)entries.Count, through.Value - floor.Value));
        floor = through;
    }

    private void KeepThrough(LogIndex last)
    {
        if (last >= floor)
        {
            var kept = (int)Math.Min((ulong)entries.Count, last.Value - floor.Value);
            entries.RemoveRange(kept, entries.Count - kept);
            return;
        }

        entries.Clear();
        floor = last;
    }
}
