using System.Diagnostics;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>One thread, one thing at a time, and timers of its own.</summary>
/// <remarks>
/// The timers of Rx's own schedulers, EventLoopScheduler's too, ring on the thread pool, which a busy process can
/// starve; a lease that ends a second late has ended after a rival was elected.
/// </remarks>
internal sealed class PunctualScheduler(string name) : LocalScheduler, IDisposable
{
    private readonly object gate = new();
    private readonly SchedulerQueue<TimeSpan> queue = new();
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? thread;
    private TimeSpan asleepUntil = TimeSpan.MinValue;
    private bool disposed;

    /// <inheritdoc/>
    public override IDisposable Schedule<TState>(
        TState state, TimeSpan dueTime, Func<IScheduler, TState, IDisposable> action)
    {
        lock (gate)
        {
            if (disposed) return Disposable.Empty;

            var due = watch.Elapsed + Scheduler.Normalize(dueTime);
            var item = new ScheduledItem<TimeSpan, TState>(this, state, action, due);
            queue.Enqueue(item);
            if (due < asleepUntil) Monitor.Pulse(gate);         // else it wakes in time by itself
            if (thread is null)
            {
                thread = new Thread(Run) { IsBackground = true, Name = name };
                thread.Start();
            }

            return Disposable.Create(() => Cancel(item));
        }
    }

    /// <summary>Whether it is on this thread that things run.</summary>
    public bool IsThisThread => Thread.CurrentThread == thread;

    /// <summary>Ends when the thread has, after it was disposed of: nothing runs any more.</summary>
    public Task Ended => ended.Task;

    /// <summary>Ends the thread after what it is doing; what is still waiting is dropped.</summary>
    public void Dispose()
    {
        lock (gate)
        {
            disposed = true;
            if (thread is null) ended.TrySetResult();
            Monitor.Pulse(gate);
        }
    }

    private void Cancel(ScheduledItem<TimeSpan> item)
    {
        item.Cancel();
        lock (gate) queue.Remove(item);
    }

    private void Run()
    {
        while (Next() is { } item)
        {
            if (!item.IsCanceled) item.Invoke();
        }

        ended.TrySetResult();
    }

    /// <summary>Waits for what is due next; nothing, once disposed of.</summary>
    private ScheduledItem<TimeSpan>? Next()
    {
        lock (gate)
        {
            while (!disposed)
            {
                var due  = queue.Count == 0 ? TimeSpan.MaxValue : queue.Peek().DueTime;
                var left = due - watch.Elapsed;
                if (left <= TimeSpan.Zero) return queue.Dequeue();

                SleepUntil(due, left);
            }

            return null;
        }
    }

    private void SleepUntil(TimeSpan due, TimeSpan left)
    {
        asleepUntil = due;
        if (due == TimeSpan.MaxValue) Monitor.Wait(gate);
        else Monitor.Wait(gate, TimeSpan.FromMilliseconds(Math.Max(1, Math.Floor(left.TotalMilliseconds))));
        asleepUntil = TimeSpan.MinValue;
    }
}
