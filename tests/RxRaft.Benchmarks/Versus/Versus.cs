using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;

namespace RxRaft.Benchmarks;

/// <summary>
/// How fast a whole cluster commits: ours and DotNext.Net.Cluster's, three nodes in one process, TCP on loopback, 64-byte
/// commands, with 1, 64 and 1,024 callers who each wait for their answer.
/// </summary>
/// <remarks>
/// Interleaved, so that both meet the same weather; a row has the medians of all samples, and their ratio. Before the samples
/// both do the same for a while on clusters of their own, since compiling what they need is not what is measured.
/// </remarks>
internal static class Versus
{
    private static readonly int[] Callers = [1, 64, 1_024];

    /// <summary>DotNext's log keeps a descriptor for every 4 KiB of metadata, so a run of it ends somewhere.</summary>
    private const int MostOfOneRun = 120_000;

    private static bool inPlace;

    private static readonly TimeSpan Warming = TimeSpan.FromSeconds(0.7);

    /// <summary>Measures and prints.</summary>
    /// <param name="arguments">
    /// <c>--quick</c>; or <c>--secs 2 --reps 5</c>: how long a sample takes and how many clusters of each there are.
    /// <c>--only memory</c> or <c>disk</c>; <c>--callers 64</c>; <c>--ours</c>: without the other; <c>--inplace</c>: our callers go
    /// on where their answer becomes known; <c>--limit</c>: one caller in memory, or <c>--callers</c> on disk, and what the
    /// same shape does without any Raft.
    /// </param>
    public static async Task Run(string[] arguments)
    {
        var quick   = arguments.Contains("--quick");
        var length  = TimeSpan.FromSeconds(Arguments.Number(arguments, "--secs", quick ? 0.4 : 2));
        var reps    = (int)Arguments.Number(arguments, "--reps", quick ? 3 : 5);
        var callers = (int)Arguments.Number(arguments, "--callers", 0);
        var only    = Arguments.Word(arguments, "--only");
        var alone   = arguments.Contains("--ours");
        inPlace     = arguments.Contains("--inplace");
        if (arguments.Contains("--limit"))
        {
            await Limit(reps, length, callers);
            return;
        }

        Console.WriteLine(
            $".NET {Environment.Version}, {Environment.ProcessorCount} cores, medians of {reps} samples of {length.TotalSeconds} s");
        Console.WriteLine(
            "                    commits a second        waiting, p50 / p99 in us     CPU, us a commit   bytes a commit");
        Console.WriteLine(
            "log      callers      ours    DotNext  ratio      ours          DotNext      ours  DotNext      ours  DotNext");
        foreach (var storage in Enum.GetValues<Storage>())
        {
            if (only is not null && !only.Equals($"{storage}", StringComparison.OrdinalIgnoreCase)) continue;
            int[] cases = callers > 0 ? [callers] : Callers;
            await Warm(storage, cases, rounds: quick ? 1 : 3, alone);
            var samples = await Sample(storage, cases, reps, length, alone);
            foreach (var many in cases) Report(storage, many, samples[many]);
        }
    }

    /// <summary>In turn: what does the same without any Raft, and the contenders; one caller's ours both ways.</summary>
    private static async Task Limit(int reps, TimeSpan length, int callers)
    {
        var all = new Dictionary<string, List<Result>>();
        for (var rep = -1; rep < reps; rep++)                                                   // the first warms up
        {
            if (callers > 1)
            {
                await Add("no Raft, three files", BareLog.Start());
                await Add("ours", Ours.Start(Storage.Disk));
                await Add("DotNext", DotNextRaft.Start(Storage.Disk));
            }
            else
            {
                await Add("a round trip to a quorum", Bare.Start());
                await Add("ours", Ours.Start(Storage.Memory));
                await Add("ours, answered in place", Ours.Start(Storage.Memory, inPlace: true));
                await Add("DotNext", DotNextRaft.Start(Storage.Memory));
            }

            if (rep < 0) foreach (var results in all.Values) results.Clear();
        }

        foreach (var (name, results) in all)
        {
            var median = Result.Median(results);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{name,-26} {median.PerSecond,8:F0} a second, p50 {median.P50:F0} us, p99 {median.P99:F0} us, {median.Work:F1} us CPU"));
        }

        async Task Add(string name, Task<IContender> starting)
        {
            await using var contender = await starting;
            if (!all.TryGetValue(name, out var results)) all[name] = results = [];
            results.Add(await Measure(contender, Math.Max(1, callers), length));
        }
    }

