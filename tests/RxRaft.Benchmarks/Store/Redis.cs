using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Threading.Tasks;

namespace RxRaft.Benchmarks;

/// <summary>
/// The key-value sample driven by redis-benchmark, against Debian's etcd driven by its own client: three processes
/// each, on one disk, callers that each wait for their answer, all at the leader. etcd's client puts 64 bytes under
/// 16-byte keys; redis-benchmark sets 3 bytes under one key unless it is told otherwise, so there is a test of each.
/// </summary>
/// <remarks>Interleaved, so that both meet the same weather; medians of all samples, and their ratio.</remarks>
internal static class Redis
{
    private static readonly string[] AsTheirs = ["-d", "64", "-r", "100000"];
    private static readonly (string Name, string Ours, string[] How, string Theirs)[] Tests =
    [
        ("set", "set", [], "put"), ("get", "get", [], "get"), ("set 64 B", "set", AsTheirs, "put"), ("get 64 B", "get", AsTheirs, "get"),
    ];

    /// <param name="arguments">
    /// <c>--quick</c>; or <c>--secs 3 --reps 5</c>; <c>--callers 64</c>; <c>--ours</c>: without etcd.
    /// </param>
    public static async Task Run(string[] arguments)
    {
        var quick   = arguments.Contains("--quick");
        var length  = TimeSpan.FromSeconds(Arguments.Number(arguments, "--secs", quick ? 2 : 4));
        var reps    = (int)Arguments.Number(arguments, "--reps", quick ? 3 : 5);
        var callers = (int)Arguments.Number(arguments, "--callers", 64);
        using var ours   = await StoreCluster.Start();
        using var theirs = arguments.Contains("--ours") ? null : await EtcdCluster.Start();

        Console.WriteLine($"{callers} callers, three durable processes each, medians of {reps} samples of about {length.TotalSeconds} s");
        Console.WriteLine("                   a second                     waiting, p50 / p99 in ms");
        Console.WriteLine("test          ours       etcd  ratio (range)     ours             etcd");
        var samples = Tests.ToDictionary(test => test.Name, _ => (Ours: new List<Throughput>(), Theirs: new List<Throughput>()));
        for (var rep = -3; rep < reps; rep++)                          // the first ones warm up
            foreach (var test in Tests)
            {
                var mine   = await Measure(ours, test.Ours, test.How, callers, length);
                var others = theirs is null ? new(double.NaN, double.NaN, double.NaN) : await theirs.Measure(test.Theirs, callers, length);
                if (rep < 0) continue;
                samples[test.Name].Ours.Add(mine);
                samples[test.Name].Theirs.Add(others);
            }

        foreach (var test in Tests) Report(test.Name, samples[test.Name].Ours, samples[test.Name].Theirs);
    }

    private static async Task<Throughput> Measure(
        StoreCluster cluster, string test, string[] how, int callers, TimeSpan length)
    {
        var port  = cluster.Port(await cluster.Leader(StoreCluster.Ids));
        var probe = await Benchmark(port, test, how, callers, 20 * callers);
        return await Benchmark(port, test, how, callers, Math.Max(callers, (int)(probe.PerSecond * length.TotalSeconds)));
    }

    private static async Task<Throughput> Benchmark(int port, string test, string[] how, int callers, int requests)
    {
        var report = await Programs.Run("redis-benchmark", "redis-tools", [
            "-p", $"{port}", "-t", test, "-c", $"{callers}", "-n", $"{requests}", .. how, "--csv"]);
        var lines   = report.Split('\n').Select(line => line.Split(',').Select(cell => cell.Trim('"')).ToArray()).ToList();
        var names   = lines.Single(line => line[0].Equals("test", StringComparison.Ordinal));
        var numbers = lines.Last(line => line[0].Equals(test, StringComparison.OrdinalIgnoreCase));
        double Of(string name) => double.Parse(numbers[System.Array.IndexOf(names, name)], CultureInfo.InvariantCulture);
        return new(Of("rps"), Of("p50_latency_ms"), Of("p99_latency_ms"));
    }

    private static void Report(string test, List<Throughput> ours, List<Throughput> theirs)
    {
        var ratios = ours.Select((mine, i) => mine.PerSecond / theirs[i].PerSecond).Order().ToList();
        var (own, other) = (Median(ours), Median(theirs));
        Console.WriteLine(FormattableString.Invariant(
            $"{test,-8} {own.PerSecond,9:F0}  {other.PerSecond,9:F0}  {own.PerSecond / other.PerSecond,5:F1} ")
            + FormattableString.Invariant($"({ratios[0]:F1}-{ratios[^1]:F1})     ")
            + FormattableString.Invariant($"{own.P50,5:F2} / {own.P99,5:F2}    {other.P50,5:F2} / {other.P99,5:F2}"));
    }

    private static Throughput Median(List<Throughput> samples)
    {
        double Of(Func<Throughput, double> number) => samples.Select(number).Order().ElementAt(samples.Count / 2);
        return new(Of(sample => sample.PerSecond), Of(sample => sample.P50), Of(sample => sample.P99));
    }
}
