using System.Net;

namespace RxRaft;

/// <summary>Which way messages go over a connection.</summary>
public enum WireDirection
{
    /// <summary>To the other node: this node has dialled.</summary>
    Out,

    /// <summary>From the other node, which has dialled.</summary>
    In,
}

/// <summary>What happens to a node's connections, for a log. None of it needs anybody to do anything.</summary>
public abstract record WireEvent
{
    private WireEvent() { }

    /// <summary>Two nodes know each other, and messages can go one way.</summary>
    /// <param name="Peer">The other node.</param>
    /// <param name="Direction">Which way.</param>
    /// <param name="Remote">Where it is.</param>
    /// <param name="Version">Of the protocol, the latest that both speak.</param>
    public sealed record Connected(NodeId Peer, WireDirection Direction, EndPoint Remote, int Version) : WireEvent;

    /// <summary>A connection is gone. Who has dialled dials again.</summary>
    /// <param name="Peer">The other node.</param>
    /// <param name="Direction">Which way messages went.</param>
    /// <param name="Why">As far as it is known.</param>
    public sealed record Lost(NodeId Peer, WireDirection Direction, string Why) : WireEvent;

    /// <summary>Somebody who dialled was refused, or cut off.</summary>
    /// <param name="Remote">Where he is.</param>
    /// <param name="Peer">Who he says to be, if he came that far.</param>
    /// <param name="Reason">What it is counted as.</param>
    /// <param name="Why">With the values that were wrong.</param>
    public sealed record Refused(EndPoint Remote, Option<NodeId> Peer, WireRefusal Reason, string Why) : WireEvent;

    /// <summary>
    /// A node could not be reached, or it refused, or was not who it should be. Said again only when it changes.
    /// </summary>
    /// <param name="Peer">Whom this node wants to reach.</param>
    /// <param name="Remote">Where.</param>
    /// <param name="Reason">Why one of the two refused the other; none when there was nobody.</param>
    /// <param name="Why">With the values that were wrong.</param>
    public sealed record Unreachable(NodeId Peer, EndPoint Remote, Option<WireRefusal> Reason, string Why) : WireEvent;

    /// <summary>Messages that were not sent, because too many waited or they are too large for a frame.</summary>
    /// <param name="Peer">To whom.</param>
    /// <param name="Messages">How many since this was said last.</param>
    public sealed record Dropped(NodeId Peer, long Messages) : WireEvent;

    /// <summary>
    /// A message came that this version does not understand: that of a later one. Said once for a connection.
    /// </summary>
    /// <param name="Peer">From whom.</param>
    /// <param name="Kind">Of what kind, as a number.</param>
    public sealed record Skipped(NodeId Peer, int Kind) : WireEvent;

    /// <summary>Something failed that is none of the above, such as an observer of this wire.</summary>
    /// <param name="What">What was done.</param>
    /// <param name="Why">The error.</param>
    public sealed record Failed(string What, string Why) : WireEvent;

    /// <summary>More happened than is worth a line each; all of it is counted in <see cref="WireCounters"/>.</summary>
    /// <param name="Events">How many were not said.</param>
    public sealed record Unsaid(long Events) : WireEvent;
}

/// <summary>What a wire has done since it was started.</summary>
/// <param name="FramesSent">Messages that were handed to the operating system.</param>
/// <param name="BytesSent">Of these, before encryption.</param>
/// <param name="FramesReceived">Messages that arrived.</param>
/// <param name="BytesReceived">Of everything that arrived, after decryption.</param>
/// <param name="MessagesDropped">
/// That were not sent: to nodes that are not known or not connected, over a limit, or lost with a connection.
/// </param>
/// <param name="MessagesSkipped">That arrived, and this version does not understand.</param>
/// <param name="Connections">That were made, out and in.</param>
/// <param name="FailedAttempts">To reach another node.</param>
/// <param name="Refused">Who dialled this node in vain or was cut off, by reason.</param>
public sealed record WireCounters(
    long FramesSent, long BytesSent, long FramesReceived, long BytesReceived, long MessagesDropped,
    long MessagesSkipped, long Connections, long FailedAttempts, Map<WireRefusal, long> Refused);
