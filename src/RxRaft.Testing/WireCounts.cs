namespace RxRaft.Testing;

/// <summary>What the wire has carried so far.</summary>
/// <param name="Rpcs">Requests sent, whatever became of them: a request and its reply are one.</param>
/// <param name="Bytes">Of all messages sent, requests and replies, after <see cref="WireSize"/>.</param>
/// <param name="Messages">All messages sent.</param>
/// <param name="Lost">Messages that did not arrive, each copy of a duplicate counted.</param>
public readonly record struct WireCounts(long Rpcs, long Bytes, long Messages, long Lost)
{
    /// <summary>What was carried between two moments.</summary>
    public static WireCounts operator -(WireCounts later, WireCounts earlier) => new(
        later.Rpcs - earlier.Rpcs, later.Bytes - earlier.Bytes,
        later.Messages - earlier.Messages, later.Lost - earlier.Lost);
}
