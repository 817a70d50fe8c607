using System.Collections.Concurrent;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace RxRaft.Samples.KeyValue;

/// <summary>Listens to clients, from when the node has started until before it stops.</summary>
internal sealed class RespServer(StoreNode node, HealthCheckService health) : IHostedLifecycleService, IAsyncDisposable
{
    private readonly int most = ClientLimit.Here();

    /// <summary>How long those are waited for that were told why they have no answer.</summary>
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource closing = new(), end = new();
    private readonly ConcurrentDictionary<Task, Unit> connections = new();
    private Socket? listener;
    private Task accepting = Task.CompletedTask;
    private int clients;

    public StoreNode Node => node;

    /// <summary>What clients have to show.</summary>
    public Option<Bytes> Password { get; } = node.Options.Password.Map(Bytes.Of);

    /// <summary>That are connected.</summary>
    public int Clients => Volatile.Read(ref clients);

    /// <summary>How the node is, as its host sees it.</summary>
    public async Task<HealthReportEntry> Health() =>
        (await health.CheckHealthAsync().ConfigureAwait(false)).Entries["raft"];

    /// <summary>Before the disk is opened: who has no place to listen shall not become a member first.</summary>
    /// <exception cref="NoListenerException">There is none.</exception>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        var at = node.Options.ListenClients;
        listener = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            listener.Bind(at);
            listener.Listen(backlog: 511);
            return Task.CompletedTask;
        }
        catch (SocketException failure)
        {
            throw new NoListenerException(at, failure);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        accepting = Task.Run(Accept, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Takes no more, and answers what was asked, as long as it has time.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await closing.CancelAsync().ConfigureAwait(false);
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        listener?.Dispose();
        await AllGone(node.Options.Drain, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>The node has stopped: who waited for it still is told so now.</summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await AllGone(Farewell, cancellationToken).ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync().ConfigureAwait(false);
        await end.CancelAsync().ConfigureAwait(false);
        listener?.Dispose();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AllGone(TimeSpan patience, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        await Task.WhenAll(connections.Keys.ToList()).WaitAsync(limit.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task Accept()
    {
        while (!closing.IsCancellationRequested)
        {
            try
            {
                Take(await listener!.AcceptAsync(closing.Token).ConfigureAwait(false));
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
        var room = Interlocked.Increment(ref clients) <= most;
        var work = Task.Run(() => room
            ? new Connection(socket, new Session(this)).Run(closing.Token, end.Token)
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

/// <summary>Clients cannot be listened to.</summary>
internal sealed class NoListenerException(IPEndPoint at, SocketException why) : Exception(why.Message, why)
{
    public IPEndPoint At => at;
}
