namespace RxRaft.Testing.Checking;

/// <summary>What a search came to.</summary>
/// <param name="States">How many different states of the cluster were looked at.</param>
/// <param name="Transitions">How many steps from one to another were tried.</param>
/// <param name="Depth">How many steps the farthest of them is from the first.</param>
/// <param name="Exhausted">Whether these are all there are within the bounds.</param>
/// <param name="Violation">What is wrong, if something is.</param>
/// <param name="Elapsed">How long it took.</param>
public sealed record CheckResult(
    long States, long Transitions, int Depth, bool Exhausted, Option<Violation> Violation, TimeSpan Elapsed)
{
    /// <summary>How many different states of one node there were, messages, and steps of one node.</summary>
    public (int Nodes, int Messages, int Steps) Parts { get; init; }

    /// <summary>From how many states it was tried out that the cluster recovers.</summary>
    public long Healed { get; init; }

    /// <summary>As how many states, at most, one counts that differ only in the names of nodes.</summary>
    public int Symmetries { get; init; } = 1;

    /// <summary>How likely it is, at most, that some state was taken for another, and overlooked.</summary>
    /// <remarks>Hashes have 64 bits; that of a state is the least of as many as there are symmetries.</remarks>
    public double Odds => Math.Min(1, (double)States * States / Math.Pow(2, 65) * Symmetries);

    /// <summary>
    /// 1,234 states to depth 31, all there are within the bounds, in 2.0 s: nothing is wrong. Of a search that was
    /// ended before: 1,234 states to depth 12, not all there are, in 2.0 s: nothing is wrong so far.
    /// </summary>
    public override string ToString() => Say.Invariant($"{States:N0} states to depth {Depth}, ")
        + (Exhausted ? "all there are within the bounds, " : Violation.IsNone ? "not all there are, " : "")
        + Say.Invariant($"in {Elapsed.TotalSeconds:N1} s: ")
        + Violation.Match(
            violation => violation.ToString(), Exhausted ? "nothing is wrong" : "nothing is wrong so far");
}

/// <summary>A property that does not hold.</summary>
/// <param name="Property">Which, under the paper's name where it has one.</param>
/// <param name="Detail">In which way.</param>
/// <param name="Trace">How to get there, in as few steps as there can be.</param>
public sealed record Violation(string Property, string Detail, Trace Trace)
{
    /// <summary>Election Safety violated after 12 steps: S1 and S2 were both elected in T2.</summary>
    public override string ToString() =>
        Say.Invariant($"{Property} violated after {Trace.Moves.Count} steps: {Detail}");
}
