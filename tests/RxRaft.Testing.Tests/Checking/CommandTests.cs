using System.IO;
using RxRaft.Checker;

namespace RxRaft.Tests.Checking;

/// <summary>The model checker's command line.</summary>
public sealed class CommandTests
{
    [Fact]
    public void It_checks_what_it_is_asked_and_says_what_it_found()
    {
        var (code, output, errors) = Run("--terms", "1", "--timeouts", "1", "--proposals", "0");

        Assert.Equal((0, ""), (code, errors));
        Assert.Matches(@"(?m)^53 states to depth 11, all there are within the bounds, in \d+\.\d s: nothing is wrong$", output);
        Assert.Matches(@"(?m)^88 transitions, of \d+ states of one node, \d+ messages and \d+ steps of one node; 6 symmetries", output);
    }

    [Fact]
    public void Timeouts_run_out_as_often_as_there_are_terms() =>
        Assert.Equal(2, Arguments.Read(["--terms", "2"]).Match(options => options.Bounds.Timeouts, _ => 0));

    [Fact]
    public void Help_names_every_option()
    {
        var (code, output, _) = Run("--help");

        Assert.Equal((0, output), (code, Run("--nodes", "3", "--help").Output));
        foreach (var option in Arguments.Options) Assert.Contains($"  {option} ", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--term 3", "--term is no option: see --help")]
    [InlineData("--terms", "--terms has no value")]
    [InlineData("--terms three", "--terms is three: it must be a whole number, at most 2147483647")]
    [InlineData("--terms -1", "--terms is -1: it must be a whole number, at most 2147483647")]
    [InlineData("--terms 8", "--terms is 8: it must be from 1 to 7")]
    [InlineData("--terms 0", "--terms is 0: it must be from 1 to 7")]
    [InlineData("--entries 65", "--entries is 65: it must be from 1 to 64")]
    [InlineData("--proposals 256", "--proposals is 256: it must be from 0 to 255")]
    [InlineData("--reads 5", "--reads is 5: it must be from 0 to 4")]
    [InlineData("--timeouts 0", "--timeouts is 0: it must be from 1 to 255")]
    [InlineData("--heartbeats 256", "--heartbeats is 256: it must be from 0 to 255")]
    [InlineData("--crashes 256", "--crashes is 256: it must be from 0 to 255")]
    [InlineData("--duplicates 256", "--duplicates is 256: it must be from 0 to 255")]
    [InlineData("--transfers 256", "--transfers is 256: it must be from 0 to 255")]
    [InlineData("--in-flight 17", "--in-flight is 17: it must be from 1 to 16")]
    [InlineData("--in-flight 0", "--in-flight is 0: it must be from 1 to 16")]
    [InlineData("--states 0", "--states is 0: it must be at least 1")]
    [InlineData("--nodes 6", "--nodes is 6: it must be from 1 to 5")]
    [InlineData("--symmetry yes", "--symmetry is yes: it must be on or off")]
    [InlineData("--remove 4", "--remove names S4, which is neither a member nor a newcomer")]
    [InlineData("--figure-8 on --nodes 2", "--figure-8 names S3, which is neither a member nor a newcomer")]
    [InlineData("--workers 0", "--workers is 0: it must be at least 1")]
    [InlineData("--terms 8 --in-flight 17", "--terms is 8: it must be from 1 to 7; --in-flight is 17: it must be from 1 to 16")]
    public void What_is_wrong_is_named_with_its_value(string arguments, string error)
    {
        var (code, output, errors) = Run(arguments.Split(' '));

        Assert.Equal((2, ""), (code, output));
        Assert.Equal(error, errors.TrimEnd());
    }

    private static (int Code, string Output, string Errors) Run(params string[] args)
    {
        using var output = new StringWriter { NewLine = "\n" };
        using var errors = new StringWriter { NewLine = "\n" };
        var code = Program.Run(args, output, errors);
        return (code, output.ToString(), errors.ToString());
    }
}
