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
        ["disk", .. var rest] when rest.Length % 2 == 0 => Run("logs", rest, (cases, seed) =>
        {
            var (read, refused) = DiskFuzz.Run((int)seed, cases);
            return $"{read} read, {refused} refused";
        }),
        ["wire", .. var rest] when rest.Length % 2 == 0 => Run("frames", rest, (cases, seed) =>
        {
            var (read, skipped, refused) = WireFuzz.Run(cases, seed);
            return $"{read} messages read, {skipped} skipped, {refused} cases refused";
        }),
        _ => Usage(),
    };

    private static int Usage()
    {
        Console.Error.WriteLine("Usage: disk or wire, [--cases 1000000] [--seed 1]");
        return 2;
    }

    private static int Run(string what, string[] args, Func<long, long, string> fuzz)
    {
        var (cases, seed) = (Number(args, "--cases", 1_000_000), Number(args, "--seed", 1));
        var watch  = Stopwatch.StartNew();
        var result = fuzz(cases, seed);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{cases} {what} from seed {seed} in {watch.Elapsed.TotalSeconds:F1} s: {result}, nothing else happened"));
        return 0;
    }

    private static long Number(string[] args, string option, long otherwise)
    {
        var at = System.Array.IndexOf(args, option);
        return at < 0 ? otherwise : long.Parse(args[at + 1], CultureInfo.InvariantCulture);
    }
}
