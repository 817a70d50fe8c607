using System.Collections.Concurrent;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>
/// One thing at a time outside of the intake: by whoever leaves it, while such things prove short, and else on a thread
/// that is there for nothing else.
/// </summary>
/// <remarks>
/// For the state machine. A hop to another thread and its waking up is a tenth of what a command takes on a quiet
/// cluster. But who leaves the intake may be the reader of a connection, and a machine that is slow must not delay
/// heartbeats: it has to prove itself first, and for longer each time that it was slow. Slow is what takes long on
/// average, or far too long once: on a busy machine whatever is short is interrupted now and then, too.
/// </remarks>
/// <param name="own">The thread for what may be slow.</param>
/// <param name="clock">Measures how long things take.</param>
/// <param name="paused">For how long everything stood still by now, which is nobody's fault.</param>
internal sealed class Errands(PunctualScheduler own, TimeProvider clock, Func<TimeSpan> paused) : LocalScheduler
{
    private const int LeastProofs = 64;
    private const int MostProofs = 1 << 20;
    private static readonly TimeSpan Short = TimeSpan.FromMicroseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider clock = clock;
    private readonly Func<TimeSpan> paused = paused;
    private readonly ConcurrentQueue<IRun> waiting = new();
    private int needed = LeastProofs;
    private int proofs;
    private TimeSpan overdrawn;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int busy;
    private volatile bool closed;

    /// <inheritdoc/>
    public override IDisposable Schedule<TState>(
        TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        var errand = new Errand<TState>(this, state, action);
        if (dueTime > TimeSpan.Zero || Volatile.Read(ref proofs) < needed)
            return own.Schedule(errand, dueTime, static (_, late) => late.Run());

        waiting.Enqueue(errand);
        return errand;
    }

    /// <summary>Does what waits, unless somebody does already: called by who leaves the intake.</summary>
    public void Run()
    {
        while (!waiting.IsEmpty && Interlocked.CompareExchange(ref busy, 1, 0) == 0)
        {
            while (waiting.TryDequeue(out var errand)) errand.Run();
            Interlocked.Exchange(ref busy, 0);                  // and then looks again: something may have come
        }
    }

    /// <summary>The same, on the thread that is there for it: for who must not be held up.</summary>
    public void RunElsewhere()
    {
        if (!waiting.IsEmpty) own.Schedule(Run);
    }

    /// <summary>Nothing is begun any more, wherever it waits.</summary>
    /// <returns>Ends when nothing is under way but what is on the thread for it, which ends by itself.</returns>
    public Task Close()
    {
        closed = true;
        waiting.Enqueue(new Last(ended));
        Run();
        return ended.Task;
    }

    /// <summary>What took longer than is short has to be made up for by others that take less.</summary>
    private void Proved(TimeSpan took)
    {
        overdrawn += took - Short;
        if (overdrawn < TimeSpan.Zero) overdrawn = TimeSpan.Zero;
        if (overdrawn < Patience)
        {
            if (proofs < needed) proofs++;
            return;
        }

        if (proofs >= needed) needed = Math.Min(needed * 2, MostProofs);
        (proofs, overdrawn) = (0, TimeSpan.Zero);
    }

    private interface IRun
    {
        IDisposable Run();
    }

    /// <summary>Comes when all before it are done or dropped.</summary>
    private sealed class Last(TaskCompletionSource ended) : IRun
    {
        public IDisposable Run()
        {
            ended.TrySetResult();
            return Disposable.Empty;
        }
    }

    private sealed class Errand<TState>(
        Errands errands, TState state, Func<IScheduler, TState, IDisposable> action) : IRun, IDisposable
    {
        private bool cancelled;

        public IDisposable Run()
        {
            if (cancelled || errands.closed) return this;

            var (began, stood) = (errands.clock.GetTimestamp(), errands.paused());
            action(errands, state);
            errands.Proved(errands.clock.GetElapsedTime(began) - (errands.paused() - stood));
            errands.Run();                                      // the first that need not run here may wait already
            return this;
        }

        public void Dispose() => cancelled = true;
    }
}
