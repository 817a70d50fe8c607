namespace RxRaft;

/// <summary>Why a connection was refused, or cut off.</summary>
/// <remarks>The numbers are sent, and stay: raft.proto has them too.</remarks>
public enum WireRefusal
{
    /// <summary>The other side says a reason that this version has no word for.</summary>
    Other = 0,

    /// <summary>
    /// The other side does not speak this protocol: its first bytes, or its first message, are not what they must be,
    /// or it hung up before them.
    /// </summary>
    NotRaft = 1,

    /// <summary>The two sides have no version of it in common.</summary>
    NoCommonVersion = 2,

    /// <summary>The other side is of another cluster.</summary>
    WrongCluster = 3,

    /// <summary>Another node was to be reached than was reached: an address is wrong.</summary>
    WrongTarget = 4,

    /// <summary>This node does not know the other: it has no address in this node's peers, or no id.</summary>
    UnknownNode = 5,

    /// <summary>
    /// The other side has no valid certificate of the right authority, or does not speak TLS 1.3, or TLS at all.
    /// </summary>
    Tls = 6,

    /// <summary>The certificate is valid, but of another node.</summary>
    WrongCertificate = 7,

    /// <summary>
    /// The handshake was not complete within <see cref="TcpWireOptions.HandshakeTimeout"/>, or a frame within
    /// <see cref="TcpWireOptions.FrameTimeout"/>.
    /// </summary>
    TooSlow = 8,

    /// <summary>
    /// More connections are in their handshakes than <see cref="TcpWireOptions.MaxHandshakes"/>, and this one had to
    /// make room.
    /// </summary>
    TooMany = 9,

    /// <summary>
    /// A frame is longer than <see cref="TcpWireOptions.MaxFrameBytes"/>, or in the handshake than 4 KiB.
    /// </summary>
    Oversize = 10,

    /// <summary>A frame's bytes are no message, or one that contradicts itself.</summary>
    Malformed = 11,
}
