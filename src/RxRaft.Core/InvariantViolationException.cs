namespace RxRaft;

/// <summary>A rule that must hold did not: a bug in RxRaft, or a disk or wire that lied. The node halts.</summary>
/// <remarks>Nothing that can go wrong in operation is reported like this; such things are inputs and reasons.</remarks>
public sealed class InvariantViolationException : Exception
{
    internal InvariantViolationException(string rule) : base($"Broken invariant: {rule}") => Rule = rule;

    private InvariantViolationException(InvariantViolationException broken, NodeState state, Input input)
        : base(
            $"{broken.Message}, at {state.Self} ({Say.Name(state.Role)} in {state.CurrentTerm}) on {input}", broken) =>
        (Rule, State, Input) = (broken.Rule, state, input);

    /// <summary>The rule, in words or as the condition that failed.</summary>
    public string Rule { get; }

    /// <summary>The node before the input that broke the rule, where a step broke it.</summary>
    public NodeState? State { get; }

    /// <summary>The input that broke the rule, where a step broke it.</summary>
    public Input? Input { get; }

    internal InvariantViolationException On(NodeState state, Input input) => new(this, state, input);
}
