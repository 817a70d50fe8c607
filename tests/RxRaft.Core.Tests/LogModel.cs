using System.Linq;

namespace RxRaft.Tests;

/// <summary>What <see cref="Log"/> is, as plainly as it can be said: a snapshot, a place, and an array of entries.</summary>
internal sealed record LogModel(Snapshot Snapshot, LogPosition Base, long SizeAtBase, Entry[] Entries)
{
    public static readonly LogModel Empty = Over(Snapshot.Nothing);

    public LogPosition Last => Entries.Length == 0 ? Base : Entries[^1].Position;

    public static LogModel Over(Snapshot snapshot) => new(snapshot, snapshot.Last, 0, []);

    public LogModel Append(Entry[] entries) => this with { Entries = [.. Entries, .. entries] };

    public LogModel KeepThrough(LogIndex last) => this with { Entries = Through(last) };

    public LogModel OnTopOf(Snapshot snapshot, LogPosition from) => Contains(from)
        ? new(snapshot, from, SizeThrough(from.Index), Entries[Through(from.Index).Length..])
        : Over(snapshot);

    public Option<Term> TermAt(LogIndex index) =>
        index < Base.Index || index > Last.Index ? None : index == Base.Index ? Base.Term : At(index).Term;

    public bool Contains(LogPosition position) =>
        position.Index < Base.Index || TermAt(position.Index).Exists(term => term == position.Term);

    public Entry At(LogIndex index) => Entries[(int)(index.Value - Base.Index.Value - 1)];

    public Entry[] Through(LogIndex index) => Entries[..(int)(index.Value - Base.Index.Value)];

    public Entry[] Between(LogIndex after, LogIndex through) =>
        after >= through ? [] : Through(through)[(int)(after.Value - Base.Index.Value)..];

    public long SizeThrough(LogIndex index) => SizeAtBase + Through(index).Sum(entry => (long)entry.Size);

    /// <summary>Where the configuration in force at a place was appended, and which it is.</summary>
    public (LogIndex At, Configuration Configuration) ConfiguredAt(LogIndex index) =>
        Through(index).Where(entry => entry.Index > Snapshot.Last.Index)
            .Select(entry => (At: entry.Index, (entry.Payload as Payload.Configure)?.Configuration))
            .Where(entry => entry.Configuration is not null)
            .Select(entry => (entry.At, entry.Configuration!))
            .LastOrDefault((Snapshot.Last.Index, Snapshot.Configuration));

    public LogIndex Reach(LogIndex after, long bytes)
    {
        var size = 0L;
        var fit = Entries.Where(entry => entry.Index > after).TakeWhile(entry => (size += entry.Size) <= bytes).Count();
        return after + Math.Max(1, fit);
    }

    public LogPosition LatestWithin(LogPosition bound) =>
        bound.Index < Base.Index || bound.Term < Base.Term
            ? LogPosition.Zero
            : Entries.Where(entry => entry.Index <= bound.Index && entry.Term <= bound.Term)
                .Select(entry => entry.Position).LastOrDefault(Base);

    /// <summary>Entry by entry, from where both logs begin.</summary>
    public LogIndex AgreesThrough(LogModel earlier)
    {
        if (Contains(earlier.Last)) return earlier.Last.Index;

        var begin = LogIndex.Max(Base.Index, earlier.Base.Index);
        var ours = Entries.Where(entry => entry.Index > begin);
        var theirs = earlier.Entries.Where(entry => entry.Index > begin);
        return begin + ours.Zip(theirs).TakeWhile(pair => pair.Item1.Term == pair.Item2.Term).Count();
    }
}
