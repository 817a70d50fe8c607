namespace RxRaft.Benchmarks;

/// <summary>What a log does, in one of a thousand entries and in one of a million: it should take as long.</summary>
/// <remarks>
/// Cutting the tail and dropping the head copy the list of chunks, one for 1,024 entries, so these two do grow: by a
/// thousandth of what they would cost entry by entry.
/// </remarks>
[MemoryDiagnoser]
public class LogLength
{
    private const int Appends = 10_000;
    private static readonly Term T1 = new(1);

    private Log log = Log.Empty;
    private Seq<Seq<Entry>> next;
    private LogIndex middle, nearEnd;
    private Snapshot snapshot = Snapshot.Nothing;

    [Params(1_000, 1_000_000)]
    public int Entries { get; set; }

    /// <summary>A log of so many entries after place 0, each with a command of 64 bytes, in appends of a hundred.</summary>
    public static Log Of(int entries)
    {
        var log = Log.Empty;
        while (log.LastIndex.Value < (ulong)entries)
            log = log.Append(After(log.LastIndex, Math.Min(100, entries - (int)log.LastIndex.Value)));
        return log;
    }

    /// <summary>Entries for the places after one.</summary>
    public static Seq<Entry> After(LogIndex place, int count) => Range(1, count).Map(i =>
    {
        var index = place + i;
        return new Entry(new(T1, index), new Payload.Command(new(SessionId.None, index.Value), 0, new byte[64]));
    }).ToSeq().Strict();

    [GlobalSetup]
    public void Setup()
    {
        log = Of(Entries);
        next = After(log.LastIndex, Appends).Map(entry => Seq1(entry)).Strict();
        middle = new((ulong)Entries / 2);
        nearEnd = new((ulong)Entries - 10);
        snapshot = new(log.PositionAt(nearEnd), Configuration.Of(1, 2, 3), Size: 8);
    }

    /// <summary>One after the other, each to what came of the one before, as a node does it.</summary>
    [Benchmark(OperationsPerInvoke = Appends)]
    public Log AppendOne()
    {
        var longer = log;
        for (var i = 0; i < Appends; i++) longer = longer.Append(next[i]);
        return longer;
    }

    [Benchmark]
    public Option<Term> TermInTheMiddle() => log.TermAt(middle);

    [Benchmark]
    public Seq<Entry> TenFromTheMiddle() => log.Between(middle, middle + 10);

    [Benchmark]
    public LogPosition LatestWithin() => log.LatestWithin(new(T1, middle));

    [Benchmark]
    public Log CutTheTail() => log.KeepThrough(middle);

    [Benchmark]
    public Log DropTheHead() => log.OnTopOf(snapshot, log.PositionAt(nearEnd));
}
