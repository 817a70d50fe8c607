using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Reactive.Concurrency;
using System.Reactive.Subjects;

namespace RxRaft.Benchmarks;

/// <summary>
/// What it costs to apply a committed command of a session, to a state machine that does next to nothing itself: adds
/// the command's first byte to a number, and says nothing.
/// </summary>
/// <remarks>
/// Entries come in batches, and a window of commands is under way: each says that the client has the answers to all that
/// came a window before it. Of a few samples the best is shown: what disturbs only ever takes longer.
/// </remarks>
internal static class Apply
{
    private const int Samples = 5;
    private const int Commands = 1 << 19;

    /// <summary>Measures and prints.</summary>
    public static void Run()
    {
        Console.WriteLine($"{"apply a command",-44} {"ns",8} {"bytes",8}");
        Report("without a session, batch=64", Replicas(Batches(64, window: 0)));
        foreach (var (batch, window) in ((int, int)[])[(1, 1), (1, 1024), (64, 64), (64, 1024), (1024, 1024)])
            Report($"batch={batch} window={window}", Replicas(Batches(batch, window)));
        Report("batch=64 window=1024, three clients in turn", Replicas(Batches(64, 1024, clients: 3)));
        Report("batch=64 window=1024, every fourth too late", Replicas(Batches(64, 1024, swap: true)));
        foreach (var (batch, window) in ((int, int)[])[(1, 1), (64, 64), (64, 1024), (1024, 1024)])
        {
            Report($"batch={batch} window={window}, shown", Lane(Batches(batch, window), waiting: false));
            Report($"batch={batch} window={window}, shown and told", Lane(Batches(batch, window), waiting: true));
        }
    }

    /// <param name="name">Of the case.</param>
    /// <param name="prepare">All that does not count; what it returns does.</param>
    private static void Report(string name, Func<Action> prepare)
    {
        var best = (Nanoseconds: double.MaxValue, Bytes: 0.0);
        for (var sample = 0; sample < Samples; sample++)
            if (Measure(prepare()) is var one && one.Nanoseconds < best.Nanoseconds) best = one;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-44} {best.Nanoseconds,8:F0} {best.Bytes,8:F0}"));
    }

    private static (double Nanoseconds, double Bytes) Measure(Action act)
    {
        GC.Collect();
        var (allocated, time) = (GC.GetAllocatedBytesForCurrentThread(), Stopwatch.StartNew());
        act();
        var elapsed = time.Elapsed;
        return (elapsed.TotalNanoseconds / Commands, (GC.GetAllocatedBytesForCurrentThread() - allocated) / (double)Commands);
    }

    private static Func<Action> Replicas(Seq<Entry>[] batches) => () => () =>
    {
        var replica = Replica.Of(Sum.Machine);
        foreach (var entries in batches) replica = Applied(replica, entries);
    };

    /// <summary>What a node does: somebody watches the states, and the clients of this node wait for answers.</summary>
    private static Func<Action> Lane(Seq<Entry>[] batches, bool waiting) => () =>
    {
        var requests = new Requests(who => who.Execute());
        var (work, states) = (new Subject<MachineWork>(), new ReplaySubject<(LogIndex, long)>(bufferSize: 1));
        var lane = new MachineLane<long, byte, byte>(
            Sum.Machine, new InMemoryDisk(), requests, states, ImmediateScheduler.Instance, ImmediateScheduler.Instance);
        lane.Run(work).Subscribe();
        if (waiting)
            foreach (var entries in batches)
                foreach (var entry in entries)
                    if (entry.Payload is Payload.Command command) requests.Add<byte>(command.Request);

        return () => { foreach (var entries in batches) work.OnNext(new MachineWork.Apply(entries)); };
    };

    private static Replica<long, byte> Applied(Replica<long, byte> replica, Seq<Entry> entries)
    {
        var applying = replica.Begin();
        for (var i = 0; i < entries.Count; i++) Sum.Machine.Apply(applying, entries[i]);
        return applying.Replica;
    }

    private static Seq<Entry>[] Batches(int batch, int window, int clients = 1, bool swap = false)
    {
        var registered = Range(1, clients).Map(n => new Entry(Place(n), new Payload.Register(new(SessionId.None, 1), 8)));
        var batches = new List<Seq<Entry>> { toSeq(registered).Strict() };
        for (var first = 0; first < Commands; first += batch)
            batches.Add(toSeq(Range(first, batch)).Map(number => new Entry(Place(clients + number + 1), Command(number))).Strict());
        return [.. batches];

        Payload.Command Command(int number)
        {
            var sequence = (swap && (number & 2) > 0 ? number ^ 1 : number) / clients + 1;     // 1 2 4 3 5 6 8 7
            var session  = window == 0 ? SessionId.None : new SessionId((ulong)(number % clients + 1));
            var request  = new RequestId(session, (ulong)sequence);
            return new(request, FirstUnanswered: (ulong)Math.Max(1, sequence - window + 1), new byte[64]);
        }
    }

    private static LogPosition Place(int index) => new(new Term(1), new LogIndex((ulong)index));

    private sealed class Sum : IMachine<long, byte, byte>, ISerializer<long>, ISerializer<byte>
    {
        public static readonly Sum Machine = new();

        public long Initial => 0;

        public (long State, byte Result) Apply(long state, byte command) => (state + command, command);

        public ISerializer<long> States => this;

        public ISerializer<byte> Commands => this;

        public ISerializer<byte> Results => this;

        public void Write(long value, IBufferWriter<byte> writer)
        {
            BinaryPrimitives.WriteInt64LittleEndian(writer.GetSpan(sizeof(long)), value);
            writer.Advance(sizeof(long));
        }

        public void Write(byte value, IBufferWriter<byte> writer) => writer.Write([value]);

        long ISerializer<long>.Read(ReadOnlyMemory<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes.Span);

        byte ISerializer<byte>.Read(ReadOnlyMemory<byte> bytes) => bytes.Span[0];
    }
}
