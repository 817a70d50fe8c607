using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RxRaft.Hosting;

/// <summary>Runs one leader service while the node leads, and ends it before the node hands over.</summary>
internal sealed class LeaderServiceHost<T>(
    RaftHost raft, IServiceScopeFactory scopes, IOptions<RaftOptions> options, ILoggerFactory loggers)
    : IHostedService, IDisposable
    where T : class, ILeaderService
{
    private static readonly string Name = typeof(T).Name;

    private readonly ILogger log = loggers.Of(RaftLog.HostingCategory);
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        running = Work();
        return Task.CompletedTask;
    }

    /// <remarks>Hosts stop what was added last first: the node, added before, leads on until this ends.</remarks>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.Value.HandOverTimeout);

        await stop.CancelAsync().ConfigureAwait(false);
        await running.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!running.IsCompleted) log.ServiceHangs(Name, options.Value.HandOverTimeout);
    }

    public void Dispose()
    {
        stop.Cancel();
        stop.Dispose();
    }

    /// <summary>Waits for the node first: hosts may start their services at the same time.</summary>
    private async Task Work()
    {
        var node = await raft.Nodes.FirstAsync().ToTask(stop.Token).ConfigureAwait(false);
        await node.WhileLeaderAsync((term, lost) => Run(new Leadership(node.Self, term), lost), stop.Token)
            .ConfigureAwait(false);
    }

    private async Task Run(Leadership leadership, CancellationToken lost)
    {
        while (!lost.IsCancellationRequested)
        {
            log.ServiceBegins(Name, leadership);
            if (await RunOnce(leadership, lost).ConfigureAwait(false)) return;

            await Observable.Timer(options.Value.LeaderServicePause, TaskPoolScheduler.Default).ToTask(lost)
                .ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default)
                .ConfigureAwait(false);
        }
    }

    /// <summary>Whether it is done, for this lease or for the whole term.</summary>
    private async Task<bool> RunOnce(Leadership leadership, CancellationToken lost)
    {
        try
        {
            var scope = scopes.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))               // what that throws is the service's, too
                await scope.ServiceProvider.GetRequiredService<T>().ExecuteAsync(leadership, lost)
                    .ConfigureAwait(false);
            log.ServiceEnded(Name, leadership, lost.IsCancellationRequested);
            return true;
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            log.ServiceEnded(Name, leadership, cancelled: true);
            return true;
        }
        catch (Exception failure)
        {
            log.ServiceFailed(failure, Name, leadership, options.Value.LeaderServicePause);
            return false;
        }
    }
}
