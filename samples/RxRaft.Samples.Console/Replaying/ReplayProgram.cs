using System.IO;

namespace RxRaft.Samples;

/// <summary>A journal, folded through the algorithm once more, and told step by step.</summary>
internal sealed class ReplayProgram
{
    private readonly ReplayOptions options;
    private readonly TextWriter output;
    private Option<NodeState> from;
    private Option<NodeState> to;
    private (ulong First, ulong Last) steps;
    private bool differed;
    private bool stopped;

    private ReplayProgram(ReplayOptions options, TextWriter output) => (this.options, this.output) = (options, output);

    /// <returns>The exit code.</returns>
    public static int Run(ReplayOptions options, TextWriter output, TextWriter errors)
    {
        var program = new ReplayProgram(options, output);
        try
        {
            return program.Play().Match(
                Left: problem => Fail(errors, problem, exitCode: 2),
                Right: code => code);
        }
        catch (FileNotFoundException nothing)
        {
            return Fail(errors, nothing.Message, exitCode: 2);
        }
        catch (Exception fault) when (fault is DiskCorruptionException or IOException or UnauthorizedAccessException)
        {
            return Fail(errors, MemberNews.OneLine(fault.Message), exitCode: 1);
        }
    }

    private static int Fail(TextWriter errors, string problem, int exitCode)
    {
        errors.WriteLine(problem);
        return exitCode;
    }

    private Either<string, int> Play()
    {
        foreach (var told in Replay.Of(options.Path))
        {
            if (IsPast(told)) break;
            if (options.Diff.IsNone || told is Replayed.Differed) Print(told);
            Note(told);
            if (Breaks(told)) return Stop((Replayed.Stepped)told);
        }

        if (options.Diff.Case is (ulong, ulong)) return Compare();
        if (options.BreakOn.Case is string reason)
            output.WriteLine($"No step{(stopped ? " so far" : "")} has the reason {reason}.");
        return differed || options.BreakOn.IsSome ? 1 : 0;
    }

    private bool IsPast(Replayed told)
    {
        stopped = told is Replayed.Stepped or Replayed.Halted
            && (options.UntilStep.Exists(last => told.Number > last)
                || options.UntilTime.Exists(last => At(told) > last));
        return stopped;
    }

    private static TimeSpan At(Replayed told) => told switch
    {
        Replayed.Stepped step => step.Input.At.SinceStart,
        Replayed.Halted step => step.Input.At.SinceStart,
        _ => TimeSpan.Zero,
    };

    private void Print(Replayed told)
    {
        foreach (var line in ReplayTranscript.LinesOf(told)) output.WriteLine(line);
    }

    /// <summary>Numbers begin anew with each life of the node: those of the last one count.</summary>
    private void Note(Replayed told)
    {
        differed |= told is Replayed.Differed;
        if (told is Replayed.Began began)
        {
            if (began.IsStart) (from, to) = (None, None);
            if (began.IsStart || steps == default) steps = (began.Number, began.Number);
            Keep(began.Number, began.State);
        }

        if (told is Replayed.Stepped step) Keep(step.Number, step.Step.State);
    }

    private void Keep(ulong number, NodeState state)
    {
        steps = steps with { Last = number };
        if (options.Diff.Case is not (ulong one, ulong other)) return;

        if (number == one) from = state;
        if (number == other) to = state;
    }

    private bool Breaks(Replayed told) =>
        options.BreakOn.Case is string name && told is Replayed.Stepped step
        && step.Step.Reasons.Exists(reason => reason.GetType().Name == name);

    private int Stop(Replayed.Stepped step)
    {
        output.WriteLine();
        foreach (var line in StateDifference.Lines(step.Step.State)) output.WriteLine(line);
        return differed ? 1 : 0;
    }

    private Either<string, int> Compare()
    {
        var (one, other) = options.Diff.IfNone((0UL, 0UL));
        if (from.Case is not NodeState before) return Missing(one);
        if (to.Case is not NodeState after) return Missing(other);

        foreach (var field in StateDifference.Between(before, after)) output.WriteLine(field);
        return differed ? 1 : 0;
    }

    private string Missing(ulong step) =>
        $"--diff: the journal has no state after step {step}; it has those after {steps.First} to {steps.Last}";
}
