using System.Globalization;

namespace RxRaft.Samples;

/// <summary>What of a journal is wanted.</summary>
/// <param name="Path">A file of it, or its directory.</param>
internal sealed record ReplayOptions(string Path)
{
    private const string Between = " ";

    /// <summary>The last step that counts.</summary>
    public Option<ulong> UntilStep { get; init; }

    /// <summary>The last moment that counts, on the node's clock since it started.</summary>
    public Option<TimeSpan> UntilTime { get; init; }

    /// <summary>The name of the reason to stop at.</summary>
    public Option<string> BreakOn { get; init; }

    /// <summary>The steps whose states are compared.</summary>
    public Option<(ulong From, ulong To)> Diff { get; init; }

    /// <returns>The options, or what is wrong in one line.</returns>
    public static Either<string, Command> Parse(Seq<string> args) =>
        args.IsEmpty || args[0].StartsWith('-')
            ? Left<string, Command>("replay needs a journal: a file or a directory")
            : from options in Arguments.Read(Together(args.Tail), Seq("--until", "--break-on", "--diff"), flags: [])
              from until in options.Value("--until", Until)
              from reason in options.Value("--break-on", Reason)
              from diff in options.Value("--diff", Steps)
              from _ in reason.IsSome && diff.IsSome
                  ? Left<string, Unit>("--break-on and --diff exclude each other")
                  : Right<string, Unit>(Unit.Default)
              select (Command)new Command.Replay(new ReplayOptions(args[0])
              {
                  UntilStep = until.Bind(limit => limit.Step),
                  UntilTime = until.Bind(limit => limit.Time),
                  BreakOn   = reason,
                  Diff      = diff,
              });

    /// <summary>--diff has two values.</summary>
    private static Seq<string> Together(Seq<string> args)
    {
        var all  = args.ToArray();
        var diff = System.Array.IndexOf(all, "--diff");
        return diff < 0 || diff + 2 >= all.Length || all[diff + 2].StartsWith('-')
            ? args
            : toSeq([.. all[..(diff + 1)], all[diff + 1] + Between + all[diff + 2], .. all[(diff + 3)..]]);
    }

    private static Either<string, (Option<ulong> Step, Option<TimeSpan> Time)> Until(string text) =>
        Step(text).Case is ulong step ? (Some(step), Option<TimeSpan>.None)
        : Span(text, "ms", 1).Case is TimeSpan milliseconds ? (Option<ulong>.None, Some(milliseconds))
        : Span(text, "s", 1_000).Case is TimeSpan seconds ? (Option<ulong>.None, Some(seconds))
        : $"--until must be the number of a step, or a time like 250ms or 1.5s, not '{text}'";

    private static Either<string, string> Reason(string text) =>
        ReasonNames.Find(name => name.Equals(text, StringComparison.OrdinalIgnoreCase))
            .ToEither($"--break-on must be one of {string.Join(", ", ReasonNames)}, not '{text}'");

    private static Either<string, (ulong From, ulong To)> Steps(string text) =>
        text.Split(Between) is [var from, var to] && Step(from).Case is ulong one && Step(to).Case is ulong other
            ? (one, other)
            : $"--diff must be the numbers of two steps, not '{text}'";

    private static readonly Seq<string> ReasonNames = toSeq(System.Array.ConvertAll(
        System.Array.FindAll(typeof(Reason).GetNestedTypes(), type => type.IsSubclassOf(typeof(Reason))),
        type => type.Name)).Strict();

    private static Option<ulong> Step(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var step) ? step : None;

    private static Option<TimeSpan> Span(string text, string unit, double milliseconds) =>
        text.EndsWith(unit, StringComparison.Ordinal)
        && double.TryParse(
            text[..^unit.Length], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
        && number < int.MaxValue
            ? TimeSpan.FromMilliseconds(number * milliseconds)
            : None;
}
