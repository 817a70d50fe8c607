using System.Globalization;
using System.Linq;

namespace RxRaft.Samples;

/// <summary>Arguments into commands.</summary>
internal static class CommandLine
{
    private const int MostRounds = 1_000_000;

    public const string Help = """
        RxRaft: Raft to watch, to read, and to test.

        Usage: dotnet run --project samples/RxRaft.Samples.Console [-- <command> [options]]

        Commands:
          (none)   In a terminal: five nodes that count, live, in slow motion. Propose commands, cut
                   nodes off, crash them, and see what the others make of it; the keys are explained
                   on the screen.
                   Without a terminal (piped): the story.
          story    The same cluster plays a story: a leader is elected, cut off, replaced, and comes back;
                   the quorum is lost and regained. One line per event.
          lab      The three election tests of the MIT 6.824 Raft lab in virtual time, and their table
                   beside a published one.

        Options:
          --speed <factor>   The cluster's time against yours, from 0.01 to 10: 1 is real time (elections
                             after 150-300 ms), 0.1 is ten times slower. Default: 0.1 live, 1 for the story.
          --seed <number>    story: play it in virtual time; one seed always tells the same story, to the byte.
                             lab: the seed of the simulated world. Default: 1.
          --rounds <number>  lab: the rounds of its third test, "multiple elections". Default: 10.
          -h, --help         This text.

        Exit codes: 0 all is well, 1 a test or the story failed, 2 the arguments are wrong.
        """;

    /// <returns>The command, or what is wrong in one line.</returns>
    public static Either<string, Command> Parse(Seq<string> args)
    {
        if (args.Exists(arg => arg is "-h" or "--help")) return new Command.Help();

        var options = args.HeadOrNone().Exists(arg => !arg.StartsWith('-')) ? args.Tail : args;
        return options.Count == args.Count ? Watch(options) : args.Head switch
        {
            "story" => Story(options),
            "lab" => Lab(options),
            var other => $"unknown command '{other}'",
        };
    }

    private static Either<string, Command> Watch(Seq<string> args) =>
        from options in Options(args, "--speed")
        from speed in Value(options, "--speed", Speed)
        select (Command)new Command.Watch(speed);

    private static Either<string, Command> Story(Seq<string> args) =>
        from options in Options(args, "--speed", "--seed")
        from speed in Value(options, "--speed", Speed)
        from seed in Value(options, "--seed", Seed)
        from story in speed.IsSome && seed.IsSome
            ? Left<string, Command>("--speed and --seed exclude each other: a seeded story is told in virtual time")
            : Right<string, Command>(
                seed.Case is ulong given ? new Command.SeededStory(given) : new Command.Story(speed.IfNone(1)))
        select story;

    private static Either<string, Command> Lab(Seq<string> args) =>
        from options in Options(args, "--rounds", "--seed")
        from rounds in Value(options, "--rounds", Rounds)
        from seed in Value(options, "--seed", Seed)
        select (Command)new Command.Lab(rounds.IfNone(10), seed.IfNone(1));

    /// <summary>Names and values in turn, each name once.</summary>
    private static Either<string, Map<string, string>> Options(Seq<string> args, params string[] known)
    {
        var options = Map<string, string>();
        for (var rest = args; !rest.IsEmpty; rest = rest.Skip(2).Strict())
        {
            var name = rest[0];
            if (!known.Contains(name)) return $"unknown {(name.StartsWith('-') ? "option" : "argument")} '{name}'";
            if (rest.Count == 1) return $"{name} needs a value";
            if (options.ContainsKey(name)) return $"{name} is given twice";
            options = options.Add(name, rest[1]);
        }

        return options;
    }

    private static Either<string, Option<T>> Value<T>(
        Map<string, string> options, string name, Func<string, Either<string, T>> parse) =>
        options.Find(name).Case is string text ? parse(text).Map(Some) : Right<string, Option<T>>(None);

    private static Either<string, int> Rounds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rounds)
        && rounds is >= 1 and <= MostRounds
            ? rounds
            : $"--rounds must be a whole number from 1 to {MostRounds}, not '{text}'";

    private static Either<string, ulong> Seed(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : $"--seed must be a whole number from 0 to {ulong.MaxValue}, not '{text}'";

    private static Either<string, double> Speed(string text) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var speed)
        && speed is >= 0.01 and <= 10
            ? speed
            : $"--speed must be a number from 0.01 to 10, not '{text}'";
}
