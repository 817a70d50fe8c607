using System.Globalization;
using System.Linq;

namespace RxRaft.Swarm;

/// <summary>What is on the command line.</summary>
internal static class CommandLine
{
    public const string HelpText =
        """
        Runs whole clusters in virtual time, each with trouble of its own, and looks for what does not hold.

          dotnet run -c Release --project tests/RxRaft.Swarm -- --seeds 1..10000 --minutes 10

          --seeds A..B      these seeds, both inclusive; by default 1..1000
          --minutes M       begin no run after so many minutes
          --first           end with the first run that does not hold
          --part I/N        part I of N of the seeds, I from 0: for several machines
          --workers W       so many at a time; by default as many as there are cores
          --seed N          one seed alone, the same in every process
          --transcript      with --seed: every message, and every reason of every node
          --shrink          with --seed: a failure as a shortest schedule, told and drawn
          --crash-points    instead of trouble by chance: one small run for each seed, and a crash at each point of it
          --point E         with --crash-points and --seed: one point alone, before effect E, or E:lost or E:made, in a write
          --help            this

        Exit codes: 0 all held, 1 something did not, 2 the command line is wrong. Ctrl-C ends it, with its summary.
        """;

    /// <summary>An order, or what is wrong in one line.</summary>
    public static Either<string, Order> Read(params string[] words)
    {
        var order = new Order();
        for (var at = 0; at < words.Length; at++)
        {
            var name  = words[at];
            var value = at + 1 < words.Length ? words[at + 1] : "";
            var read  = Flag(order, name);
            if (read.IsNone)
            {
                if (!TakesValue(name)) return $"'{name}' is no option: --help lists them";
                if (value.Length == 0 || value.StartsWith("--", StringComparison.Ordinal)) return $"{name} needs a value";

                read = With(order, name, value);
                at++;
            }

            if (read.Case is not Order next) return $"{name} {value}: {Expected(name)}";
            order = next;
        }

        return Contradiction(order, words).Match(wrong => wrong, () => Right<string, Order>(order));
    }

    private static Option<Order> Flag(Order order, string name) => name switch
    {
        "--help" or "-h" => order with { Help = true },
        "--transcript" => order with { Transcript = true },
        "--shrink" => order with { Shrink = true },
        "--first" => order with { First = true },
        "--crash-points" => order with { CrashPoints = true },
        _ => None,
    };

    private static bool TakesValue(string name) =>
        name is "--seeds" or "--minutes" or "--part" or "--workers" or "--seed" or "--point";

    private static Option<Order> With(Order order, string name, string value) => name switch
    {
        "--seeds" => SeedRange.Parse(value).Map(seeds => order with { Seeds = seeds }),
        "--minutes" => Minutes(value).Map(limit => order with { Limit = limit }),
        "--part" => Part(value).Map(part => order with { Part = part }),
        "--workers" => Number(value).Filter(count => count is > 0 and <= 1_024).Map(count => order with { Workers = count }),
        "--point" => Point(value).Map(point => order with { Point = point }),
        _ => ulong.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seed) ? order with { Seed = seed } : None,
    };

    private static string Expected(string name) => name switch
    {
        "--seeds" => "two seeds are expected, as 1..10000, the second not below the first",
        "--minutes" => "a number above 0 is expected",
        "--part" => "a part is expected, as 0/4, its number from 0 and below the number of parts",
        "--point" => "a point is expected, as 17, 17:lost or 17:made, counted from 1",
        "--workers" => "a whole number from 1 to 1024 is expected",
        _ => "a whole number of at least 0 is expected",
    };

    private static Option<string> Contradiction(Order order, string[] words) =>
        order.Seed.IsSome && words.Any(word => word is "--seeds" or "--part")
            ? "--seed is one alone: --seeds and --part do not go with it"
        : order.Transcript && order.Seed.IsNone ? "--transcript is of one seed: it needs --seed"
        : order.Shrink && order.Seed.IsNone ? "--shrink is of one seed: it needs --seed"
        : order.Shrink && order.CrashPoints ? "--shrink and --crash-points do not go together"
        : order.Point.IsSome && (order.Seed.IsNone || !order.CrashPoints)
            ? "--point is of one run: it needs --crash-points and --seed"
        : order.Transcript && order.CrashPoints && order.Point.IsNone
            ? "--transcript is of one run: with --crash-points it needs --point"
        : None;

    private static Option<TimeSpan> Minutes(string value) =>
        double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var minutes)
        && minutes is > 0 and < 1_000_000
            ? TimeSpan.FromMinutes(minutes)
            : None;

    private static Option<(int, int)> Part(string value) =>
        value.Split('/') is [var number, var parts]
        && Number(number).Case is int part && Number(parts).Case is int all && part < all
            ? (part, all)
            : None;

    private static Option<CrashPoint> Point(string value) => value.Split(':') switch
    {
        [var effect] => At(effect, CrashMoment.Before),
        [var effect, "lost"] => At(effect, CrashMoment.WriteLost),
        [var effect, "made"] => At(effect, CrashMoment.WriteMade),
        _ => None,
    };

    private static Option<CrashPoint> At(string effect, CrashMoment moment) =>
        Number(effect).Filter(number => number > 0).Map(number => new CrashPoint(number, moment));

    private static Option<int> Number(string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : None;
}
