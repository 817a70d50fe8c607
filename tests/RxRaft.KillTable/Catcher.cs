using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace RxRaft.KillTable;

/// <summary>What may notice a defect.</summary>
/// <param name="Name">How it is called in the table and by <c>--with</c>.</param>
/// <param name="Project">Under <c>tests</c>.</param>
/// <param name="Most">How long it may take over one run before it is taken not to end.</param>
/// <param name="Runs">The arguments of each run, one after the other until one notices; none for a project of tests.</param>
internal sealed record Catcher(string Name, string Project, TimeSpan Most, Seq<string> Runs = default)
{
    /// <summary>In the order in which they are asked: the quick ones first.</summary>
    public static readonly Seq<Catcher> All = Seq(
        new Catcher("core", "RxRaft.Core.Tests", TimeSpan.FromMinutes(10)),
        new Catcher("worlds", "RxRaft.Testing.Tests", TimeSpan.FromMinutes(20)),
        new Catcher("nodes", "RxRaft.Tests", TimeSpan.FromMinutes(20)),
        new Catcher("swarm", "RxRaft.Swarm", TimeSpan.FromMinutes(10), Seq1("--first --seeds 1..300")),
        new Catcher("checker", "RxRaft.Check", TimeSpan.FromMinutes(10), Seq(
            "--terms 2 --entries 2 --crashes 1 --in-flight 2 --heal 50",
            "--terms 2 --entries 2 --proposals 0 --in-flight 2 --idle on --pre-votes off",
            "--terms 3 --timeouts 2 --transfers 1 --in-flight 2 --pre-votes off",
            "--terms 5 --timeouts 3 --entries 3 --proposals 0 --in-flight 2 --pre-votes off --figure-8 on",
            "--terms 2 --entries 2 --reads 1 --in-flight 2 --pre-votes off --states 150000",
            "--terms 2 --entries 3 --timeouts 2 --remove 3 --in-flight 2 --pre-votes off --states 150000")));

    /// <summary>Whether it runs the shell.</summary>
    public bool IsOfShell => Name == "nodes";

    /// <summary>Whether it is a project of tests.</summary>
    public bool IsOfTests => Runs.IsEmpty;

    /// <summary>Where its programs are.</summary>
    public string Output => Path.Combine("tests", Project, "bin", "Release", "net10.0");

    /// <summary>Looks for what is wrong.</summary>
    public Answer Ask(string root)
    {
        var program = Path.Combine(Output, $"{Project}.dll");
        if (IsOfTests) return Of(Command.Run(root, Most, "dotnet", "test", program, "--", "xUnit.StopOnFail=true"));

        var took = TimeSpan.Zero;
        foreach (var (at, run) in Runs.Map((at, run) => (at, run)))
        {
            var answer = Of(Command.Run(root, Most, "dotnet", run.Split(' ').Prepend(program)));
            took += answer.Took;
            if (answer.Noticed.Case is string what) return new(Runs.Count == 1 ? what : $"{Letter(at)}: {what}", took);
        }

        return new(None, took);
    }

    /// <summary>What a run is called where there are several.</summary>
    public static char Letter(int run) => (char)('a' + run);

    /// <summary>Tests that do not end are noticed; a search that does not has found nothing.</summary>
    private Answer Of(Ran ran) => new(
        ran.ExitCode.Match(
            code => code == 0 ? Option<string>.None : First(ran.Output),
            () => IsOfTests ? "does not end" : Option<string>.None),
        ran.Took);

    /// <summary>The first test that fails, or the property that does not hold, and what it took to see that.</summary>
    private string First(string output)
    {
        var test = Regex.Match(output, @"^\s*Failed (?:[\w.]+\.)?(\w+\.\w+)", RegexOptions.Multiline);
        if (test.Success) return test.Groups[1].Value;

        var seed = Regex.Match(output, @"^FAILED (seed \d+), ([^:\n]+)", RegexOptions.Multiline);
        if (seed.Success) return $"{seed.Groups[1]}: {seed.Groups[2]}";

        var states = Regex.Match(output, @"^([\d,]+ states) to depth .*?: (.+?) violated after (\d+ steps)", RegexOptions.Multiline);
        if (states.Success) return $"{states.Groups[3]}, {states.Groups[1]}: {states.Groups[2]}";

        var lines = toSeq(output.Split('\n')).Map(line => line.Trim()).Filter(line => line.Length > 0).Strict();
        return lines.Find(line => Regex.IsMatch(line, "Unhandled|Aborted|error", RegexOptions.IgnoreCase))
            .IfNone(() => lines.LastOrNone().IfNone($"{Name} fails")).Replace('\t', ' ');
    }
}

/// <summary>What somebody says of a defect.</summary>
/// <param name="Noticed">In short, or none.</param>
/// <param name="Took">Of the processor, where the system says: see <see cref="Ran"/>.</param>
internal sealed record Answer(Option<string> Noticed, TimeSpan Took);
