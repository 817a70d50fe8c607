using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using static RxRaft.Tests.Wires;

namespace RxRaft.Tests;

/// <summary>A machine that has no socket or no thread to give for a while: it is told, and the wire goes on.</summary>
public sealed class ScarceTests
{
    [Fact]
    public async Task A_node_that_gets_no_socket_says_so_and_dials_again()
    {
        var refusals = 3;
        await using var two = Wires.Start(S2);
        await using var one = Wires.Start(With(WireHost.Real with
        {
            Socket = address => Interlocked.Decrement(ref refusals) >= 0
                ? throw new SocketException((int)SocketError.TooManyOpenSockets)
                : WireHost.Real.Socket(address),
        }));
        Introduce(one, two);

        await one.Connected(S2);
        Assert.Equal(3, one.Wire.Counters.FailedAttempts);
        Assert.Equal(
            new SocketException((int)SocketError.TooManyOpenSockets).Message, (await one.Event<WireEvent.Unreachable>()).Why);
    }

    [Fact]
    public async Task A_node_that_cannot_accept_says_so_and_accepts_the_next()
    {
        var (refusals, listening) = (2, new TaskCompletionSource());
        await using var one = Wires.Start(With(WireHost.Real with
        {
            Accept = async (listener, cancel) =>
            {
                await listening.Task.WaitAsync(cancel);
                return Interlocked.Decrement(ref refusals) >= 0
                    ? throw new SocketException((int)SocketError.TooManyOpenSockets)
                    : await WireHost.Real.Accept(listener, cancel);
            },
        }));
        listening.SetResult();
        await using var two = Wires.Start(S2);
        Introduce(one, two);

        await two.Connected(S1);
        var told = one.Happened.OfType<WireEvent.Failed>().ToArray();
        Assert.Equal(2, told.Length);
        Assert.All(told, failed => Assert.Equal(
            new WireEvent.Failed("accept", new SocketException((int)SocketError.TooManyOpenSockets).Message), failed));
    }

    [Fact]
    public async Task A_connection_that_gets_no_thread_is_closed_and_said_and_the_next_one_gets_one()
    {
        var refusals = 1;
        await using var one = Wires.Start(With(WireHost.Real with
        {
            Start = thread =>
            {
                if (Interlocked.Decrement(ref refusals) >= 0) throw new InvalidOperationException("no thread");
                thread.Start();
            },
        }));
        using var client = new TcpClient();
        await client.ConnectAsync(one.Wire.LocalEndPoint);
        Assert.Equal(new WireEvent.Failed("accept", "no thread"), await one.Event<WireEvent.Failed>());
        await UntilClosed(client);

        await using var two = Wires.Start(S2);
        Introduce(one, two);
        await two.Connected(S1);
        Assert.Equal(Map<WireRefusal, long>(), one.Wire.Counters.Refused);
    }

    [Fact]
    public async Task Strangers_who_were_closed_and_have_not_ended_are_never_more_than_those_who_may_stay()
    {
        var held = new List<Thread>();
        var host = WireHost.Real with { Start = thread => { lock (held) held.Add(thread); } };
        await using var one = Wires.Start(With(host) with { MaxHandshakes = 3 });
        var clients = new List<TcpClient>();
        for (var n = 0; n < 7; n++)
        {
            clients.Add(new());
            await clients[n].ConnectAsync(one.Wire.LocalEndPoint);
        }

        var refused = await one.Event<WireEvent.Refused>().ContinueWith(told =>
        {
            foreach (var thread in held) thread.Start();        // or the wire waits for them at its end
            return told;
        }, TaskScheduler.Default).Unwrap();
        Assert.Equal("6 others have not said who they are, or are being closed", refused.Why);
        Assert.Equal((PortOf(clients[6]), WireRefusal.TooMany), (((IPEndPoint)refused.Remote).Port, refused.Reason));
        Assert.Equal(6, held.Count);
        foreach (var client in clients) client.Dispose();
    }

    private static TcpWireOptions With(WireHost host) => Options(S1) with { Host = host };
}
