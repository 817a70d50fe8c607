namespace RxRaft;

/// <summary>
/// A node's log: a snapshot, and the entries after its <see cref="Base"/>, terms never falling. A value; every change
/// makes a new one.
/// </summary>
/// <remarks>
/// §3.5, §5.1. Appends in amortised O(1), indexes in O(1), cuts its tail and drops its head in the time it takes to
/// copy one chunk of entries and the list of chunks, and then keeps nothing of what it cut alive. Equality compares
/// the base and the entries.
/// </remarks>
public sealed class Log : IEquatable<Log>
{
    private readonly Seq<Chunk> chunks;                 // sealed; together with the tail, consecutive
    private readonly Chunk tail;                        // open
    private readonly Seq<(LogIndex At, Configuration Configuration)> configurations;    // the snapshot's, and later

    private Log(
        Snapshot snapshot, LogPosition from, Seq<Chunk> chunks, Chunk tail, LogPosition last, long size,
        Seq<(LogIndex At, Configuration Configuration)> configurations)
    {
        (Snapshot, Base, Last, Size) = (snapshot, from, last, size);
        (this.chunks, this.tail, this.configurations) = (chunks, tail, configurations);
    }

    /// <summary>No entries, no snapshot, and nobody in the configuration.</summary>
    public static readonly Log Empty = Over(Snapshot.Nothing);

    /// <summary>No entries over a snapshot.</summary>
    public static Log Over(Snapshot snapshot) => Over(snapshot, snapshot.Last);

    /// <summary>A log that begins before its snapshot ends, with no entries yet: they are to be appended.</summary>
    /// <param name="snapshot">The latest.</param>
    /// <param name="from">The new log's <see cref="Base"/>; not after the snapshot's last entry.</param>
    public static Log Over(Snapshot snapshot, LogPosition from) => Over(snapshot, from, size: 0);

    internal static Log Over(Snapshot snapshot, LogPosition from, long size) => new(
        snapshot, from, [], Chunk.After(from.Index, size), from, size,
        Seq1((snapshot.Last.Index, snapshot.Configuration)));

    /// <summary>What stands for the entries that are no longer here.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>The position just before the first entry; not after the snapshot's last.</summary>
    public LogPosition Base { get; }

    /// <summary>Position of the last entry; <see cref="Base"/> when there are no entries.</summary>
    public LogPosition Last { get; }

    /// <summary>Index of the last entry.</summary>
    public LogIndex LastIndex => Last.Index;

    /// <summary>
    /// Bytes, after <see cref="Entry.Size"/>, appended and not cut since the log began, dropped ones too.
    /// </summary>
    public long Size { get; }

    /// <summary>The latest configuration in the log, committed or not: the one in force.</summary>
    /// <remarks>§4.1: "each server always uses the latest configuration found in its log".</remarks>
    public Configuration Configuration => configurations[configurations.Count - 1].Configuration;

    /// <summary>Where it was appended; not after the snapshot's last entry when that brought it.</summary>
    public LogIndex ConfiguredAt => configurations[configurations.Count - 1].At;

    /// <summary>The entry at a place.</summary>
    /// <param name="index">After <see cref="Base"/>, to <see cref="LastIndex"/>, inclusive.</param>
    /// <exception cref="InvariantViolationException">There is no entry at that place.</exception>
    public Entry this[LogIndex index]
    {
        get
        {
            Require(index > Base.Index && index <= LastIndex);
            return (index > tail.From ? tail : chunks[NumberOf(index)])[index];
        }
    }

    /// <summary>The term at a place; none before the base and past the end.</summary>
    public Option<Term> TermAt(LogIndex index) =>
        index >= Base.Index && index <= LastIndex ? Some(TermOf(index)) : None;

    /// <summary>The term and index of the entry at a place.</summary>
    /// <param name="index">From <see cref="Base"/> to <see cref="LastIndex"/>, inclusive.</param>
    /// <exception cref="InvariantViolationException">There is no entry at that place.</exception>
    public LogPosition PositionAt(LogIndex index) => new(TermOf(index), index);

