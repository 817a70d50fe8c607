using System.Globalization;
using System.IO;
using System.Linq;

namespace RxRaft.Checker;

/// <summary>The model checker, from a command line.</summary>
internal static class Program
{
    private static int Main(string[] args) => Run(args, Console.Out, Console.Error);

    /// <summary>0: nothing is wrong; 1: something is; 2: it was not asked properly.</summary>
    internal static int Run(string[] args, TextWriter output, TextWriter errors)
    {
        if (args is ["help"] || args.Contains("--help") || args.Contains("-h"))
        {
            output.WriteLine(Arguments.Usage);
            return 0;
        }

        return Arguments.Read(args).Match(
            options => Check(options with { Progress = progress => output.WriteLine(progress) }, output),
            wrong =>
            {
                errors.WriteLine(wrong);
                return 2;
            });
    }

    private static int Check(CheckOptions options, TextWriter output)
    {
        var result = ModelChecker.Run(options);
        output.WriteLine(result);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{result.Transitions:N0} transitions, of {result.Parts.Nodes:N0} states of one node, {result.Parts.Messages:N0} messages and "
            + $"{result.Parts.Steps:N0} steps of one node; {result.Symmetries} symmetries; {result.Healed:N0} states healed; "
            + $"odds that a state was overlooked at most {result.Odds:E1}"));
        if (result.Violation.Case is not Violation violation) return 0;

        output.WriteLine();
        output.WriteLine(violation.Trace.ToTranscript());
        output.WriteLine("```mermaid");
        output.Write(violation.Trace.ToMermaid());
        output.WriteLine("```");
        return 1;
    }
}
