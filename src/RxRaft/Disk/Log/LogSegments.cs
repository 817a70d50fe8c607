namespace RxRaft;

/// <summary>The segments of a log, the oldest first, and what the later ones still need of those before them.</summary>
/// <param name="All">
/// With the last entry that may be in a segment before: entries after it are in the segment or in later ones.
/// </param>
internal sealed record LogSegments(Seq<(ulong Number, LogIndex Floor)> All)
{
    /// <summary>Of a disk that is being made.</summary>
    public static readonly LogSegments None = new(Seq<(ulong Number, LogIndex Floor)>());

    /// <summary>With another, that begins behind an entry.</summary>
    public LogSegments With(ulong number, LogIndex last) => new(All.Add((number, last)));

    /// <summary>
    /// After a change that drops the entries behind one. What takes their place is in the last segment.
    /// </summary>
    public LogSegments KeepThrough(LogIndex last) =>
        All.IsEmpty || All.ForAll(segment => segment.Floor <= last)
            ? this
            : new(All.Map(segment => (segment.Number, LogIndex.Min(segment.Floor, last))).Strict());

    /// <summary>Of a log that begins behind an entry: those that it needs, and those that it does not.</summary>
    public (LogSegments Needed, Seq<ulong> Dropped) Over(LogIndex start)
    {
        var count = 0;
        while (count + 1 < All.Count && All[count + 1].Floor <= start) count++;
        return count == 0
            ? (this, [])
            : (new(toSeq(All.Skip(count).ToArray())), toSeq(All.Take(count).Map(segment => segment.Number).ToArray()));
    }
}
