using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>A node's way to the others over TCP: one connection to each of them, and one from each of them.</summary>
/// <remarks>
/// The format is in raft.proto. Without a connection, of what is sent to a node only the latest message waits for one,
/// and the others are dropped: Raft sends again what still matters.
/// </remarks>
public sealed class TcpWire : IWire, IAsyncDisposable
{
    private readonly TcpWireOptions options;
    private readonly Tls? tls;
    private readonly WireLog log = new();
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Subject<Seq<Input.Receive>> received = new();      // each reader speaks for itself
    private readonly Doorway door;
    private readonly Timer watch;
    private volatile Link[] links = [];                         // replaced as a whole

    private TcpWire(TcpWireOptions options)
    {
        this.options = options;
        tls   = options.Tls is { } with ? new Tls(with, options.Cluster) : null;
        door  = new Doorway(options, tls, log, gate, Find, Receive, stop.Token);
        watch = new Timer(_ => Look());
        if (options.Hear is { } hear) log.Events.Subscribe(hear);
    }

    /// <summary>Listens, and begins to dial the peers.</summary>
    /// <exception cref="ArgumentException">
    /// The options are wrong; the message names each that is, and its value.
    /// </exception>
    /// <exception cref="SocketException">The address cannot be listened at.</exception>
    public static TcpWire Start(TcpWireOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var wire = new TcpWire(options.Checked());
        try
        {
            wire.Begin();
            return wire;
        }
        catch (SocketException)
        {
            wire.door.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public NodeId Self => options.Self;

    /// <summary>Where it listens, with the actual port.</summary>
    public IPEndPoint LocalEndPoint { get; private set; } = new(IPAddress.None, 0);

    /// <summary>
    /// What arrives, on the threads that read: one for each peer, so from several at once. Who takes long keeps
    /// that peer from being read.
    /// </summary>
    public IObservable<Seq<Input.Receive>> Received => received.AsObservable();

    /// <summary>
    /// What happens to the connections, for a log. On any thread; who takes long delays it. At most 100 a second.
    /// </summary>
    public IObservable<WireEvent> Events => log.Events;

    /// <summary>What was done so far.</summary>
    public WireCounters Counters => log.Counters;

    /// <summary>What waits to go out at the moment, by the node that it is for.</summary>
    public Map<NodeId, WireQueue> Queues => toMap(links.Select(link => (link.Peer, link.Queue)));

    /// <inheritdoc/>
    public long MaxMessageBytes => options.MaxFrameBytes;

    /// <inheritdoc/>
    public bool Knows(NodeId node) => node == Self || Find(node) is not null;

    /// <inheritdoc/>
    public void Send(NodeId to, Message message)
    {
        if (Find(to) is { } link) link.Send(message);
        else log.Dropped(1);
    }

    /// <inheritdoc/>
    public void Flush()
    {
        foreach (var link in links) link.Flush();
    }

    /// <summary>A node has joined, or has another address: this one dials it there, and accepts it.</summary>
    /// <exception cref="ArgumentException">
    /// It cannot be: it is this node, or S0, or the address is none that can be dialled; the message says which.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The wire was disposed of.</exception>
    public void AddPeer(NodeId node, EndPoint address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (node == Self) throw new ArgumentException($"{node} is this node itself", nameof(node));
        options.Problem(node, address).IfSome(problem => throw new ArgumentException(problem, nameof(address)));

        lock (gate)
        {
            ObjectDisposedException.ThrowIf(stop.IsCancellationRequested, this);
            var before = Find(node);
            if (before?.Address.Equals(address) == true) return;
            var link = new Link(options, node, HostEndPoint.Of(address), tls, log);
            links = [.. links.Where(other => other.Peer != node), link];
            _ = before?.Stop();
            link.Start();
        }
    }

    /// <summary>A node has left: this one no longer dials it, and refuses it.</summary>
    public void RemovePeer(NodeId node)
    {
        lock (gate)
        {
            _ = Find(node)?.Stop();
            links = [.. links.Where(other => other.Peer != node)];
            door.Remove(node);
        }
    }

    /// <summary>
    /// Closes everything; ends when no thread of the wire runs any more, but one that called this. An observer of
    /// <see cref="Received"/> may block until then; one of <see cref="Events"/> must not, but may await it.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        lock (gate)
        {
            if (stop.IsCancellationRequested) return;

            stop.Cancel();
        }

        var closed = door.Close();
        await Task.WhenAll(links.Select(link => link.Stop())).ConfigureAwait(false);
        await closed.ConfigureAwait(false);
        await watch.DisposeAsync().ConfigureAwait(false);
        received.OnCompleted();
        log.End();
    }

    private Link? Find(NodeId node)
    {
        foreach (var link in links)
            if (link.Peer == node) return link;
        return null;
    }

    private void Begin()
    {
        LocalEndPoint = door.Listen();
        foreach (var (node, address) in options.Peers.AsEnumerable())
            if (node != Self) AddPeer(node, address);

        var shortest = Math.Min(options.HandshakeTimeout.TotalMilliseconds, options.FrameTimeout.TotalMilliseconds);
        var period   = TimeSpan.FromMilliseconds(Math.Clamp(shortest / 4, 10, 1_000));
        watch.Change(period, period);
        door.Open();
    }

    private void Receive(Seq<Input.Receive> together)
    {
        if (!stop.IsCancellationRequested) received.OnNext(together);
    }

    private void Look()
    {
        var now = Environment.TickCount64;
        door.Look(now);
        foreach (var link in links) link.Look(now);
        log.Look();
    }
}
