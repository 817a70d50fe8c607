using System.Collections.Generic;
using System.Diagnostics;
using System.Reactive.Concurrency;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>The thread that a node's steps run on: one at a time, in the order in which they are due.</summary>
public sealed class PunctualSchedulerTests
{
    [Fact]
    public async Task What_is_due_earlier_runs_earlier_and_all_on_one_thread_that_is_not_the_pools()
    {
        using var scheduler = new PunctualScheduler("test");
        var ran = new List<(string What, int Thread, bool Pool)>();
        var (cancelled, watch) = (false, new Stopwatch());
        do                                                                  // again, if a busy machine was slow to ask
        {
            ran.Clear();
            cancelled = false;
            var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            watch.Restart();
            scheduler.Schedule(TimeSpan.FromMilliseconds(60), () => Run("third", done));
            scheduler.Schedule(TimeSpan.FromMilliseconds(30), () => Run("second", done));
            scheduler.Schedule(TimeSpan.FromMilliseconds(45), () => cancelled = true).Dispose();
            scheduler.Schedule(() => Run("first", done));
            watch.Stop();
            await done.Task.WaitAsync(TimeSpan.FromSeconds(60));
        } while (watch.ElapsedMilliseconds > 20);

        Assert.Equal(["first", "second", "third"], ran.ConvertAll(one => one.What));
        Assert.All(ran, one => Assert.Equal((ran[0].Thread, false), (one.Thread, one.Pool)));
        Assert.False(cancelled);

        void Run(string what, TaskCompletionSource done)
        {
            ran.Add((what, Environment.CurrentManagedThreadId, Thread.CurrentThread.IsThreadPoolThread));
            if (ran.Count == 3) done.SetResult();
        }
    }

    [Fact]
    public async Task Nothing_rings_early()
    {
        using var scheduler = new PunctualScheduler("test");
        var watch = scheduler.StartStopwatch();
        var rang = new TaskCompletionSource<TimeSpan>(TaskCreationOptions.RunContinuationsAsynchronously);

        scheduler.Schedule(TimeSpan.FromMilliseconds(25), () => rang.SetResult(watch.Elapsed));

        Assert.True(await rang.Task.WaitAsync(TimeSpan.FromSeconds(60)) >= TimeSpan.FromMilliseconds(24.9));
    }

    [Fact]
    public async Task Who_sleeps_until_later_is_woken_for_what_is_due_earlier()
    {
        using var scheduler = new PunctualScheduler("test");
        var asleep = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var rang   = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        scheduler.Schedule(TimeSpan.FromHours(1), () => rang.SetException(new InvalidOperationException("an hour has passed")));
        scheduler.Schedule(() => asleep.SetResult());
        await asleep.Task;
        scheduler.Schedule(TimeSpan.FromMilliseconds(1), () => rang.SetResult());

        await rang.Task.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task After_it_is_disposed_of_nothing_runs_any_more()
    {
        var scheduler = new PunctualScheduler("test");
        var disposed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var ran = 0;

        scheduler.Schedule(() => { scheduler.Dispose(); disposed.SetResult(); });
        scheduler.Schedule(TimeSpan.FromMilliseconds(1), () => ran++);
        await disposed.Task.WaitAsync(TimeSpan.FromSeconds(60));
        scheduler.Schedule(() => ran++);

        Assert.Equal(0, ran);
    }
}
