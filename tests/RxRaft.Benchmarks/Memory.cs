using System.Diagnostics;
using System.Globalization;

namespace RxRaft.Benchmarks;

/// <summary>What a million entries of 64 bytes weigh, what is left of them after a snapshot, and how long a node takes
/// to start with them and to hand them all to its state machine.</summary>
internal static class Memory
{
    private const int Entries = 1_000_000;
    private static readonly NodeId S1 = new(1);
    private static readonly Configuration Alone = Configuration.Of(1);

    private static PersistentState disk = PersistentState.Fresh;       // fields: a local would keep alive what is gone
    private static NodeState node = Raft.Boot(S1, Alone, Settings.Default, disk).State;

    /// <summary>Measures and prints.</summary>
    public static void Run()
    {
        var empty = Live();
        Timed("read back into a log, a hundred at a time", Read);
        Timed("the node starts with them", Start);
        Timed("it leads, and all of them go to its state machine", Lead);
        var full = Live() - empty;
        Timed("after a snapshot it drops all but a thousand", Compact);
        var kept = Live() - empty;

        var left = node.LastLog.Index.Value - node.Log.Base.Index.Value;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{"memory before and after the snapshot",-52} {full / 1e6,8:F1} MB {kept / 1e6,8:F2} MB: "
            + $"{(double)full / Entries:F0} and {(double)kept / left:F0} bytes an entry"));
    }

    private static void Read() => disk = PersistentState.Fresh with
    {
        CurrentTerm = new(1),
        Log = LogLength.Of(Entries),
    };

    private static void Start()
    {
        node = Raft.Boot(S1, Alone, Settings.Default, disk).State;
        disk = PersistentState.Fresh;
    }

    private static void Lead()
    {
        var applied = 0;
        Step(new Input.Tick { At = node.NextDeadline });
        if (applied <= Entries) throw new InvalidOperationException($"only {applied} entries were applied");

        void Step(Input input)
        {
            (node, var effects, _) = Raft.Step(node, input);
            foreach (var effect in effects)
                if (effect is Effect.Persist write)
                    Step(new Input.Persisted(write.CurrentTerm, write.VotedFor, write.LastLog) { At = node.Now });
                else if (effect is Effect.Apply(var entries))
                    applied += entries.Count;
        }
    }

    private static void Compact()
    {
        var applied = Raft.Step(node, new Input.Applied(node.CommitIndex) { At = node.Now });
        var take = applied.Effects.Choose(effect => effect is Effect.TakeSnapshot take ? Some(take) : None).Single();
        var snapshot = new Snapshot(take.Last, take.Configuration, Size: 8);
        node = Raft.Step(applied.State, new Input.Snapshotted(snapshot) { At = node.Now }).State;
    }

    private static long Live() => GC.GetTotalMemory(forceFullCollection: true);

    private static void Timed(string what, Action act)
    {
        var time = Stopwatch.StartNew();
        act();
        var taken = time.Elapsed;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{what,-52} {taken.TotalMilliseconds,8:F1} ms {taken.TotalNanoseconds / Entries,8:F0} ns an entry"));
    }
}
