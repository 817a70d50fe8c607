using System.Collections.Generic;

namespace RxRaft.Testing;

/// <summary>The first step that two versions of the algorithm take differently, on the same state and input.</summary>
/// <param name="Number">Of the step, counted from the node's start.</param>
/// <param name="File">The path of the file.</param>
/// <param name="Offset">Of the record in the file, in bytes.</param>
/// <param name="Before">The state that both had.</param>
/// <param name="Input">What happened.</param>
/// <param name="Fields">
/// What differs: fields of the state, and <c>Effects</c>, <c>Reasons</c> or <c>Halted</c>.
/// </param>
public sealed record JournalDifference(
    ulong Number, string File, long Offset, NodeState Before, Input Input, Seq<FieldDifference> Fields)
{
    /// <summary>Where, on what, and each field in a line of its own.</summary>
    public override string ToString() => string.Join(
        Environment.NewLine,
        $"step {Number} differs, byte {Offset} of {File}: {ReplayTranscript.Of(Before.Self, Input)}"
            .Cons(Fields.Map(field => $"  {field}")));
}

/// <summary>Two versions of the algorithm over one journal.</summary>
internal static class Comparison
{
    private const int Now = 4_096;          // every so many steps whole logs are compared: they are long

    public static Option<JournalDifference> First(
        IEnumerable<(string File, JournalPart Part)> parts,
        Func<NodeState, Input, Transition> first, Func<NodeState, Input, Transition> second)
    {
        var (one, other, number) = (default(NodeState), default(NodeState), 0UL);
        var latest = Option<JournalDifference>.None;
        foreach (var (file, part) in parts)
        {
            if (part is JournalPart.Head head) (one, other, number) = (head.State, head.State, head.Said.Step);
            if (part is not JournalPart.Step(var offset, var input, _) || one is null || other is null) continue;

            number++;
            var (a, b)  = (Outcome(first, one, input), Outcome(second, other, input));
            var differs = Differences(a, b, whole: number % Now == 0);
            if (!differs.IsEmpty) return new JournalDifference(number, file, offset, one, input, differs);

            (one, other) = (a.Step?.State ?? one, b.Step?.State ?? other);
            latest = Some(new JournalDifference(number, file, offset, one, input, []));
        }

        return latest.Bind(last => one is null || other is null || StateDifference.Same(one, other)
            ? None
            : Some(last with { Fields = StateDifference.Between(one, other) }));
    }

    private static (Transition? Step, string? Halted) Outcome(
        Func<NodeState, Input, Transition> step, NodeState state, Input input)
    {
        try
        {
            return (step(state, input), null);
        }
        catch (Exception fault)
        {
            return (null, fault.Message);
        }
    }

    private static Seq<FieldDifference> Differences(
        (Transition? Step, string? Halted) a, (Transition? Step, string? Halted) b, bool whole)
    {
        if (a.Step is not { } one || b.Step is not { } other)
            return a.Halted == b.Halted ? [] : Seq1(new FieldDifference("Halted", a.Halted ?? "-", b.Halted ?? "-"));

        var same  = ReferenceEquals(one.State, other.State) || (whole
            ? StateDifference.Same(one.State, other.State)
            : SameButForOldEntries(one.State, other.State));
        var state = same ? [] : StateDifference.Between(one.State, other.State);
        return state
            + Differences("Effects", one.Effects, other.Effects)
            + Differences("Reasons", one.Reasons.Map(reason => $"{reason}"), other.Reasons.Map(reason => $"{reason}"));
    }

    /// <summary>By what they are: words leave out the bytes of commands.</summary>
    private static Seq<FieldDifference> Differences<T>(string name, Seq<T> one, Seq<T> other)
    {
        if (one == other) return [];

        var (first, second) = (string.Join("; ", one), string.Join("; ", other));
        return Seq1(new FieldDifference(name, first, first == second ? $"{second}, with other bytes" : second));
    }

    /// <summary>Where the last entries are the same, those before are too, unless Log Matching is broken.</summary>
    private static bool SameButForOldEntries(NodeState one, NodeState other) =>
        one.LastLog == other.LastLog && one.Log.Base == other.Log.Base && one.Log.Size == other.Log.Size
        && one.Snapshot == other.Snapshot
        && (one with { Log = Log.Empty }).Equals(other with { Log = Log.Empty });
}
