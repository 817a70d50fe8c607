using System.Collections.Generic;
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
public sealed class TcpWire : IWire, IReception, IAsyncDisposable
{
    private readonly TcpWireOptions options;
    private readonly Tls? tls;
    private readonly Socket listener;
    private readonly WireLog log = new();
    private readonly Lock gate = new();
    private readonly CancellationTokenSource stop = new();
    private readonly Subject<Seq<Input.Receive>> received = new();      // each reader speaks for itself
    private readonly List<Inbound> inbounds = [];
    private readonly Dictionary<NodeId, Inbound> admitted = [];
    private readonly Timer watch;
    private volatile Link[] links = [];                         // replaced as a whole
    private Task accepting = Task.CompletedTask;

    private TcpWire(TcpWireOptions options)
    {
        this.options = options;
        tls      = options.Tls is { } with ? new Tls(with, options.Cluster) : null;
        listener = new Socket(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        watch    = new Timer(_ => Look());
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
            wire.listener.Dispose();
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
    /// <exception cref="ArgumentException">It cannot be; the message says why.</exception>
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
            var link = new Link(options, node, address, tls, log);
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
            if (admitted.TryGetValue(node, out var connection)) connection.Close("The peer was removed");
        }
    }

    /// <summary>Closes everything; ends when no thread of the wire runs any more, but one that called this.</summary>
    public async ValueTask DisposeAsync()
    {
        Inbound[] ending;
        lock (gate)
        {
            if (stop.IsCancellationRequested) return;

            stop.Cancel();
            ending = [.. inbounds];
        }

        Task[] others = [.. ending.Where(one => !one.IsThisThread).Select(one => one.Ended)];
        listener.Dispose();
        foreach (var connection in ending) connection.Close("This wire was stopped");
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(links.Select(link => link.Stop())).ConfigureAwait(false);
        await Task.WhenAll(others).ConfigureAwait(false);
        await watch.DisposeAsync().ConfigureAwait(false);
        received.OnCompleted();
        log.End();
    }

    bool IReception.IsPeer(NodeId node) => Find(node) is not null;

    bool IReception.Admit(Inbound connection, NodeId from)
    {
        lock (gate)
        {
            if (stop.IsCancellationRequested || Find(from) is not { } link) return false;

            if (admitted.TryGetValue(from, out var older)) older.Close("A newer connection took its place");
            admitted[from] = connection;
            link.Wake();                                        // it is there: it can be dialled
            return true;
        }
    }

    void IReception.Receive(Seq<Input.Receive> together)
    {
        if (!stop.IsCancellationRequested) received.OnNext(together);
    }

    void IReception.Leave(Inbound connection)
    {
        lock (gate)
        {
            inbounds.Remove(connection);
            foreach (var (node, its) in admitted)
                if (its == connection) admitted.Remove(node);
        }
    }

    private Link? Find(NodeId node)
    {
        foreach (var link in links)
            if (link.Peer == node) return link;
        return null;
    }

    private void Begin()
    {
        listener.Bind(options.Listen);
        listener.Listen(Math.Max(128, options.MaxHandshakes));
        LocalEndPoint = (IPEndPoint)listener.LocalEndPoint!;
        foreach (var (node, address) in options.Peers.AsEnumerable())
            if (node != Self) AddPeer(node, address);

        var shortest = Math.Min(options.HandshakeTimeout.TotalMilliseconds, options.FrameTimeout.TotalMilliseconds);
        var period   = TimeSpan.FromMilliseconds(Math.Clamp(shortest / 4, 10, 1_000));
        watch.Change(period, period);
        accepting = Task.Run(Accept);
    }

    private async Task Accept()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Take(await listener.AcceptAsync(stop.Token).ConfigureAwait(false));
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                // Such as no more handles, or threads: there may be some again.
                log.Say(new WireEvent.Failed("accept", failure.Message));
                using var never = new SemaphoreSlim(0);
                await never.WaitAsync(options.MinBackOff).ConfigureAwait(false);
            }
        }
    }

    private void Take(Socket socket)
    {
        lock (gate)
        {
            if (!stop.IsCancellationRequested && inbounds.Count(one => one.IsStranger) < options.MaxHandshakes)
            {
                var connection = new Inbound(options, socket, tls, this, log);
                connection.Start();                             // not among them, if there is no thread to be had
                inbounds.Add(connection);
                return;
            }
        }

        var remote = socket.RemoteEndPoint ?? options.Listen;
        Sockets.Close(socket);
        log.Refused(new(
            remote, None, WireRefusal.TooMany, $"{options.MaxHandshakes} others have not said who they are"));
    }

    private void Look()
    {
        Inbound[] all;
        var now = Environment.TickCount64;
        lock (gate) all = [.. inbounds];
        foreach (var connection in all) connection.Look(now);
        foreach (var link in links) link.Look(now);
        log.Look();
    }
}
