using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Reactive.Linq;
using System.Threading.Tasks;
using CsCheck;
using static RxRaft.Tests.Wires;

namespace RxRaft.Tests;

/// <summary>Nodes that talk over real sockets.</summary>
public sealed class TcpWireTests
{
    [Fact]
    public async Task Messages_arrive_in_their_order_with_everything_in_them()
    {
        await using var one = Wires.Start(S1);
        await using var two = Wires.Start(S2);
        Introduce(one, two);
        await one.Connected(S2);
        var messages = new List<Message>();
        Generated.Message.Array[200].Sample(some => { lock (messages) messages.AddRange(some); }, iter: 1, threads: 1);

        one.Say(S2, messages);
        one.Say(S2, Mark(Last));

        Assert.Equal(S1, (await two.Hears(Mark(Last))).From);
        Assert.All(messages.Zip(two.Heard), pair => Assert.True(Generated.Same(pair.Item1, pair.Item2.Message)));
        Assert.Equal(messages.Count + 1, two.Heard.Count);
        Assert.Equal(messages.Count + 1, two.Wire.Counters.FramesReceived);
    }

    [Fact]
    public async Task An_append_of_megabytes_arrives()
    {
        await using var one = Wires.Start(S1);
        await using var two = Wires.Start(S2);
        Introduce(one, two);
        await one.Connected(S2);
        var append = new Message.AppendEntries(new(1), new(1), LogPosition.Zero, toSeq(Enumerable.Range(1, 30).Select(n =>
            new Entry(new(new(1), new((ulong)n)), new Payload.Command(new(new(1), (ulong)n), 0, Bytes(n, 100_000))))).Strict(), new(0));

        one.Say(S2, Enumerable.Repeat(append, 5));
        one.Say(S2, Mark(Last));

        await two.Hears(Mark(Last));
        Assert.All(two.Heard.Take(5), heard => Assert.Equal(append, heard.Message));
        Assert.Equal(0, one.Wire.Counters.MessagesDropped);
    }

    [Fact]
    public async Task What_is_sent_in_a_row_is_passed_on_together()
    {
        await using var one = Wires.Start(S1);
        await using var two = Wires.Start(S2);
        Introduce(one, two);
        await one.Connected(S2);
        var together = two.Wire.Received.FirstAsync().Timeout(Generous).Replay().AutoConnect(0);

        one.Say(S2, Mark(Last), Mark(2), Mark(3));

        Assert.Equal([Mark(Last), Mark(2), Mark(3)], (await together).Map(arrived => arrived.Message).ToArray());
    }

