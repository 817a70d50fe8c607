using System.Reactive.Concurrency;

namespace RxRaft.Testing;

/// <summary>
/// A scheduler whose clock runs faster or slower than the one it stands on, as a node's own clock does.
/// </summary>
/// <param name="inner">The world's; or a real one, for a world in slow motion.</param>
/// <param name="rate">Time here per time there, above 0: 1.02 is 2 % fast, 0.1 is slow motion.</param>
public sealed class DriftingScheduler(IScheduler inner, double rate)
    : IScheduler, IStopwatchProvider, IServiceProvider
{
    private readonly DateTimeOffset start = inner.Now;

    /// <inheritdoc/>
    public DateTimeOffset Now => start + (inner.Now - start) * rate;

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, (_, passed) => action(this, passed));

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action) =>
        inner.Schedule(state, Outside(dueTime), (_, passed) => action(this, passed));

    /// <inheritdoc/>
    public IDisposable Schedule<TState>(
        TState state, DateTimeOffset dueTime, Func<IScheduler, TState, IDisposable> action) =>
        Schedule(state, dueTime - Now, action);

    /// <inheritdoc/>
    public IStopwatch StartStopwatch() => new Stopwatch(inner.StartStopwatch(), rate);

    /// <inheritdoc/>
    public object? GetService(Type serviceType) => serviceType == typeof(IStopwatchProvider) ? this : null;

    private TimeSpan Outside(TimeSpan here) => TimeSpan.FromTicks((long)Math.Ceiling(here.Ticks / rate));

    private sealed class Stopwatch(IStopwatch outside, double rate) : IStopwatch
    {
        public TimeSpan Elapsed => TimeSpan.FromTicks((long)(outside.Elapsed.Ticks * rate));
    }
}
