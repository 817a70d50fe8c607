namespace RxRaft;

/// <summary>Why a connection was refused, or cut off. The numbers are sent, and stay.</summary>
public enum WireRefusal
{
    /// <summary>Something that this version has no word for.</summary>
    Other = 0,

    /// <summary>The other side does not speak this protocol at all.</summary>
    NotRaft = 1,

    /// <summary>The two sides have no version of it in common.</summary>
    NoCommonVersion = 2,

    /// <summary>The other side is of another cluster.</summary>
    WrongCluster = 3,

    /// <summary>Another node was to be reached than was reached: an address is wrong.</summary>
    WrongTarget = 4,

    /// <summary>Nobody here knows the node: it has no address in this node's peers.</summary>
    UnknownNode = 5,

    /// <summary>The other side has no valid certificate, of the right authority, or does not speak TLS 1.3.</summary>
    Tls = 6,

    /// <summary>The certificate is valid, but of another node.</summary>
    WrongCertificate = 7,

    /// <summary>The handshake, or a frame, was not complete in time.</summary>
    TooSlow = 8,

    /// <summary>Too many connections are in their handshakes.</summary>
    TooMany = 9,

    /// <summary>A frame is longer than <see cref="TcpWireOptions.MaxFrameBytes"/>.</summary>
    Oversize = 10,

    /// <summary>A frame's bytes do not mean anything.</summary>
    Malformed = 11,
}
