using System.Net;

namespace RxRaft;

/// <summary>With what a <see cref="TcpWire"/> is started.</summary>
/// <param name="Cluster">Nodes of other clusters are refused.</param>
/// <param name="Self">Whose wire it is: any id but 0, which on the wire is nobody's.</param>
/// <param name="Listen">Where others reach this node: an address and a port, or port 0 for any that is free.</param>
public sealed record TcpWireOptions(ClusterId Cluster, NodeId Self, IPEndPoint Listen)
{
    /// <summary>
    /// The other nodes, and where they listen: an <see cref="IPEndPoint"/>, or a <see cref="DnsEndPoint"/>, whose name
    /// is looked up at every attempt, with a port above 0. Any id but 0. The node itself may be among them, and does
    /// not count. Who is not among them is refused. By default nobody; others may come later:
    /// <see cref="TcpWire.AddPeer"/>.
    /// </summary>
    public Map<NodeId, EndPoint> Peers { get; init; } = Map<NodeId, EndPoint>();

    /// <summary>With what the nodes show who they are. By default none: plain text.</summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>
    /// Whether everybody who can reach this node may say to be a node of the cluster, and read along. By default not:
    /// plain text goes only over loopback addresses.
    /// </summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>
    /// Of one frame, in bytes, with 12 of its own: a node does not start whose <see cref="Limits"/> allow an append, a
    /// command or a part of a snapshot that could be larger. 4 KiB to 1 GiB, by default 4 MiB; the same at every node,
    /// for who is sent a larger one cuts the connection.
    /// </summary>
    public int MaxFrameBytes { get; init; } = 4 << 20;

    /// <summary>
    /// That wait to be sent to one node, in bytes, exceeded by at most one frame. <see cref="MaxFrameBytes"/> to 1 GiB,
    /// by default 16 MiB. Over it, the oldest appends, heartbeats and parts of snapshots that wait are dropped until
    /// half of it is free, and what still has no room is dropped itself.
    /// </summary>
    public int MaxQueuedBytes { get; init; } = 16 << 20;

    /// <summary>
    /// Inbound connections that have not shown yet who they are: if there is one more, the oldest of the address that
    /// has the most of them is closed. Each has a thread; for a moment there may be twice as many, of which half are
    /// being closed. Above 0, by default 64.
    /// </summary>
    public int MaxHandshakes { get; init; } = 64;

    /// <summary>
    /// A time: from the attempt to connect, or from an accepted connection, until both sides know each other. Above 0,
    /// an hour at most, by default 2 s.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// A time: from the first byte of a frame, or of what is sent at once, to its last. Above 0, an hour at most, by
    /// default 30 s.
    /// </summary>
    public TimeSpan FrameTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// A time: how long a host may acknowledge nothing before it counts as gone, in whole seconds where the system
    /// knows no parts of them. Above 0, an hour at most, by default 10 s.
    /// </summary>
    public TimeSpan SilenceTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// A time: the pause before the second attempt to connect to a node; it doubles from there. Chance shortens each
    /// pause, to half at most. Also the pause after a connection could not be accepted. Above 0, an hour at most, by
    /// default 50 ms.
    /// </summary>
    public TimeSpan MinBackOff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// A time: the longest pause between two attempts to connect to a node. <see cref="MinBackOff"/> to an hour, by
    /// default 1 s.
    /// </summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The machine it runs on.</summary>
    internal WireHost Host { get; init; } = WireHost.Real;

    /// <summary>Hears of the wire's events from the first one on, which nobody who subscribes later does.</summary>
    internal Action<WireEvent>? Hear { get; init; }

    /// <summary>These, if they are right.</summary>
    /// <exception cref="ArgumentException">They are not; the message names everything that is wrong.</exception>
    internal TcpWireOptions Checked()
    {
        ArgumentNullException.ThrowIfNull(Listen);
        if (Cluster == default) throw new ArgumentException($"{nameof(Cluster)} has no name");

        var problems = Problems;
        return problems.IsEmpty ? this : throw new ArgumentException(string.Join("; ", problems));
    }

    /// <summary>Why a peer cannot be had at an address.</summary>
    internal Option<string> Problem(NodeId peer, EndPoint address) =>
        peer.Value == 0 ? $"{peer} is among the peers: {Nobody}"
        : address is not (IPEndPoint or DnsEndPoint)
            ? $"The address of {peer}, {address}, is neither an IP nor a DNS one"
        : address is IPEndPoint { Port: 0 } or DnsEndPoint { Port: 0 }
            ? $"The address of {peer}, {HostEndPoint.Of(address)}, has port 0"
        : Tls is null && !AllowPlaintext && !IsLoopback(address) ? InTheOpen($"The address of {peer}", address)
        : None;

    private const string Nobody = "on the wire 0 is nobody's id";

    /// <summary>Everything that is wrong with them, each with its value.</summary>
    internal Seq<string> Problems =>
        Seq<(bool Wrong, string Words)>(
            (Self.Value == 0, $"{nameof(Self)} is {Self}: {Nobody}"),
            (MaxFrameBytes is < 4 << 10 or > 1 << 30,
                Say.Invariant($"{nameof(MaxFrameBytes)} is {MaxFrameBytes}: it must be 4096 to 1073741824")),
            (MaxQueuedBytes < MaxFrameBytes || MaxQueuedBytes > 1 << 30, Say.Invariant(
                $"{nameof(MaxQueuedBytes)} is {MaxQueuedBytes}: it must be {nameof(MaxFrameBytes)} to 1073741824")),
            (MaxHandshakes <= 0, Say.Invariant($"{nameof(MaxHandshakes)} is {MaxHandshakes}: it must be above 0")),
            (MaxBackOff < MinBackOff, Say.Invariant(
                $"{nameof(MaxBackOff)} is {MaxBackOff}: it must not be below {nameof(MinBackOff)}, {MinBackOff}")),
            (Tls is null && !AllowPlaintext && !IsLoopback(Listen), InTheOpen(nameof(Listen), Listen)))
        .Filter(problem => problem.Wrong).Map(problem => problem.Words)
        .Concat(Seq((nameof(HandshakeTimeout), HandshakeTimeout), (nameof(FrameTimeout), FrameTimeout),
            (nameof(SilenceTimeout), SilenceTimeout), (nameof(MinBackOff), MinBackOff),
            (nameof(MaxBackOff), MaxBackOff)).Choose(NoTime))
        .Concat(toSeq(Peers.AsEnumerable()).Filter(peer => peer.Key != Self)
            .Choose(peer => Problem(peer.Key, peer.Value)))
        .Concat(Tls?.Problems(Cluster, Self) ?? []).Strict();

    private static Option<string> NoTime((string Name, TimeSpan Value) time) =>
        time.Value > TimeSpan.Zero && time.Value <= TimeSpan.FromHours(1)
            ? None
            : Say.Invariant($"{time.Name} is {time.Value}: it must be above 0, and an hour at most");

    private static string InTheOpen(string name, EndPoint address) =>
        $"{name} is {HostEndPoint.Of(address)}: without {nameof(Tls)} that must be a loopback address, or "
        + $"{nameof(AllowPlaintext)} said";

    private static bool IsLoopback(EndPoint address) => address switch
    {
        IPEndPoint ip => IPAddress.IsLoopback(ip.Address),
        DnsEndPoint name => name.Host == "localhost"
            || (IPAddress.TryParse(name.Host, out var ip) && IPAddress.IsLoopback(ip)),
        _ => false,
    };
}
