using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>All the work that a node does while it leads.</summary>
internal sealed class LeaderWorks(IObservable<Option<Term>> lease, RaftNodeThreads threads)
{
    private readonly Lock gate = new();
    private Seq<LeaderWork> running = [];

    /// <summary>Runs work in every lease.</summary>
    public async Task Run(Func<Term, CancellationToken, Task> work, CancellationToken stop)
    {
        var mine = new LeaderWork(work, threads.Work, threads.Cancel);
        lock (gate) running = running.Add(mine);
        try
        {
            using var leases = lease.Subscribe(mine);
            using var stopped = stop.Register(() => mine.Stop(error: null));
            await mine.Ended.ConfigureAwait(false);
        }
        finally
        {
            lock (gate) running = running.Filter(other => other != mine).Strict();
        }
    }

    /// <summary>Cancels all of it.</summary>
    /// <returns>Ends when it has returned, but for work that calls this itself.</returns>
    public Task Stop(Exception? error)
    {
        Seq<LeaderWork> all;
        lock (gate) all = running;
        foreach (var work in all) work.Stop(error);
        return Task.WhenAll(all.Filter(work => work != LeaderWork.Current.Value).Map(work => work.Ended).Strict());
    }
}
