using System.Globalization;

namespace RxRaft.Samples;

/// <summary>Arguments into commands.</summary>
internal static class CommandLine
{
    private const int MostRounds = 1_000_000;

    /// <returns>The command, or what is wrong in one line.</returns>
    public static Either<string, Command> Parse(Seq<string> args)
    {
        if (args.Exists(arg => arg is "-h" or "--help")) return new Command.Help();

        var options = args.HeadOrNone().Exists(arg => !arg.StartsWith('-')) ? args.Tail : args;
        return options.Count == args.Count ? Watch(options) : args.Head switch
        {
            "story" => Story(options),
            "lab" => Lab(options),
            "node" => ProcessArguments.Node(options),
            "cluster" => ProcessArguments.Cluster(options),
            "replay" => ReplayOptions.Parse(options),
            var other => $"unknown command '{other}'",
        };
    }

    private static Either<string, Command> Watch(Seq<string> args) =>
        from options in Arguments.Read(args, Seq1("--speed"), flags: [])
        from speed in options.Value("--speed", Speed)
        select (Command)new Command.Watch(speed);

    private static Either<string, Command> Story(Seq<string> args) =>
        from options in Arguments.Read(args, Seq("--speed", "--seed"), flags: [])
        from speed in options.Value("--speed", Speed)
        from seed in options.Value("--seed", Seed)
        from story in speed.IsSome && seed.IsSome
            ? Left<string, Command>("--speed and --seed exclude each other: a seeded story is told in virtual time")
            : Right<string, Command>(
                seed.Case is ulong given ? new Command.SeededStory(given) : new Command.Story(speed.IfNone(1)))
        select story;

    private static Either<string, Command> Lab(Seq<string> args) =>
        from options in Arguments.Read(args, Seq("--rounds", "--seed"), flags: [])
        from rounds in options.Value("--rounds", Rounds)
        from seed in options.Value("--seed", Seed)
        select (Command)new Command.Lab(rounds.IfNone(10), seed.IfNone(1));

    private static Either<string, int> Rounds(string text) =>
        Arguments.Whole(text, 1, MostRounds)
            .ToEither($"--rounds must be a whole number from 1 to {MostRounds}, not '{text}'");

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
