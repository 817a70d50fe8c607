using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>Listens to clients.</summary>
internal sealed class RespServer : IAsyncDisposable
{
    private const int MostClients = 10_000;

    private readonly Socket listener;
    private readonly CancellationTokenSource stopping = new();
    private readonly ConcurrentDictionary<Task, Unit> connections = new();
    private readonly Task accepting;
    private int clients;

    private RespServer(StoreNode node, Socket listener)
    {
        (Node, this.listener) = (node, listener);
        Password = node.Options.Password.Map(Bytes.Of);
        accepting = Task.Run(Accept);
    }

    public StoreNode Node { get; }

    /// <summary>What clients have to show.</summary>
    public Option<Bytes> Password { get; }

    /// <summary>That are connected.</summary>
    public int Clients => Volatile.Read(ref clients);

    /// <exception cref="SocketException">It cannot be.</exception>
    public static Socket Listen(IPEndPoint at)
    {
        var listener = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(at);
            listener.Listen(backlog: 511);
            return listener;
        }
        catch (Exception)
        {
            listener.Dispose();
            throw;
        }
    }

    /// <param name="listener">Is closed with it.</param>
    public static RespServer Start(StoreNode node, Socket listener) => new(node, listener);

    /// <summary>Takes no more, and lets go of those that are there.</summary>
    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync().ConfigureAwait(false);
        listener.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(connections.Keys.ToList()).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Accept()
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                Take(await listener.AcceptAsync(stopping.Token).ConfigureAwait(false));
            }
            catch (SocketException)
            {
                await Task.Delay(10).ConfigureAwait(false);         // no descriptors: some will be free again
            }
        }
    }

    private void Take(Socket socket)
    {
        socket.NoDelay = true;
        var room = Interlocked.Increment(ref clients) <= MostClients;
        var work = Task.Run(() => room
            ? new Connection(socket, new Session(this)).Run(stopping.Token)
            : Connection.Refuse(socket, "ERR max number of clients reached"));
        connections[work] = Unit.Default;
        work.ContinueWith(
            done =>
            {
                connections.TryRemove(done, out _);
                Interlocked.Decrement(ref clients);
            },
            TaskScheduler.Default);
    }
}