    private static async Task<Dictionary<int, (List<Result> Ours, List<Result> Theirs)>> Sample(
        Storage storage, int[] cases, int reps, TimeSpan length, bool alone)
    {
        var samples = cases.ToDictionary(many => many, _ => (Ours: new List<Result>(), Theirs: new List<Result>()));
        for (var rep = 0; rep < reps; rep++)
        {
            var (ours, theirs) = await Start(storage, alone);
            await using var _ = ours;
            await using var __ = theirs;
            foreach (var many in cases)
            {
                samples[many].Ours.Add(await Measure(ours, many, length));
                if (theirs is not null) samples[many].Theirs.Add(await Measure(theirs, many, length));
            }
        }

        return samples;
    }

    /// <summary>Until the compiler has done its part, which is not what is measured.</summary>
    private static async Task Warm(Storage storage, int[] cases, int rounds, bool alone)
    {
        for (var round = 0; round < rounds; round++)
        {
            var (ours, theirs) = await Start(storage, alone);
            await using var _ = ours;
            await using var __ = theirs;
            foreach (var many in cases)
            {
                await Drive(ours, many, Warming);
                if (theirs is not null) await Drive(theirs, many, Warming);
            }
        }
    }

    private static async Task<(IContender Ours, IContender? Theirs)> Start(Storage storage, bool alone)
    {
        var ours   = Ours.Start(storage, inPlace);
        var theirs = alone ? null : DotNextRaft.Start(storage);
        return (await ours, theirs is null ? null : await theirs);
    }

    private static async Task<Result> Measure(IContender cluster, int callers, TimeSpan length)
    {
        await Drive(cluster, callers, length / 4);                                          // warm
        GC.Collect();
        var bytes   = GC.GetTotalAllocatedBytes(precise: true);
        var work    = Environment.CpuUsage.TotalTime;
        var time    = Stopwatch.StartNew();
        var waits   = await Drive(cluster, callers, length);
        var elapsed = time.Elapsed;
        work  = Environment.CpuUsage.TotalTime - work;
        bytes = GC.GetTotalAllocatedBytes(precise: true) - bytes;
        waits.Sort();
        return new(
            waits.Count / elapsed.TotalSeconds, waits[waits.Count / 2], waits[(int)(waits.Count * 0.99)],
            work.TotalMicroseconds / waits.Count, bytes / (double)waits.Count);
    }

    private static async Task<List<double>> Drive(IContender cluster, int callers, TimeSpan length)
    {
        var (began, most) = (Stopwatch.GetTimestamp(), (cluster is DotNextRaft ? MostOfOneRun : int.MaxValue) / callers);
        var all = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var (waits, command) = (new List<double>(), new byte[64]);
            while (waits.Count < most)
            {
                var asked = Stopwatch.GetTimestamp();
                if (Stopwatch.GetElapsedTime(began, asked) > length) break;
                await cluster.Commit(command);
                waits.Add(Stopwatch.GetElapsedTime(asked).TotalMicroseconds);
            }

            return waits;
        })));
        return [.. all.SelectMany(waits => waits)];
    }

    private static void Report(Storage storage, int callers, (List<Result> Ours, List<Result> Theirs) samples)
    {
        var ours   = Result.Median(samples.Ours);
        var theirs = samples.Theirs.Count > 0 ? Result.Median(samples.Theirs) : default;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{storage,-8} {callers,7} {ours.PerSecond,9:F0} {theirs.PerSecond,10:F0} {ours.PerSecond / theirs.PerSecond,6:F2}"
            + $" {ours.P50,9:F0} /{ours.P99,6:F0} {theirs.P50,8:F0} /{theirs.P99,6:F0}"
            + $" {ours.Work,9:F1} {theirs.Work,8:F1} {ours.Bytes,9:F0} {theirs.Bytes,8:F0}"));
    }

    private readonly record struct Result(double PerSecond, double P50, double P99, double Work, double Bytes)
    {
        public static Result Median(List<Result> all) => new(
            Middle(all, one => one.PerSecond), Middle(all, one => one.P50), Middle(all, one => one.P99),
            Middle(all, one => one.Work), Middle(all, one => one.Bytes));

        private static double Middle(List<Result> all, Func<Result, double> of) =>
            all.Select(of).Order().ElementAt(all.Count / 2);
    }
}
