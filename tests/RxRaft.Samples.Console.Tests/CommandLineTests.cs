namespace RxRaft.Samples;

/// <summary>Arguments are understood, or refused in one line that names what is wrong.</summary>
public sealed class CommandLineTests
{
    [Theory]
    [InlineData("", "Watch { Speed = None }")]
    [InlineData("--speed 1", "Watch { Speed = Some(1) }")]
    [InlineData("--speed 0.25", "Watch { Speed = Some(0.25) }")]
    [InlineData("story", "Story { Speed = 1 }")]
    [InlineData("story --speed 2", "Story { Speed = 2 }")]
    [InlineData("story --seed 0", "SeededStory { Seed = 0 }")]
    [InlineData("lab", "Lab { Rounds = 10, Seed = 1 }")]
    [InlineData("lab --seed 18446744073709551615 --rounds 1000", "Lab { Rounds = 1000, Seed = 18446744073709551615 }")]
    [InlineData("--help", "Help { }")]
    [InlineData("lab -h", "Help { }")]
    public void What_is_right_is_understood(string args, string command) =>
        Assert.Equal(command, Parse(args).Match(Left: problem => problem, Right: it => $"{it}"));

    [Theory]
    [InlineData("labs", "'labs'")]
    [InlineData("lab 10", "'10'")]
    [InlineData("--rounds 10", "'--rounds'")]
    [InlineData("story --rounds 10", "'--rounds'")]
    [InlineData("lab --speed 1", "'--speed'")]
    [InlineData("lab --rounds", "--rounds needs a value")]
    [InlineData("lab --rounds 0", "--rounds must", "'0'")]
    [InlineData("lab --rounds abc", "--rounds must", "'abc'")]
    [InlineData("lab --rounds 1 --rounds 2", "--rounds is given twice")]
    [InlineData("lab --seed -1", "--seed must", "'-1'")]
    [InlineData("story --seed 18446744073709551616", "--seed must", "'18446744073709551616'")]
    [InlineData("--speed 0", "--speed must", "'0'")]
    [InlineData("--speed NaN", "--speed must", "'NaN'")]
    [InlineData("--speed 0,1", "--speed must", "'0,1'")]
    [InlineData("story --speed 1 --seed 1", "--speed and --seed")]
    public void What_is_wrong_is_named_in_one_line_on_standard_error(string args, params string[] names)
    {
        var played = Played.With(Split(args));

        Assert.Equal((2, ""), (played.ExitCode, played.Output));
        Assert.Equal(1, played.Errors.AsSpan().Count('\n'));
        foreach (var name in names) Assert.Contains(name, played.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_explains_every_command_and_option()
    {
        var played = Played.With("--help");

        Assert.Equal((0, ""), (played.ExitCode, played.Errors));
        foreach (var word in (string[])["story", "lab", "--speed", "--seed", "--rounds", "--help", "Exit codes"])
            Assert.Contains(word, played.Output, StringComparison.Ordinal);
    }

    private static Either<string, Command> Parse(string args) => CommandLine.Parse(toSeq(Split(args)));

    private static string[] Split(string args) => args.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
