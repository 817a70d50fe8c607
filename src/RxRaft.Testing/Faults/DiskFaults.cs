namespace RxRaft.Testing;

/// <summary>How a disk behaves.</summary>
/// <param name="LatencyMin">Inclusive: the least time that a write takes to become durable.</param>
/// <param name="LatencyMax">Inclusive.</param>
/// <remarks>
/// A write that a crash interrupts is lost, or has just become durable without a word: a toss of a coin.
/// </remarks>
public sealed record DiskFaults(TimeSpan LatencyMin, TimeSpan LatencyMax)
{
    /// <summary>0.1-0.4 ms a write.</summary>
    public static readonly DiskFaults None = new(TimeSpan.FromMilliseconds(0.1), TimeSpan.FromMilliseconds(0.4));

    /// <summary>1-60 ms a write.</summary>
    public static readonly DiskFaults Slow = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(60));
}
