using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RxRaft.Hosting;

/// <summary>Starts the node with its host, and stops it with its host: it hands leadership over first.</summary>
/// <param name="start">Starts the node on what was opened for it.</param>
/// <param name="opening">Opens what it runs on.</param>
/// <param name="options">Checked by then.</param>
/// <param name="lifetime">Of the host.</param>
/// <param name="loggers">Of the host.</param>
internal sealed class RaftHost(
    NodeStart start, NodeOpening opening, IOptions<RaftOptions> options, IHostApplicationLifetime lifetime,
    ILoggerFactory loggers) : IHostedService, IAsyncDisposable
{
    /// <summary>Of a process whose node has halted.</summary>
    public const int HaltedExitCode = 1;

    private readonly ILogger log = loggers.Of(RaftLog.HostingCategory);
    private readonly ReplaySubject<RaftNode> nodes = new(bufferSize: 1);
    private int stopping;

    /// <summary>What runs, or ran; none before the start.</summary>
    public RunningNode? Running { get; private set; }

    /// <summary>Whether the node is being stopped, or has been.</summary>
    public bool IsStopping => Volatile.Read(ref stopping) == 1;

    /// <summary>Ends when the node has, and what that means for the host is done.</summary>
    public Task Watching { get; private set; } = Task.CompletedTask;

    /// <summary>The node, once it has started. Completes when it is stopped.</summary>
    public IObservable<RaftNode> Nodes => nodes.AsObservable();

    /// <summary>Who leads, from the node's start on. Completes when the node ends, whatever its host does.</summary>
    public IObservable<Leadership> Leadership => nodes.Take(1).SelectMany(node => node.Leadership);

    /// <summary>The node.</summary>
    /// <exception cref="InvalidOperationException">It has not started.</exception>
    public RaftNode Node => Started.Node;

    /// <summary>Its wire.</summary>
    /// <exception cref="InvalidOperationException">It has not started.</exception>
    public TcpWire Wire => Started.Wire;

    private RunningNode Started => Running ?? throw new InvalidOperationException(
        "The Raft node has not started: it does when its host does, before hosted services that were added after it. "
        + $"Who needs it earlier, as in the constructor of a hosted service, asks for IObservable<{nameof(RaftNode)}>, "
        + $"or for an IObservable of the {nameof(RaftNode)}<...> with its state machine, which emits it once it has "
        + "started");

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var running = opening.Open(options.Value, start);
        Running = running;
        Watching = Watch(running.Node);
        nodes.OnNext(running.Node);
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Running is not { } running || Interlocked.Exchange(ref stopping, 1) == 1) return;

        var node = running.Node;
        if (options.Value.HandOverWhenStopped)
            await new HandOver(node.Self, () => node.State, node.TransferLeadershipAsync, log)
                .Run(options.Value.HandOverTimeout, cancellationToken).ConfigureAwait(false);
        if (await running.Stop(cancellationToken).ConfigureAwait(false)) log.Stopped(running.Node.Self);
        else log.Abandoned(running.Node.Self);
        nodes.OnCompleted();
    }

    /// <summary>Of a host that was never stopped: there is no time to hand over.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Running is { } running && Interlocked.Exchange(ref stopping, 1) == 0)
        {
            using var limit = new CancellationTokenSource(options.Value.HandOverTimeout);
            await running.Stop(limit.Token).ConfigureAwait(false);
        }

        nodes.OnCompleted();
    }

    private async Task Watch(RaftNode node)
    {
        try
        {
            await node.Completion.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            log.Halted(failure, node.Self, failure.Message);
            if (options.Value.StopHostWhenHalted) Fail();
        }
    }

    /// <summary>Stops the host, and tells whatever started the process that it did not end as it should.</summary>
    private void Fail()
    {
        if (Environment.ExitCode == 0) Environment.ExitCode = HaltedExitCode;
        lifetime.StopApplication();
    }
}

/// <summary>Starts a node, of whichever kind the service wants.</summary>
internal delegate RaftNode NodeStart(NodeSetup setup);
