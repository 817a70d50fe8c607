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
/// <remarks>
/// Each is said when it has happened, on the thread where it did; what is more than 100 in a second is only counted.
/// </remarks>
public abstract record WireEvent
{
    private WireEvent() { }

    /// <summary>
    /// The handshake is over: two nodes know each other, and messages can go one way. Each side says it of the same
    /// connection, so that a pair of nodes has four of these in all.
    /// </summary>
    /// <param name="Peer">The other node.</param>
    /// <param name="Direction">Which way.</param>
    /// <param name="Remote">Where it is.</param>
    /// <param name="Version">Of the protocol, the latest that both speak.</param>
    public sealed record Connected(NodeId Peer, WireDirection Direction, EndPoint Remote, int Version) : WireEvent;

    /// <summary>
    /// A connection that was <see cref="Connected"/> is gone: it broke, one side closed it, or a newer one took its
    /// place. Who has dialled dials again. Not said of one that is <see cref="Refused"/> for what came over it.
    /// </summary>
    /// <param name="Peer">The other node.</param>
    /// <param name="Direction">Which way messages went.</param>
    /// <param name="Why">As far as it is known.</param>
    public sealed record Lost(NodeId Peer, WireDirection Direction, string Why) : WireEvent;

    /// <summary>
    /// Somebody who dialled this node was refused during the handshake, or cut off after it, because of what he did or
    /// did not do; or, <see cref="WireRefusal.TooMany"/>, made room for another one.
    /// </summary>
    /// <param name="Remote">Where he is.</param>
    /// <param name="Peer">Who he says to be, if he came that far.</param>
    /// <param name="Reason">What it is counted as.</param>
    /// <param name="Why">With the values that were wrong.</param>
    public sealed record Refused(EndPoint Remote, Option<NodeId> Peer, WireRefusal Reason, string Why) : WireEvent;

    /// <summary>
    /// This node dialled another, and there is no connection: nobody was there, or not in time, or one of the two
    /// refused the other. It dials again, and says this again only when <paramref name="Why"/> is another, or there was
    /// a connection in between.
    /// </summary>
    /// <param name="Peer">Whom this node wants to reach.</param>
    /// <param name="Remote">Where.</param>
    /// <param name="Reason">Why one of the two refused the other; none when there was nobody.</param>
    /// <param name="Why">With the values that were wrong.</param>
    public sealed record Unreachable(NodeId Peer, EndPoint Remote, Option<WireRefusal> Reason, string Why) : WireEvent;

    /// <summary>
    /// Messages to a peer were not sent: there was no connection, too much waited, one is too large for a frame, or
    /// they were lost with a connection. Said now and then, of all since it was said last.
    /// </summary>
    /// <param name="Peer">To whom.</param>
    /// <param name="Messages">How many since this was said last.</param>
    public sealed record Dropped(NodeId Peer, long Messages) : WireEvent;

    /// <summary>
    /// A message came whose kind, or a part of which, this version does not know: that of a later one. It is as good
    /// as lost. Said at the first of a connection; the others are only counted.
    /// </summary>
    /// <param name="Peer">From whom.</param>
    /// <param name="Kind">Of what kind, as a number.</param>
    public sealed record Skipped(NodeId Peer, int Kind) : WireEvent;

    /// <summary>
    /// This node's machine failed it, and it goes on after a pause: <c>accept</c>, a connection could not be accepted,
    /// or given a thread.
    /// </summary>
    /// <param name="What">What was done.</param>
    /// <param name="Why">The error.</param>
    public sealed record Failed(string What, string Why) : WireEvent;

    /// <summary>
    /// More happened than the 100 in a second that are worth a line each, or an observer of these failed. Said now and
    /// then; <see cref="WireCounters"/> has all of it.
    /// </summary>
    /// <param name="Events">How many were not said since this was said last.</param>
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
