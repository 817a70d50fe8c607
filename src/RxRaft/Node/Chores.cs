using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>What may take long and delays nobody, as the writing of a snapshot: on the pool, until closed.</summary>
/// <param name="pool">Where it is done.</param>
internal sealed class Chores(IScheduler pool) : LocalScheduler
{
    private readonly Lock gate = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int underWay;
    private bool closed;

    /// <inheritdoc/>
    public override IDisposable Schedule<TState>(
        TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        pool.Schedule((this, state, action), dueTime, static (_, chore) => chore.Item1.Do(chore.state, chore.action));

    /// <summary>Nothing is begun any more.</summary>
    /// <returns>Ends when nothing is under way.</returns>
    public Task Close()
    {
        lock (gate)
        {
            closed = true;
            if (underWay == 0) ended.TrySetResult();
        }

        return ended.Task;
    }

    private IDisposable Do<TState>(TState state, Func<IScheduler, TState, IDisposable> action)
    {
        lock (gate)
        {
            if (closed) return Disposable.Empty;
            underWay++;
        }

        try
        {
            return action(this, state);
        }
        finally
        {
            lock (gate)
                if (--underWay == 0 && closed) ended.TrySetResult();
        }
    }
}
