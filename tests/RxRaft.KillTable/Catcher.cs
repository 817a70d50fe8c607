using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace RxRaft.KillTable;

/// <summary>What may notice a defect.</summary>
/// <param name="Name">How it is called in the table and by <c>--with</c>.</param>
/// <param name="Project">Under <c>tests</c>.</param>
/// <param name="Arguments">None for a project of tests.</param>
internal sealed record Catcher(string Name, string Project, Seq<string> Arguments = default)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    /// <summary>In the order in which they are asked: the quick ones first.</summary>
    public static readonly Seq<Catcher> All = Seq(
        new Catcher("core", "RxRaft.Core.Tests"),
        new Catcher("worlds", "RxRaft.Testing.Tests"),
        new Catcher("nodes", "RxRaft.Tests"),
        new Catcher("swarm", "RxRaft.Swarm", Seq("--seeds", "1..500")),
        new Catcher("checker", "RxRaft.Check", Seq("--terms", "2", "--entries", "2", "--crashes", "1", "--in-flight", "2")));

    /// <summary>Whether it runs the shell.</summary>
    public bool IsOfShell => Name == "nodes";

    /// <summary>Where its programs are.</summary>
    public string Output => Path.Combine("tests", Project, "bin", "Release", "net10.0");

    /// <returns>What it noticed, in short, or none.</returns>
    public (Option<string> Noticed, TimeSpan Took) Ask(string root)
    {
        var program = Path.Combine(Output, $"{Project}.dll");
        var ran = Arguments.IsEmpty
            ? Command.Run(root, Patience, "dotnet", "test", program, "--", "xUnit.StopOnFail=true")
            : Command.Run(root, Patience, "dotnet", Arguments.Prepend(program));
        return (ran.ExitCode.Match(
            code => code == 0 ? Option<string>.None : FirstOf(ran.Output),
            () => "does not end"), ran.Took);
    }

    /// <summary>The first test that fails, or what a program says of its first failure.</summary>
    private string FirstOf(string output)
    {
        var test = Regex.Match(output, @"^\s*Failed (?:[\w.]+\.)?(\w+\.\w+)", RegexOptions.Multiline);
        if (test.Success) return test.Groups[1].Value;

        var lines = toSeq(output.Split('\n')).Map(line => line.Trim()).Filter(line => line.Length > 0).Strict();
        return lines.Find(line => Regex.IsMatch(line, "FAILED|Aborted|does not hold|violat", RegexOptions.IgnoreCase))
            .IfNone(() => lines.LastOrNone().IfNone($"{Name} fails"));
    }
}
