namespace RxRaft;

/// <summary>
/// A part of a log: consecutive entries, the last of a full one at a multiple of <see cref="Length"/>.
/// </summary>
/// <param name="From">Exclusive: the place before the first entry.</param>
/// <param name="SizeBefore">Bytes of the log before the first entry.</param>
/// <param name="Entries">
/// The entries. Only the first chunk of a log, which has lost its head, has fewer when full.
/// </param>
internal readonly record struct Chunk(LogIndex From, long SizeBefore, Seq<Entry> Entries)
{
    private const int Length = 1024;

    public static Chunk After(LogIndex from, long sizeBefore) => new(from, sizeBefore, []);

    /// <summary>Which chunk a place belongs to, counted from the beginning of all logs.</summary>
    public static ulong Number(LogIndex index) => (index.Value - 1) / Length;

    public static bool EndsAt(LogIndex index) => index.Value % Length == 0;

    public Entry this[LogIndex index] => Entries[(int)(index.Value - From.Value - 1)];

    /// <summary>A view, for who sends, writes or applies them: none of these keeps it for long.</summary>
    public Seq<Entry> Between(LogIndex after, LogIndex through) => Entries
        .Skip((int)(after.Value - From.Value)).Take((int)(through.Value - after.Value));

    public Chunk Append(Seq<Entry> more) => this with { Entries = Entries.And(more) };

    public Chunk KeepThrough(LogIndex last) => this with { Entries = Entries.FirstOf((int)(last.Value - From.Value)) };

    public Chunk DropThrough(LogIndex index) =>
        new(index, SizeThrough(index), Entries.LastOf(Entries.Count - (int)(index.Value - From.Value)));

    public long SizeThrough(LogIndex index)
    {
        var size = SizeBefore;
        for (var i = 0; i < (int)(index.Value - From.Value); i++) size += Entries[i].Size;
        return size;
    }
}

/// <summary>Sequences that mostly hold one item or none, or get one or none more.</summary>
internal static class FewItems
{
    /// <summary>Both, in order; at the cost of the second, where the first has room behind its end.</summary>
    public static Seq<A> And<A>(this Seq<A> first, Seq<A> second) =>
        second.IsEmpty ? first : first.IsEmpty ? second : first.Concat(second).Strict();

    /// <summary>Like Add, which makes room for eight at once: here one item is more likely than a second.</summary>
    public static Seq<A> With<A>(this Seq<A> items, A item) => items.IsEmpty ? Seq1(item) : items.Add(item);
}

/// <summary>
/// Copies, because a slice of a Seq is a view: it keeps what was cut alive, and copies itself at an append.
/// </summary>
internal static class Copies
{
    public static Seq<A> FirstOf<A>(this Seq<A> items, int count) => Slice(items, 0, count);

    public static Seq<A> LastOf<A>(this Seq<A> items, int count) => Slice(items, items.Count - count, count);

    public static Seq<A> Slice<A>(this Seq<A> items, int start, int count)
    {
        if (count == items.Count) return items;
        if (count == 0) return [];

        var copy = new A[count];
        for (var i = 0; i < count; i++) copy[i] = items[start + i];
        return toSeq(copy);
    }
}
