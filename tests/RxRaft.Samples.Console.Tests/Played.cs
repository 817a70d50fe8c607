using System.IO;

namespace RxRaft.Samples;

/// <summary>What came of running the program without a terminal.</summary>
internal sealed record Played(int ExitCode, string Output, string Errors)
{
    public static Played With(params string[] args) =>
        Run((output, errors) => Program.Run(args, output, errors, terminal: () => false));

    public static Played Run(Func<TextWriter, TextWriter, int> run)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();
        return new(run(output, errors), output.ToString(), errors.ToString());
    }

    /// <summary>How many hopes of a story came true.</summary>
    public int Fulfilled => Lines.Count(line => line.Contains("=>  So ", StringComparison.Ordinal));

    public Seq<string> Lines => toSeq(Output.TrimEnd().Split(Environment.NewLine)).Strict();
}
