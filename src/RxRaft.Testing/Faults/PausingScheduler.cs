using System.Collections.Generic;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;

namespace RxRaft.Testing;

/// <summary>
/// A scheduler on which nothing happens for a while, though time goes on: what falls due meanwhile is done after it, in
/// order. So it is with a process that its machine, or its garbage collector, holds up.
/// </summary>
/// <param name="inner">The world's.</param>
internal sealed class PausingScheduler(IScheduler inner) : IScheduler, IStopwatchProvider, IServiceProvider
{
    private readonly Queue<Action> held = new();
    private IDisposable end = Disposable.Empty;
    private bool paused;

    public DateTimeOffset Now => inner.Now;

    /// <summary>Holds everything up from now on; a pause within a pause takes its place.</summary>
    public void Pause(TimeSpan span)
    {
        paused = true;
        end.Dispose();
        end = inner.Schedule(span, GoOn);
    }

    /// <summary>Nothing that was held up is done any more, and nothing is held up.</summary>
    public void Forget()
    {
        paused = false;
        end.Dispose();
        held.Clear();
    }

    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, (_, passed) => WhenAwake(passed, action));

    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, dueTime, (_, passed) => WhenAwake(passed, action));

    public IDisposable Schedule<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, dueTime, (_, passed) => WhenAwake(passed, action));

    public IStopwatch StartStopwatch() => inner.StartStopwatch();

    public object? GetService(Type serviceType) => serviceType == typeof(IStopwatchProvider) ? this : null;

    private IDisposable WhenAwake<TState>(TState state, Func<IScheduler, TState, IDisposable> action)
    {
        if (!paused) return action(this, state);

        var later = new SingleAssignmentDisposable();
        held.Enqueue(() =>
        {
            if (!later.IsDisposed) later.Disposable = action(this, state);
        });
        return later;
    }

    private void GoOn()
    {
        paused = false;
        while (!paused && held.TryDequeue(out var action)) action();
    }
}
