namespace RxRaft.Testing;

/// <summary>What a wire does to messages, besides the links that are cut.</summary>
/// <param name="LatencyMin">Inclusive.</param>
/// <param name="LatencyMax">Inclusive; drawn uniformly for each message. Messages of one link keep their order.</param>
/// <param name="Loss">Probability, from 0 to 1, that a message is lost.</param>
/// <param name="Duplication">Probability that it arrives twice, the copy as late as a reordered message.</param>
/// <param name="Reordering">Probability that it is held up and may be overtaken.</param>
/// <param name="HeldUpMax">For how long, at most, on top of its latency.</param>
public sealed record WireFaults(
    TimeSpan LatencyMin, TimeSpan LatencyMax, double Loss, double Duplication, double Reordering, TimeSpan HeldUpMax)
{
    /// <summary>0.5-2 ms, and every message arrives once and in order.</summary>
    public static readonly WireFaults None = new(
        TimeSpan.FromMilliseconds(0.5), TimeSpan.FromMilliseconds(2), Loss: 0, Duplication: 0, Reordering: 0, TimeSpan.Zero);

    /// <summary>
    /// 0.5-27 ms; one in ten is lost, one in ten comes twice, one in five is held up for as long as 200 ms.
    /// </summary>
    public static readonly WireFaults Unreliable = new(
        TimeSpan.FromMilliseconds(0.5), TimeSpan.FromMilliseconds(27),
        Loss: 0.1, Duplication: 0.1, Reordering: 0.2, TimeSpan.FromMilliseconds(200));
}
