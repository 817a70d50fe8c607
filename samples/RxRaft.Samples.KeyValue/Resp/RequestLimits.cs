namespace RxRaft.Samples.KeyValue;

/// <summary>How much a client may ask at once. Who asks for more is told so, and cut off.</summary>
/// <param name="Parts">Of one request: its name and its arguments.</param>
/// <param name="PartBytes">Of one of them.</param>
/// <param name="TotalBytes">Of all of them together.</param>
/// <param name="AtOnceBytes">Read, before they are served.</param>
/// <param name="ReplyBytes">Kept, before it has to take some; one reply may be more.</param>
internal sealed record RequestLimits(int Parts, int PartBytes, int TotalBytes, int AtOnceBytes, int ReplyBytes)
{
    /// <summary>Who has not shown the password has nothing to say but that.</summary>
    public static readonly RequestLimits Stranger = new(
        Parts: 10, PartBytes: 16 << 10, TotalBytes: 32 << 10, AtOnceBytes: 2 << 10, ReplyBytes: 4 << 10);

    /// <summary>All of a request fits into one command of the log.</summary>
    public static readonly RequestLimits Client = new(
        Parts: 64 << 10, PartBytes: StoreMachine.MostValueBytes, TotalBytes: 3 << 19, AtOnceBytes: 64 << 10,
        ReplyBytes: 1 << 20);
}

/// <summary>What a client sends is not RESP, or too much.</summary>
internal sealed class RespException(string message) : Exception(message);