    [Fact]
    public async Task A_name_that_is_not_reached_is_told_as_it_is_written()
    {
        var port = FreePorts.One().Port;
        await using var one = Wires.Start(S1);
        one.Wire.AddPeer(S2, new DnsEndPoint("localhost", port));

        var told = await one.Event<WireEvent.Unreachable>();

        Assert.Equal(($"localhost:{port}", new DnsEndPoint("localhost", port)), ($"{told.Remote}", told.Remote));
        Assert.DoesNotContain("Unspecified", $"{told}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_was_not_there_gets_the_latest_message_only()
    {
        var port = FreePorts.One().Port;
        await using var one = Wires.Start(S1);
        one.Wire.AddPeer(S2, new IPEndPoint(IPAddress.Loopback, port));
        Assert.Equal(default, one.Wire.Queues[S2]);
        one.Say(S2, Mark(Last), Mark(2), Mark(3));
        await one.Event<WireEvent.Dropped>();
        Assert.Equal(2, one.Wire.Counters.MessagesDropped);
        Assert.Equal(new WireQueue(1, 0), one.Wire.Queues[S2]);

        await using var two = Wires.Start(S2, port);
        two.Wire.AddPeer(S1, one.Wire.LocalEndPoint);

        await two.Hears(Mark(3));
        Assert.Equal([Mark(3)], two.Heard.Select(heard => heard.Message));
    }

    [Fact]
    public async Task A_node_that_was_restarted_is_found_again_from_both_sides()
    {
        await using var one = Wires.Start(S1);
        var two = Wires.Start(S2);
        var port = two.Wire.LocalEndPoint.Port;
        Introduce(one, two);
        await one.Connected(S2);

        await two.DisposeAsync();
        await one.Event<WireEvent.Lost>(lost => lost.Direction == WireDirection.Out);
        await using var again = Wires.Start(S2, port);
        again.Wire.AddPeer(S1, one.Wire.LocalEndPoint);
        await again.Connected(S1);
        await one.Connected(S2, times: 2);

        one.Say(S2, Mark(7));
        again.Say(S1, Mark(8));
        await again.Hears(Mark(7));
        await one.Hears(Mark(8));
    }

    [Fact]
    public async Task A_node_with_another_address_is_dialled_there_and_one_that_was_removed_is_refused()
    {
        await using var one = Wires.Start(S1);
        await using var two = Wires.Start(S2);
        one.Wire.AddPeer(S2, FreePorts.One());
        Assert.True(one.Wire.Knows(S2));
        await one.Event<WireEvent.Unreachable>();

        Introduce(one, two);
        await one.Connected(S2);
        await one.Event<WireEvent.Connected>(said => said.Direction == WireDirection.In);

        one.Wire.RemovePeer(S2);
        Assert.False(one.Wire.Knows(S2));
        Assert.Equal(S2, (await one.Event<WireEvent.Refused>(refused => refused.Reason == WireRefusal.UnknownNode)).Peer);
        await two.Event<WireEvent.Unreachable>(failed => failed.Reason == Some(WireRefusal.UnknownNode));
    }

    [Fact]
    public async Task What_goes_to_nobody_is_counted_and_nothing_else()
    {
        await using var one = Wires.Start(S1);
        one.Say(S3, Mark(Last));
        Assert.Equal(1, one.Wire.Counters.MessagesDropped);
    }

    [Fact]
    public async Task A_wire_that_was_disposed_of_ends_its_observables_and_frees_its_port()
    {
        var one = Wires.Start(S1);
        var ended = one.Wire.Received.LastOrDefaultAsync().Timeout(Generous).Replay().AutoConnect(0);
        await one.DisposeAsync();
        await one.DisposeAsync();

        await ended;
        await using var again = Wires.Start(S1, one.Wire.LocalEndPoint.Port);
        Assert.Throws<ObjectDisposedException>(() => one.Wire.AddPeer(S2, new IPEndPoint(IPAddress.Loopback, 1)));
    }

    [Fact]
    public async Task An_observer_that_fails_costs_one_connection_and_no_process()
    {
        await using var one = Wires.Start(S1);
        await using var two = Wires.Start(S2);
        Introduce(one, two);
        await one.Connected(S2);
        using var failing = two.Wire.Received.Subscribe(_ => throw new InvalidOperationException("observer"));

        one.Say(S2, Mark(Last));

        Assert.Equal("observer", (await two.Event<WireEvent.Lost>()).Why);
    }

    [Fact]
    public async Task A_wire_may_be_disposed_of_by_who_hears_it_on_the_thread_that_reads()
    {
        await using var one = Wires.Start(S1);
        await using var two = Wires.Start(S2);
        await using var three = Wires.Start(S3);
        Introduce(one, two, three);
        await one.Connected(S2);
        await three.Connected(S2);
        var disposed = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var hearing = two.Wire.Received.Subscribe(
            _ => disposed.TrySetResult(two.DisposeAsync().AsTask().Wait(Generous)));

        one.Say(S2, Mark(Last));

        Assert.True(await disposed.Task.WaitAsync(2 * Generous));
        await one.Event<WireEvent.Lost>(lost => lost is { Peer.Value: 2, Direction: WireDirection.Out });
        await three.Event<WireEvent.Lost>(lost => lost is { Peer.Value: 2, Direction: WireDirection.Out });
    }

    /// <summary>No generated message has it.</summary>
    private const ulong Last = 0x5EED_0BAD_F00D_CAFE;

    private static Message Mark(ulong number) => new Message.TimeoutNow(new(number), new(number));

    private static byte[] Bytes(int seed, int count) => [.. Enumerable.Range(seed, count).Select(n => (byte)(n * 31))];
}
