using System.Diagnostics;
using System.Globalization;

namespace RxRaft.Fuzz;

/// <summary>
/// <c>disk --cases 1000000 --seed 1</c>: reads so many logs that are none, and says how it went; <c>wire</c>: so many
/// frames.
/// </summary>
internal static class Program
{
    private static int Main(string[] args) => args switch
    {
        ["disk", .. var rest] when rest.Length % 2 == 0 => Disk(rest),
        ["wire", .. var rest] when rest.Length % 2 == 0 => WireFuzz.Run(rest),
        _ => Usage(),
    };

    private static int Usage()
    {
        Console.Error.WriteLine("Usage: disk or wire, [--cases 1000000] [--seed 1]");
        return 2;
    }

    private static int Disk(string[] args)
    {
        var (cases, seed) = (Number(args, "--cases", 1_000_000), (int)Number(args, "--seed", 1));
        var watch = Stopwatch.StartNew();
        var (read, refused) = DiskFuzz.Run(seed, cases);
        Console.WriteLine($"{cases} logs from seed {seed} in {watch.Elapsed.TotalSeconds:F1} s: {read} read, {refused} refused");
        return 0;
    }

    private static long Number(string[] args, string option, long otherwise)
    {
        var at = System.Array.IndexOf(args, option);
        return at < 0 ? otherwise : long.Parse(args[at + 1], CultureInfo.InvariantCulture);
    }
}