    /// <summary>Does the log contain this very entry? Then it agrees with its creator's log up to there.</summary>
    /// <remarks>
    /// §3.5, Log Matching Property. What is before the base was committed, so every leader that asks has it, and it
    /// counts as contained.
    /// </remarks>
    public bool Contains(LogPosition position) =>
        position.Index < Base.Index || (position.Index <= LastIndex && TermOf(position.Index) == position.Term);

    /// <summary>The configuration in force at a place.</summary>
    /// <param name="index">From the snapshot's last to <see cref="LastIndex"/>, inclusive.</param>
    public Configuration ConfigurationAt(LogIndex index) => configurations[LastAt(index)].Configuration;

    /// <summary>Adds entries behind the last.</summary>
    /// <exception cref="InvariantViolationException">An index is skipped or a term falls.</exception>
    public Log Append(Seq<Entry> entries)
    {
        if (entries.IsEmpty) return this;

        var (full, open, last, size, configured, begun) = (chunks, tail, Last, Size, configurations, 0);
        for (var i = 0; i < entries.Count; i++)
        {
            var entry = entries[i];
            Require(entry.Index == last.Index.Next && entry.Term >= last.Term);
            (last, size) = (entry.Position, size + entry.Size);
            if (entry.Payload is Payload.Configure(var configuration))
                configured = configured.Add((entry.Index, configuration));
            if (!Chunk.EndsAt(last.Index)) continue;

            full = full.Add(open.Append(entries.Slice(begun, i + 1 - begun)));
            (open, begun) = (Chunk.After(last.Index, size), i + 1);
        }

        open = open.Append(entries.Slice(begun, entries.Count - begun));
        return new(Snapshot, Base, full, open, last, size, configured);
    }

    /// <summary>Keeps the entries up to a place and drops those after it.</summary>
    /// <param name="last">Inclusive; from <see cref="Base"/> to <see cref="LastIndex"/>.</param>
    public Log KeepThrough(LogIndex last)
    {
        Require(last >= Base.Index && last <= LastIndex);
        if (last == LastIndex) return this;

        var inTail = last >= tail.From;
        var number = inTail ? chunks.Count : NumberOf(last.Next);
        var cut = (inTail ? tail : chunks[number]).KeepThrough(last);
        return new(Snapshot, Base, chunks.FirstOf(number), cut, PositionAt(last), cut.SizeThrough(last),
            configurations.FirstOf(LastAt(last) + 1));
    }

    /// <summary>The same log over another snapshot, without the entries through a place.</summary>
    /// <param name="snapshot">Not older than the present one.</param>
    /// <param name="from">
    /// Not after the snapshot's last entry. If the log does not contain it, everything goes, and it must be that last
    /// entry.
    /// </param>
    /// <remarks>§5.1: "If, instead, the follower receives a snapshot that describes a prefix of its log".</remarks>
    public Log OnTopOf(Snapshot snapshot, LogPosition from)
    {
        Require(from.Index <= snapshot.Last.Index);
        if (from.Index < Base.Index || !Contains(from))
        {
            Require(from == snapshot.Last);
            return Over(snapshot);
        }

        var inTail = from.Index >= tail.From;
        var number = inTail ? chunks.Count : NumberOf(from.Index.Next);
        var kept = chunks.LastOf(chunks.Count - number);
        if (!inTail) kept = kept[0].DropThrough(from.Index).Cons(kept.LastOf(kept.Count - 1)).Strict();
        var later = configurations.Filter(configured => configured.At > snapshot.Last.Index);
        var configured = (snapshot.Last.Index, snapshot.Configuration).Cons(later).Strict();
        return new(snapshot, from, kept, inTail ? tail.DropThrough(from.Index) : tail, Last, Size, configured);
    }

    /// <summary>The entries after a place, to the end.</summary>
    /// <param name="index">Exclusive; not before <see cref="Base"/>.</param>
    public Seq<Entry> After(LogIndex index) => Between(index, LastIndex);

