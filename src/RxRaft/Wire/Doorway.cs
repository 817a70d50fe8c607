using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>The connections that others make to this node: who gets a place, and who loses it.</summary>
/// <param name="gate">The wire's own: who is a peer and who has a place change together.</param>
/// <param name="find">The way to a node, if it is a peer.</param>
/// <param name="receive">Takes what peers say.</param>
/// <param name="stop">Nobody gets a place any more.</param>
internal sealed class Doorway(
    TcpWireOptions options, Tls? tls, WireLog log, Lock gate, Func<NodeId, Link?> find,
    Action<Seq<Input.Receive>> receive, CancellationToken stop) : IReception, IDisposable
{
    private readonly Socket listener = new(options.Listen.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Inbound> inbounds = [];               // the oldest first
    private readonly Dictionary<NodeId, Inbound> admitted = [];
    private Task accepting = Task.CompletedTask;

    /// <summary>Listens; who dials waits until <see cref="Open"/>.</summary>
    /// <returns>Where, with the actual port.</returns>
    /// <exception cref="SocketException">It cannot.</exception>
    public IPEndPoint Listen()
    {
        listener.Bind(options.Listen);
        listener.Listen(Math.Max(128, options.MaxHandshakes));
        return (IPEndPoint)listener.LocalEndPoint!;
    }

    /// <summary>Lets others in.</summary>
    public void Open() => accepting = Task.Run(Accept);

    /// <summary>Now and then: cuts off who lets one wait.</summary>
    public void Look(long now)
    {
        Inbound[] all;
        lock (gate) all = [.. inbounds];
        foreach (var connection in all) connection.Look(now);
    }

    /// <summary>A node is no peer any more.</summary>
    public void Remove(NodeId node)
    {
        lock (gate)
            if (admitted.TryGetValue(node, out var connection)) connection.Close("The peer was removed");
    }

    /// <summary>Closes everything, after the stop; ends when no thread of it runs any more, but this one.</summary>
    public Task Close()
    {
        Inbound[] ending;
        lock (gate) ending = [.. inbounds];

        Task[] others = [.. ending.Where(one => !one.IsThisThread).Select(one => one.Ended)];
        listener.Dispose();
        foreach (var connection in ending) connection.Close("This wire was stopped");
        return Task.WhenAll([accepting, .. others]);
    }

    /// <inheritdoc/>
    public void Dispose() => listener.Dispose();

    /// <summary>Who makes room when there are too many strangers: the oldest from where most of them come.</summary>
    /// <param name="strangers">The oldest first; at least one.</param>
    /// <param name="from">Where one comes from.</param>
    /// <remarks>
    /// A handshake takes a few round trips, so that the oldest is the least likely to be one that goes on. And whoever
    /// dials without end loses his own places, and not those of other hosts, which have fewer.
    /// </remarks>
    public static T Yielding<T>(IEnumerable<T> strangers, Func<T, IPAddress> from) =>
        strangers.GroupBy(from).MaxBy(host => host.Count())!.First();

    bool IReception.IsPeer(NodeId node) => find(node) is not null;

    bool IReception.Admit(Inbound connection, NodeId from)
    {
        lock (gate)
        {
            if (stop.IsCancellationRequested || connection.IsLeaving || find(from) is not { } link) return false;

            if (admitted.TryGetValue(from, out var older)) older.Close("A newer connection took its place");
            admitted[from] = connection;
            connection.IsStranger = false;
            link.Wake();                                        // it is there: it can be dialled
            return true;
        }
    }

    void IReception.Receive(Seq<Input.Receive> together) => receive(together);

    void IReception.Leave(Inbound connection)
    {
        lock (gate)
        {
            inbounds.Remove(connection);
            foreach (var (node, its) in admitted)
                if (its == connection) admitted.Remove(node);
        }
    }

    private async Task Accept()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Take(await options.Host.Accept(listener, stop).ConfigureAwait(false));
            }
            catch (Exception) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
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
        try
        {
            if (TryTake(socket)) return;

            var remote = socket.RemoteEndPoint ?? options.Listen;
            Sockets.Close(socket);
            log.Refused(new(remote, None, WireRefusal.TooMany,
                Say.Invariant($"{2 * options.MaxHandshakes} others have not said who they are, or are being closed")));
        }
        catch (Exception)
        {
            Sockets.Close(socket);                              // there is no thread to be had, or it is the end
            throw;
        }
    }

    /// <summary>Gives it a thread; the one that makes room may take a moment to end.</summary>
    private bool TryTake(Socket socket)
    {
        lock (gate)
        {
            stop.ThrowIfCancellationRequested();
            var strangers = inbounds.Where(one => one.IsStranger).ToList();
            if (strangers.Count >= 2 * (long)options.MaxHandshakes) return false;

            var connection = new Inbound(options, socket, tls, this, log);
            connection.Start();
            inbounds.Add(connection);
            var waiting = strangers.Where(one => !one.IsLeaving).ToList();
            if (waiting.Count >= options.MaxHandshakes)
                Yielding(waiting, one => one.Host).Refuse(WireRefusal.TooMany, Say.Invariant(
                    $"It made room: {waiting.Count} had not said who they are, and another one came"));
            return true;
        }
    }
}
