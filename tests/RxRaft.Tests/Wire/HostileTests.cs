using System.Collections.Generic;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using static RxRaft.Tests.Wires;

namespace RxRaft.Tests;

/// <summary>Who is no node, or behaves like none, is cut off, counted and said; and nothing else happens.</summary>
public sealed class HostileTests
{
    private static readonly byte[] Preface = Handshake.Preface.ToArray();
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan Long  = 10 * Generous;        // than any test takes

    [Fact]
    public Task Another_protocol_is_refused() => IsRefused(WireRefusal.NotRaft, "GET / HTTP/1.1\r\n\r\n"u8.ToArray());

    [Fact]
    public Task A_text_translation_is_noticed() => IsRefused(WireRefusal.NotRaft, "RxRaft\n\n"u8.ToArray());

    [Fact]
    public Task Who_does_not_begin_with_a_hello_is_refused() =>
        IsRefused(WireRefusal.NotRaft, [.. Preface, .. Frames.Of(new Message.TimeoutNow(new(9), new(9)))]);

    [Fact]
    public Task A_hello_that_promises_too_much_is_refused() =>
        IsRefused(WireRefusal.Oversize, [.. Preface, 0, 0x10, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0]);

    [Fact]
    public Task A_hello_that_means_nothing_is_refused() =>
        IsRefused(WireRefusal.Malformed, [.. Preface, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0x0a, 0xff]);

    [Fact]
    public Task Who_says_nothing_is_cut_off() => IsRefused(WireRefusal.TooSlow, []);

    [Fact]
    public Task Who_stops_in_the_middle_of_a_hello_is_cut_off() => IsRefused(WireRefusal.TooSlow, [.. Hello()[..20]]);

    [Fact]
    public Task A_node_that_is_not_known_is_refused() =>
        IsRefused(WireRefusal.UnknownNode, Hello(hello => hello.From = 77));

    [Fact]
    public Task A_node_of_another_cluster_is_refused() =>
        IsRefused(WireRefusal.WrongCluster, Hello(hello => hello.Cluster = "Other"));

    [Fact]
    public Task A_frame_that_is_too_long_cuts_a_node_off() =>
        IsRefused(WireRefusal.Oversize, [.. Hello(), 0, 0, 0, 0x7f, 0, 0, 0, 0, 20, 0, 0, 0]);

    [Fact]
    public Task A_frame_that_means_nothing_cuts_a_node_off() =>
        IsRefused(WireRefusal.Malformed, [.. Hello(), 2, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 0xff, 0xff]);

    [Fact]
    public Task A_frame_that_does_not_end_cuts_a_node_off() =>
        IsRefused(WireRefusal.TooSlow, [.. Hello(), 9, 0, 0, 0, 0, 0, 0, 0, 20, 0, 0, 0, 1]);

    [Fact]
    public async Task Who_sends_a_byte_now_and_then_is_cut_off_all_the_same()
    {
        await using var node = Victim(Short);
        using var client = await Dial(node);
        var stream = client.GetStream();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        var refused = node.Event<WireEvent.Refused>();
        foreach (var one in Hello())
        {
            if (refused.IsCompleted) break;
            await timer.WaitForNextTickAsync();
            await stream.WriteAsync(new[] { one }).AsTask().ContinueWith(_ => { }, TaskScheduler.Default);
        }

        Assert.Equal(WireRefusal.TooSlow, (await refused).Reason);
    }

    [Fact]
    public async Task A_crowd_that_says_nothing_keeps_no_node_out()
    {
        await using var node = Wires.Start(Patient);
        var crowd = new List<TcpClient>();
        for (var n = 0; n < 20; n++) crowd.Add(await Dial(node));

        await using var other = Wires.Start(S2);
        Introduce(node, other);
        await other.Connected(S1);

        await node.Event<WireEvent.Connected>(said => said.Direction == WireDirection.In);
        Assert.InRange(node.Wire.Counters.Refused[WireRefusal.TooMany], 17, 1_000);
        Assert.Equal([WireRefusal.TooMany], node.Wire.Counters.Refused.Keys);
        foreach (var client in crowd) client.Dispose();
    }

