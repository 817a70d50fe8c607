using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using static System.FormattableString;

namespace RxRaft.Benchmarks;

/// <summary>
/// What a journal costs: commits a second of three nodes in memory over TCP, recorded and not, in turns in one process.
/// </summary>
internal static class Journaling
{
    private const int Rounds = 9;

    public static async Task Run(string[] arguments)
    {
        var seconds = Arguments.Number(arguments, "--seconds", otherwise: 2);
        var rounds  = (int)Arguments.Number(arguments, "--rounds", Rounds);
        Console.WriteLine(Invariant($"Three nodes in memory over TCP, 64-byte commands; {rounds} rounds of {seconds} s each, medians"));
        Console.WriteLine("callers   plain/s   recorded/s   ratio (least-most)   CPU, us a commit   recorded   ratio   bytes a commit");
        foreach (var callers in (int[])[1, 64, 1_024])
        {
            var plain = await Ours.Start(Storage.Memory);
            var root  = Directory.CreateTempSubdirectory("journaling-");
            var recorded = await Ours.Start(Storage.Memory, root.FullName);
            try
            {
                Console.WriteLine(await Row(plain, recorded, root, callers, seconds, rounds));
            }
            finally
            {
                await recorded.DisposeAsync();
                await plain.DisposeAsync();
                root.Delete(recursive: true);
            }
        }
    }

    private static async Task<string> Row(
        IContender plain, IContender recorded, DirectoryInfo root, int callers, double seconds, int rounds)
    {
        var span = TimeSpan.FromSeconds(seconds);
        await Commits(plain, callers, span);                    // warm
        await Commits(recorded, callers, span);
        var pairs = new List<(Sample Plain, Sample Recorded)>();
        var bytes = Written(root);
        for (var round = 0; round < rounds; round++)
        {
            // Who goes first changes, since the second finds a warmer machine.
            var first  = await Commits(round % 2 == 0 ? plain : recorded, callers, span);
            var second = await Commits(round % 2 == 0 ? recorded : plain, callers, span);
            pairs.Add(round % 2 == 0 ? (first, second) : (second, first));
        }

        var more   = (Written(root) - bytes) / (double)pairs.Sum(pair => pair.Recorded.Commits);
        var ratios = pairs.Select(pair => pair.Recorded.ASecond / pair.Plain.ASecond).Order().ToArray();
        var cpu    = (Plain: Median(pairs.Select(pair => pair.Plain.Cpu)), Recorded: Median(pairs.Select(pair => pair.Recorded.Cpu)));
        return Invariant($"{callers,7}{Median(pairs.Select(pair => pair.Plain.ASecond)),10:0}")
            + Invariant($"{Median(pairs.Select(pair => pair.Recorded.ASecond)),13:0}")
            + Invariant($"{Median(ratios),8:0.00} ({ratios[0]:0.00}-{ratios[^1]:0.00})")
            + Invariant($"{cpu.Plain,19:0.0}{cpu.Recorded,11:0.0}{cpu.Recorded / cpu.Plain,8:0.00}{more,17:0}");
    }

    /// <param name="Commits">How many.</param>
    /// <param name="ASecond">The same a second.</param>
    /// <param name="Cpu">Microseconds of the whole process a commit: less disturbed by who else is on the machine.</param>
    private sealed record Sample(long Commits, double ASecond, double Cpu);

    /// <summary>A second, of callers that each wait for their answer.</summary>
    private static async Task<Sample> Commits(IContender cluster, int callers, TimeSpan span)
    {
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);
        var done = await Task.WhenAll(Enumerable.Range(0, callers).Select(async _ =>
        {
            var (command, commits) = (new byte[64], 0L);
            for (; watch.Elapsed < span; commits++) await cluster.Commit(command);
            return commits;
        }));
        var all = done.Sum();
        return new(all, all / watch.Elapsed.TotalSeconds, (Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / all);
    }

    /// <summary>Of files that are still there: with the bound out of reach, of all.</summary>
    private static long Written(DirectoryInfo root) => root.GetFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
