using System.Collections.Generic;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace RxRaft.Testing;

/// <summary>A scheduler on which everything has its turn when it is told to, and time never passes by itself.</summary>
internal sealed class Turns : IScheduler
{
    private readonly Queue<Action> waiting = new();

    public DateTimeOffset Now => DateTimeOffset.UnixEpoch;

    /// <summary>Whatever waits, and whatever comes of it.</summary>
    public void Pass()
    {
        while (waiting.TryDequeue(out var action)) action();
    }

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action)
    {
        var turn = new SingleAssignmentDisposable();
        waiting.Enqueue(() =>
        {
            if (!turn.IsDisposed) turn.Disposable = action(this, state);
        });
        return turn;
    }

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Disposable.Empty;

    public IDisposable Schedule<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) => Disposable.Empty;
}