    [Fact]
    public async Task When_there_are_too_many_strangers_the_oldest_makes_room_and_the_others_stay()
    {
        await using var node = Wires.Start(Patient);
        node.Wire.AddPeer(S2, FreePorts.One());
        using var oldest = await Dial(node);
        using var second = await Dial(node);
        var others = new[] { await Dial(node), await Dial(node), await Dial(node) };

        var refused = await node.Event<WireEvent.Refused>();
        Assert.Equal((PortOf(oldest), WireRefusal.TooMany), (((IPEndPoint)refused.Remote).Port, refused.Reason));
        Assert.Equal("It made room: 4 had not said who they are, and another one came", refused.Why);
        await UntilClosed(oldest);
        await second.GetStream().WriteAsync(Hello());
        await node.Event<WireEvent.Connected>(said => said.Direction == WireDirection.In);
        Assert.Equal(1, node.Wire.Counters.Refused[WireRefusal.TooMany]);
        foreach (var client in others) client.Dispose();
    }

    [Theory]
    [InlineData("1a 1b 1c", "1a")]
    [InlineData("1a 2a 3a", "1a")]
    [InlineData("1a 2a 2b", "2a")]
    [InlineData("1a 2a 3a 3b 2b 2c", "2a")]
    [InlineData("1a 2a 3a 3b 2b", "2a")]
    public void The_host_that_has_the_most_strangers_makes_room(string strangers, string yields) =>
        Assert.Equal(yields, Doorway.Yielding(strangers.Split(' '), name => new IPAddress([10, 0, 0, (byte)name[0]])));

    [Fact]
    public async Task A_message_of_a_later_version_is_skipped_and_the_connection_stays()
    {
        await using var node = Victim(Long);
        using var client = await Dial(node);
        var vote = new Message.RequestVoteReply(new(3), VoteGranted: true);
        await client.GetStream().WriteAsync((byte[])[.. Hello(), .. Frames.Frame(999, new Proto.TimeoutNow(), 1), .. Frames.Of(vote)]);

        Assert.Equal(S2, (await node.Hears(vote)).From);
        Assert.Equal(new WireEvent.Skipped(S2, 999), await node.Event<WireEvent.Skipped>());
        Assert.Equal(1, node.Wire.Counters.MessagesSkipped);
    }

    [Fact]
    public async Task A_second_connection_of_a_node_takes_the_place_of_the_first()
    {
        await using var node = Victim(Long);
        using var first = await Dial(node);
        await first.GetStream().WriteAsync(Hello());
        await node.Event<WireEvent.Connected>(said => said.Direction == WireDirection.In);
        using var second = await Dial(node);
        await second.GetStream().WriteAsync(Hello());

        var lost = await node.Event<WireEvent.Lost>(said => said.Direction == WireDirection.In);
        Assert.Equal("A newer connection took its place", lost.Why);
    }

    [Fact]
    public async Task Who_dials_a_stranger_says_so()
    {
        using var stranger = new TcpListener(IPAddress.Loopback, 0);
        stranger.Start();
        await using var node = Wires.Start(S1);
        node.Wire.AddPeer(S2, stranger.LocalEndpoint);
        using var accepted = await stranger.AcceptTcpClientAsync();
        await accepted.GetStream().WriteAsync("SSH-2.0-OpenSSH\r\n"u8.ToArray());

        Assert.Equal(WireRefusal.NotRaft, (await node.Event<WireEvent.Unreachable>(said => said.Reason.IsSome)).Reason);
    }

    /// <summary>Room for four strangers, for longer than a test takes.</summary>
    private static TcpWireOptions Patient => Options(S1) with { MaxHandshakes = 4, HandshakeTimeout = Long };

    private static async Task IsRefused(WireRefusal reason, byte[] bytes)
    {
        await using var node = Victim(reason == WireRefusal.TooSlow ? Short : Long);
        using var client = await Dial(node);
        await client.GetStream().WriteAsync(bytes);

        Assert.Equal(reason, (await node.Event<WireEvent.Refused>()).Reason);
        Assert.Equal(1, node.Wire.Counters.Refused[reason]);
        Assert.Empty(node.Heard);
        await UntilClosed(client);
    }

    /// <summary>Knows S2, which is not there.</summary>
    private static Wires Victim(TimeSpan patience)
    {
        var node = Wires.Start(Options(S1) with { HandshakeTimeout = patience, FrameTimeout = patience });
        node.Wire.AddPeer(S2, FreePorts.One());
        return node;
    }

    private static async Task<TcpClient> Dial(Wires node)
    {
        var client = new TcpClient();
        await client.ConnectAsync(node.Wire.LocalEndPoint);
        return client;
    }

    private static byte[] Hello(Action<Proto.Hello>? change = null)
    {
        var hello = Handshake.Hello(Test, S2, S1);
        change?.Invoke(hello);
        return [.. Preface, .. Frames.Frame((ushort)Proto.Kind.Hello, hello)];
    }
}
