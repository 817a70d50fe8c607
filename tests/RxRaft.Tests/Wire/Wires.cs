using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>A TCP wire on a loopback port of its own, with everything that it heard and that happened to it.</summary>
internal sealed class Wires : IAsyncDisposable
{
    public static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);
    public static readonly ClusterId Test = new("Test");
    public static readonly NodeId S1 = new(1), S2 = new(2), S3 = new(3);

    private readonly ConcurrentQueue<Input.Receive> heard = new();
    private readonly ConcurrentQueue<WireEvent> happened = new();
    private readonly IObservable<Input.Receive> hearing;
    private readonly IObservable<WireEvent> events;

    private Wires(TcpWire wire)
    {
        Wire    = wire;
        hearing = Wire.Received.SelectMany(together => together).Replay().AutoConnect(0);
        events  = Wire.Events.Replay().AutoConnect(0);
        hearing.Subscribe(heard.Enqueue);
        events.Subscribe(happened.Enqueue);
    }

    public TcpWire Wire { get; }

    public IReadOnlyCollection<Input.Receive> Heard => heard;

    public IReadOnlyCollection<WireEvent> Happened => happened;

    /// <summary>Quick to try again, and on a port that is free.</summary>
    public static TcpWireOptions Options(NodeId self, int port = 0) => new(Test, self, new(IPAddress.Loopback, port))
    {
        MinBackOff = TimeSpan.FromMilliseconds(5),
        MaxBackOff = TimeSpan.FromMilliseconds(100),
    };

    public static Wires Start(TcpWireOptions options) => new(TcpWire.Start(options));

    public static Wires Start(NodeId self, int port = 0) => Start(Options(self, port));

    /// <summary>All know each other.</summary>
    public static void Introduce(params Wires[] all)
    {
        foreach (var one in all)
            foreach (var other in all.Where(other => other != one)) one.Wire.AddPeer(other.Wire.Self, other.Wire.LocalEndPoint);
    }

    /// <summary>The first event of a kind, from the past or the future.</summary>
    public async Task<T> Event<T>(Func<T, bool>? where = null) where T : WireEvent
    {
        try
        {
            return await events.OfType<T>().FirstAsync(where ?? (_ => true)).Timeout(Generous);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"No {typeof(T).Name}, but {string.Join("; ", happened)}");
        }
    }

    /// <summary>On its own connection: what is sent before that is dropped.</summary>
    public Task Connected(NodeId peer, int times = 1) => Event<WireEvent.Connected>(
        said => said.Peer == peer && said.Direction == WireDirection.Out && --times == 0);

    public async Task<Input.Receive> Hears(Message message) =>
        await hearing.FirstAsync(arrived => Generated.Same(arrived.Message, message)).Timeout(Generous);

    public void Say(NodeId to, params IEnumerable<Message> messages)
    {
        foreach (var message in messages) Wire.Send(to, message);
        Wire.Flush();
    }

    /// <summary>Where somebody dials from.</summary>
    public static int PortOf(TcpClient client) => ((IPEndPoint)client.Client.LocalEndPoint!).Port;

    /// <summary>Reads what comes, until the other side has closed it.</summary>
    public static async Task UntilClosed(TcpClient client)
    {
        using var limit = new CancellationTokenSource(Generous);
        var rest = new byte[1_000];
        try
        {
            while (await client.GetStream().ReadAsync(rest, limit.Token) > 0) { }
        }
        catch (IOException)
        {
            // cut off, and what was not read yet thrown away
        }
    }

    public ValueTask DisposeAsync() => Wire.DisposeAsync();
}
