namespace RxRaft.Testing;

/// <summary>Whether a history is linearizable.</summary>
public abstract record Verdict<TCommand, TResult>
{
    private Verdict() { }

    /// <summary>It is.</summary>
    /// <param name="Order">
    /// One order that explains it: everything that was answered, and of what was not, what must have happened.
    /// </param>
    public sealed record Linearizable(Seq<Operation<TCommand, TResult>> Order) : Verdict<TCommand, TResult>
    {
        /// <inheritdoc/>
        public override string ToString() => $"Linearizable, in this order:{Lines(Order)}";
    }

    /// <summary>It is not: no order explains it.</summary>
    /// <param name="Prefix">
    /// An order that explains as much as any does, of the part of the state that has no order.
    /// </param>
    /// <param name="Stuck">One of these has to come next, and none can.</param>
    /// <param name="Why">Each of them, with what it would have been answered there.</param>
    public sealed record NotLinearizable(
        Seq<Operation<TCommand, TResult>> Prefix, Seq<Operation<TCommand, TResult>> Stuck, string Why)
        : Verdict<TCommand, TResult>
    {
        /// <inheritdoc/>
        public override string ToString() => $"Not linearizable. This much has an order:{Lines(Prefix)}\n{Why}";
    }

    /// <summary>Nobody knows: the search was given up.</summary>
    /// <param name="Work">How many operations it had tried to place.</param>
    public sealed record Undecided(long Work) : Verdict<TCommand, TResult>
    {
        /// <inheritdoc/>
        public override string ToString() => FormattableString.Invariant($"Undecided after {Work} attempts");
    }

    private static string Lines(Seq<Operation<TCommand, TResult>> operations) =>
        operations.IsEmpty ? " none" : string.Concat(operations.Map(operation => $"\n  {operation}"));
}
