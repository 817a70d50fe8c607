using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;

namespace RxRaft.Benchmarks;

/// <summary>
/// How fast three nodes commit, by the core alone: messages by function call, disks instant, no time passing.
/// </summary>
/// <remarks>
/// One line a case, in the form in which other libraries' drivers print theirs: the median of a few samples, and their
/// range. "batch" proposes the whole window at once, "propose" one command at a time, as long as the window has room.
/// </remarks>
internal static class Core
{
    private const int Bytes = 64;

    /// <summary>It takes .NET some seconds of one core to compile all this as well as it can.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(4);

    private static readonly Settings Kept = Settings.Default with
    {
        Snapshots = SnapshotPolicy.Default with { Entries = 16_384, Trailing = 4_096 },
    };

    /// <summary>Measures and prints.</summary>
    /// <param name="arguments">
    /// <c>--secs 1 --reps 5</c>: how long each sample takes, and how many there are; <c>--window 1</c>: one case alone.
    /// </param>
    public static void Run(string[] arguments)
    {
        var length = TimeSpan.FromSeconds(Arguments.Number(arguments, "--secs", 1));
        var samples = (int)Arguments.Number(arguments, "--reps", 5);
        Console.WriteLine($".NET {Environment.Version}, {Environment.ProcessorCount} cores");
        var only = (int)Arguments.Number(arguments, "--window", 0);
        foreach (var (window, batch) in ((int, bool)[])[(1, false), (64, false), (64, true), (1024, false), (1024, true)])
        {
            if (only > 0 && (only != window || batch)) continue;
            var name = $"commit 3n {(batch ? "batch  " : "propose")} {Bytes}B window={window}";
            Measure(WarmUp, Commit(window, batch));
            Report(name, [.. Range(0, samples).Map(_ => Measure(length, Commit(window, batch)))]);
        }
    }

    /// <summary>One more round of commits; how many commands it committed.</summary>
    private static Func<long> Commit(int window, bool batch)
    {
        var cluster = new Cluster(size: 3, Kept);
        cluster.Elect();
        var proposed = 0UL;
        return () =>
        {
            var before = cluster.Applied;
            if (batch) cluster.Propose(Commands(window));
            else while ((long)proposed - cluster.Applied < window) cluster.Propose(Commands(1));
            if (batch || window == 1) cluster.Settle(); else cluster.Round();
            return cluster.Applied - before;
        };

        Seq<Proposal> Commands(int count)
        {
            var commands = new Proposal[count];
            for (var i = 0; i < count; i++)
                commands[i] = new(new Payload.Command(new(SessionId.None, ++proposed), 0, new byte[Bytes]));
            return toSeq(commands);
        }
    }

    private static Sample Measure(TimeSpan length, Func<long> act)
    {
        GC.Collect();
        var (operations, allocated, time) = (0L, GC.GetTotalAllocatedBytes(precise: true), Stopwatch.StartNew());
        while (time.Elapsed < length) operations += act();
        var elapsed = time.Elapsed;
        return new(operations / elapsed.TotalSeconds, elapsed.TotalNanoseconds / operations,
            (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)operations);
    }

    private static void Report(string name, List<Sample> samples)
    {
        samples.Sort((a, b) => a.Nanoseconds.CompareTo(b.Nanoseconds));
        var median = samples[samples.Count / 2];
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-44} {median.PerSecond,12:F0} op/s {median.Nanoseconds,9:F0} ns/op {median.Bytes,8:F0} B/op"
            + $"  [{samples[^1].PerSecond:F0}..{samples[0].PerSecond:F0} op/s]"));
    }

    private readonly record struct Sample(double PerSecond, double Nanoseconds, double Bytes);
}
