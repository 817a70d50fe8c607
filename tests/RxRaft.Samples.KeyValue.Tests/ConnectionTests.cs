using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Time.Testing;

namespace RxRaft.Samples.KeyValue;

/// <summary>What strangers can do to a node.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private readonly Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    private Socket client = null!;
    private readonly CancellationTokenSource end = new();
    private Socket server = null!;

    [Fact]
    public async Task Who_has_not_shown_the_password_and_takes_no_replies_costs_a_few_kilobytes()
    {
        var session = SessionOf(password: "secret");
        await client.SendAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("HELLO\n", 5000))));

        var running = new Connection(server, session).Run(end.Token, end.Token);    // goes on until nobody takes more
        var kept = session.Writer.Written.Length;
        await end.CancelAsync();
        await running;

        Assert.InRange(kept, 0, 8 << 10);
    }

    [Fact]
    public async Task What_a_browser_sends_is_no_commands()
    {
        await client.SendAsync("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nPING\r\n"u8.ToArray());

        await new Connection(server, SessionOf(password: null)).Run(end.Token, end.Token).WaitAsync(Generous);

        var said = new byte[1000];
        Assert.Equal("-ERR this is no HTTP server\r\n", Encoding.ASCII.GetString(said, 0, await client.ReceiveAsync(said)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("PING\r\nAUTH wrong\r\n")]
    [InlineData("AUTH secret\r\nRESET\r\n")]                 // who it is it has to show again
    public async Task Who_does_not_show_the_password_in_time_is_told_so_and_cut_off(string said)
    {
        var clock   = new FakeTimeProvider();
        var running = new Connection(server, SessionOf(password: "secret"), clock).Run(end.Token, end.Token);
        await client.SendAsync(Encoding.ASCII.GetBytes(said));
        var answers = said.Split('\n').Length - 1;
        var heard   = "";
        while (heard.Count(letter => letter == '\n') < answers) heard += await Hear();

        clock.Advance(Session.TimeToShow - TimeSpan.FromTicks(1));
        Assert.False(running.IsCompleted);
        clock.Advance(TimeSpan.FromTicks(1));

        await running.WaitAsync(Generous);
        Assert.Equal("-ERR no AUTH within 10 s\r\n", await Hear());
        Assert.Equal("", await Hear());
    }

    [Fact]
    public async Task A_stranger_that_takes_no_replies_is_cut_off_as_well()
    {
        var clock = new FakeTimeProvider();
        await client.SendAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("HELLO\n", 5000))));
        var running = new Connection(server, SessionOf(password: "secret"), clock).Run(end.Token, end.Token);

        clock.Advance(Session.TimeToShow);

        await running.WaitAsync(Generous);
    }

    [Fact]
    public async Task Who_has_shown_the_password_or_need_not_stays_as_long_as_it_likes()
    {
        foreach (var password in new[] { "secret", null })
        {
            await Connect();
            var clock   = new FakeTimeProvider();
            var running = new Connection(server, SessionOf(password), clock).Run(end.Token, end.Token);
            await client.SendAsync(Encoding.ASCII.GetBytes("AUTH secret\r\n"));
            await Hear();

            clock.Advance(TimeSpan.FromDays(1));
            await client.SendAsync("PING\r\n"u8.ToArray());

            Assert.Equal("+PONG\r\n", await Hear());
            Assert.False(running.IsCompleted);
        }
    }

    [Theory]
    [InlineData("Max open files            1024                 4096                 files     ", 512)]
    [InlineData("Limit\nMax open files            1048576              1048576              files     \n", 10_000)]
    [InlineData("Max open files            unlimited            unlimited            files     ", 10_000)]
    [InlineData("Max processes             1024                 1024                 processes ", 10_000)]
    public void Clients_leave_descriptors_for_the_disk_and_the_other_nodes(string limits, int clients) =>
        Assert.Equal(clients, ClientLimit.Of(limits));

    public async Task InitializeAsync()
    {
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await Connect();
    }

    private async Task Connect()
    {
        client?.Dispose();
        client = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await client.ConnectAsync(listener.LocalEndPoint!);
        server = await listener.AcceptAsync();
        server.SendBufferSize = 4096;
    }

    /// <summary>What has come; nothing at the end.</summary>
    private async Task<string> Hear()
    {
        var bytes = new byte[1000];
        return Encoding.ASCII.GetString(bytes, 0, await client.ReceiveAsync(bytes).WaitAsync(Generous));
    }

    public Task DisposeAsync()
    {
        foreach (var socket in new[] { client, server, listener }) socket.Dispose();
        end.Dispose();
        return Task.CompletedTask;
    }

    private static Session SessionOf(string? password)
    {
        var (id, here) = (new NodeId(1), new IPEndPoint(IPAddress.Loopback, 1));
        var all  = Map((id, (EndPoint)here));
        var node = new StoreNode(
            new StoreOptions(id, all, all, "none") { Listen = here, ListenClients = here, Password = Optional(password) },
            Observable.Never<RaftNode<Store, Batch, Seq<Answer>>>());
        return new Session(new RespServer(node, null!));
    }
}
