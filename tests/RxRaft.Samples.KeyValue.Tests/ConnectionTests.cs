using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Reactive.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>What strangers can do to a node.</summary>
public sealed class ConnectionTests : IAsyncLifetime
{
    private readonly Socket listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket client = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
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

        await new Connection(server, SessionOf(password: null)).Run(end.Token, end.Token).WaitAsync(TimeSpan.FromSeconds(30));

        var said = new byte[1000];
        Assert.Equal("-ERR this is no HTTP server\r\n", Encoding.ASCII.GetString(said, 0, await client.ReceiveAsync(said)));
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
        await client.ConnectAsync(listener.LocalEndPoint!);
        server = await listener.AcceptAsync();
        server.SendBufferSize = 4096;
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
