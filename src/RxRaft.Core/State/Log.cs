namespace RxRaft;

/// <summary>
/// A node's log: entries 1 to <see cref="LastIndex"/>, terms never falling. A value; every change makes a new one.
/// </summary>
/// <remarks>
/// §3.5. Appends in amortised O(1), indexes in O(1), cuts its tail in the time it takes to copy one chunk, and then
/// keeps nothing of what it cut alive: sealed chunks of entries and an unsealed tail. Equality compares the entries.
/// </remarks>
public sealed class Log : IEquatable<Log>
{
    private const int ChunkSize = 1024;

    private readonly Seq<Seq<Entry>> chunks;    // each of exactly ChunkSize entries
    private readonly Seq<Entry> tail;           // fewer

    private Log(Seq<Seq<Entry>> chunks, Seq<Entry> tail, LogPosition last) =>
        (this.chunks, this.tail, Last) = (chunks, tail, last);

    /// <summary>No entries.</summary>
    public static readonly Log Empty = new([], [], LogPosition.Zero);

    /// <summary>Position of the last entry; <see cref="LogPosition.Zero"/> in an empty log.</summary>
    public LogPosition Last { get; }

    /// <summary>Index of the last entry, which is also how many there are.</summary>
    public LogIndex LastIndex => Last.Index;

    /// <summary>The entry at a place.</summary>
    /// <param name="index">From 1 to <see cref="LastIndex"/>, inclusive.</param>
    /// <exception cref="InvariantViolationException">There is no entry at that place.</exception>
    public Entry this[LogIndex index]
    {
        get
        {
            Require(index > LogIndex.Zero && index <= LastIndex);
            var (chunk, offset) = Math.DivRem(index.Value - 1, ChunkSize);
            return (int)chunk < chunks.Count ? chunks[(int)chunk][(int)offset] : tail[(int)offset];
        }
    }

    /// <summary>The term at a place; term 0 at place 0; none past the end.</summary>
    public Option<Term> TermAt(LogIndex index) =>
        index <= LastIndex ? Some(TermOf(index)) : None;

    /// <summary>The term and index of the entry at a place; <see cref="LogPosition.Zero"/> at place 0.</summary>
    /// <param name="index">From 0 to <see cref="LastIndex"/>, inclusive.</param>
    /// <exception cref="InvariantViolationException">There is no entry at that place.</exception>
    public LogPosition PositionAt(LogIndex index) => new(TermOf(index), index);

    /// <summary>Does the log contain this very entry? Then it agrees with its creator's log up to there.</summary>
    /// <remarks>§3.5, Log Matching Property. Position 0 is in every log.</remarks>
    public bool Contains(LogPosition position) =>
        position.Index <= LastIndex && TermOf(position.Index) == position.Term;

    /// <summary>Adds entries behind the last.</summary>
    /// <exception cref="InvariantViolationException">An index is skipped or a term falls.</exception>
    public Log Append(Seq<Entry> entries)
    {
        var (full, open, last) = (chunks, tail, Last);
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            Require(entry.Index == last.Index.Next);
            Require(entry.Term >= last.Term);

            (open, last) = (open.Add(entry), entry.Position);
            if (open.Count == ChunkSize) (full, open) = (full.Add(open), []);
        }

        return entries.IsEmpty ? this : new Log(full, open, last);
    }

    /// <summary>Keeps the entries up to a place and drops those after it.</summary>
    /// <param name="last">Inclusive; from 0 to <see cref="LastIndex"/>.</param>
    public Log KeepThrough(LogIndex last)
    {
        Require(last <= LastIndex);
        if (last == LastIndex) return this;

        var (full, open) = Math.DivRem((int)last.Value, ChunkSize);
        var cut = full < chunks.Count ? chunks[full] : tail;
        return new Log(FirstOf(chunks, full), FirstOf(cut, open), PositionAt(last));
    }

    /// <summary>The entries after a place, to the end.</summary>
    /// <param name="index">Exclusive.</param>
    public Seq<Entry> After(LogIndex index)
    {
        if (index >= LastIndex) return [];

        var entries = new Entry[LastIndex.Value - index.Value];
        for (var i = 0; i < entries.Length; i++) entries[i] = this[index + (i + 1)];
        return toSeq(entries);
    }

    /// <summary>
    /// The last entry with neither a later index nor a later term: where another log may still agree with ours.
    /// </summary>
    /// <param name="bound">
    /// What is known of the other log: nothing of it at or before that index has a later term.
    /// </param>
    /// <returns>Its position; <see cref="LogPosition.Zero"/> when every entry is later.</returns>
    /// <remarks>§3.5: backs up over whole terms in one round trip. A binary search, since terms never fall.</remarks>
    public LogPosition LatestWithin(LogPosition bound)
    {
        var end = LogIndex.Min(bound.Index, LastIndex);
        return PositionAt(LastWhere(end, index => this[index].Term <= bound.Term));
    }

    /// <summary>The last place at which this log still has the entries of an earlier version of itself.</summary>
    /// <remarks>
    /// By the Log Matching Property logs that agree in a term at a place agree before it, so this searches by halves.
    /// </remarks>
    public LogIndex AgreesThrough(Log earlier)
    {
        if (Contains(earlier.Last)) return earlier.LastIndex;                       // the usual case: only appended

        var end = LogIndex.Min(LastIndex, earlier.LastIndex);
        return LastWhere(end, index => this[index].Term == earlier[index].Term);
    }

    /// <inheritdoc/>
    public bool Equals(Log? other) =>
        ReferenceEquals(this, other) ||
        (other is not null && Last == other.Last && After(LogIndex.Zero).Equals(other.After(LogIndex.Zero)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Log);

    /// <inheritdoc/>
    public override int GetHashCode() => Last.GetHashCode();

    /// <summary>T4#7, the position of the last entry.</summary>
    public override string ToString() => Last.ToString();

    /// <summary>
    /// The last place up to an end where something holds that, once it does not, holds nowhere after.
    /// </summary>
    /// <returns>Place 0, where it needs no asking, if it holds nowhere.</returns>
    private static LogIndex LastWhere(LogIndex end, Func<LogIndex, bool> holds)
    {
        var (low, high) = (LogIndex.Zero, end);
        while (low < high)
        {
            var middle = new LogIndex(low.Value + (high.Value - low.Value + 1) / 2);
            if (holds(middle)) low = middle; else high = middle.Previous;
        }

        return low;
    }

    private Term TermOf(LogIndex index) => index == LogIndex.Zero ? Term.Zero : this[index].Term;

    // A copy, because a slice of a Seq is a view: it would keep what was cut alive, and copy itself at an append.
    private static Seq<A> FirstOf<A>(Seq<A> items, int count)
    {
        if (count == items.Count) return items;

        var copy = new A[count];
        for (var i = 0; i < count; i++) copy[i] = items[i];
        return toSeq(copy);
    }
}