    /// <summary>The entries after a place, up to another.</summary>
    /// <param name="after">Exclusive; not before <see cref="Base"/>.</param>
    /// <param name="through">Inclusive; at most <see cref="LastIndex"/>.</param>
    public Seq<Entry> Between(LogIndex after, LogIndex through)
    {
        if (after >= through) return [];
        if (after >= tail.From && through <= LastIndex) return tail.Between(after, through);
        var entries = new Entry[through.Value - after.Value];
        for (var i = 0; i < entries.Length; i++) entries[i] = this[after + (i + 1)];
        return toSeq(entries);
    }

    /// <summary>Where entries after a place that have so many bytes together end; at least one further.</summary>
    /// <param name="after">Exclusive; before <see cref="LastIndex"/>, not before <see cref="Base"/>.</param>
    /// <param name="bytes">At most, after <see cref="Entry.Size"/>, unless the first alone has more.</param>
    /// <returns>The last of them, and how many bytes they have.</returns>
    public (LogIndex Last, long Size) Reach(LogIndex after, long bytes)
    {
        var last = after.Next;
        long size = this[last].Size;
        while (last < LastIndex && size + this[last.Next].Size is var more && more <= bytes)
            (last, size) = (last.Next, more);
        return (last, size);
    }

    /// <summary>Bytes from the log's beginning through a place; see <see cref="Size"/>.</summary>
    /// <param name="index">From <see cref="Base"/> to <see cref="LastIndex"/>, inclusive.</param>
    public long SizeThrough(LogIndex index) =>
        index == LastIndex ? Size
        : index >= tail.From ? tail.SizeThrough(index)
        : chunks[NumberOf(index.Next)].SizeThrough(index);

    /// <summary>
    /// The last entry with neither a later index nor a later term: where another log may still agree with ours.
    /// </summary>
    /// <param name="bound">
    /// What is known of the other log: nothing of it at or before that index has a later term.
    /// </param>
    /// <returns>Its position; <see cref="LogPosition.Zero"/> when every entry here is later, the base too.</returns>
    /// <remarks>§3.5: backs up over whole terms in one round trip. A binary search, since terms never fall.</remarks>
    public LogPosition LatestWithin(LogPosition bound)
    {
        if (bound.Index < Base.Index || bound.Term < Base.Term) return LogPosition.Zero;

        var end = LogIndex.Min(bound.Index, LastIndex);
        return PositionAt(Search.LastWhere(Base.Index, end, index => this[index].Term <= bound.Term));
    }

    /// <summary>The last place at which this log still has the entries of an earlier version of itself.</summary>
    /// <remarks>
    /// By the Log Matching Property logs that agree in a term at a place agree before it, so this searches by halves.
    /// </remarks>
    public LogIndex AgreesThrough(Log earlier)
    {
        if (Contains(earlier.Last)) return earlier.LastIndex;                       // the usual case: only appended

        var begin = LogIndex.Max(Base.Index, earlier.Base.Index);
        var end = LogIndex.Min(LastIndex, earlier.LastIndex);
        return Search.LastWhere(begin, end, index => this[index].Term == earlier[index].Term);
    }

    /// <inheritdoc/>
    public bool Equals(Log? other) =>
        ReferenceEquals(this, other) || (other is not null && Last == other.Last && Base == other.Base
            && After(Base.Index).Equals(other.After(Base.Index)));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Log);

    /// <inheritdoc/>
    public override int GetHashCode() => Last.GetHashCode();

    /// <summary>T4#7, the position of the last entry.</summary>
    public override string ToString() => Last.ToString();

    private Term TermOf(LogIndex index) => index == Base.Index ? Base.Term : this[index].Term;

    private int NumberOf(LogIndex index) => (int)(Chunk.Number(index) - Chunk.Number(chunks[0].From.Next));

    private int LastAt(LogIndex index)
    {
        var found = configurations.Count - 1;
        while (found > 0 && configurations[found].At > index) found--;
        return found;
    }
}
