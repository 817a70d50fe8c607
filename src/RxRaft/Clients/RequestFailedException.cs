namespace RxRaft;

/// <summary>A request that trying again cannot help.</summary>
/// <param name="outcome">What came of it.</param>
public sealed class RequestFailedException(Outcome outcome) : Exception(Words(outcome))
{
    /// <summary>
    /// <see cref="Outcome.Rejected"/>: nothing happened. <see cref="Outcome.Unknown"/>: it may have.
    /// </summary>
    public Outcome Outcome { get; } = outcome;

    private static string Words(Outcome outcome) => outcome switch
    {
        Outcome.Rejected(var reason) => $"Rejected: {reason}",
        Outcome.Unknown => "Nobody knows whether the command was applied: "
            + "the cluster has forgotten the node's session, or the node itself, or it refuses to be asked again",
        Outcome.Done or Outcome.NotLeader or Outcome.Busy => outcome.ToString(),
        _ => throw Unreachable.Case(outcome),
    };
}
