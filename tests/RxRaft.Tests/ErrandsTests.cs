using System.Collections.Generic;
using System.Reactive.Concurrency;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>The state machine's place: on the thread that leaves the node, once it has proved that it is quick.</summary>
public sealed class ErrandsTests : IDisposable
{
    private const int Proofs = 64;
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    private readonly PunctualScheduler own = new("errands");
    private readonly Errands errands;

    private readonly Clock clock = new();

    public ErrandsTests() => errands = new Errands(own, clock, () => clock.Paused);

    public void Dispose() => own.Dispose();

    [Fact]
    public async Task What_has_not_proved_itself_runs_on_a_thread_of_its_own() =>
        Assert.NotEqual(Environment.CurrentManagedThreadId, await Do(() => { }));

    [Fact]
    public async Task What_has_is_done_by_who_leaves()
    {
        await Prove(Proofs);

        Assert.Equal(Environment.CurrentManagedThreadId, DoHere(() => { }));
    }

    [Fact]
    public async Task What_was_far_too_slow_once_goes_back_and_has_to_prove_itself_for_longer()
    {
        await Prove(Proofs);
        DoHere(() => clock.Now += 25_000);

        await Prove(Proofs);
        Assert.NotEqual(Environment.CurrentManagedThreadId, await Do(() => { }));    // which proved itself too

        await Prove(Proofs - 1);
        Assert.Equal(Environment.CurrentManagedThreadId, DoHere(() => { }));
    }

    [Fact]
    public async Task What_is_slow_again_and_again_goes_back()
    {
        await Prove(Proofs);
        for (var slow = 0; slow < 5; slow++) DoHere(() => clock.Now += 4_500);

        Assert.NotEqual(Environment.CurrentManagedThreadId, await Do(() => { }));
    }

    [Fact]
    public async Task What_was_slow_now_and_then_stays()
    {
        await Prove(Proofs);
        for (var slow = 0; slow < 10; slow++)
        {
            DoHere(() => clock.Now += 4_500);
            for (var quick = 0; quick < 44; quick++) DoHere(() => { });
        }

        Assert.Equal(Environment.CurrentManagedThreadId, DoHere(() => { }));
    }

    [Fact]
    public async Task What_was_slow_because_everything_stood_still_stays()
    {
        await Prove(Proofs);
        DoHere(() =>
        {
            clock.Now += 25_000;
            clock.Paused += TimeSpan.FromMilliseconds(24.95);
        });

        Assert.Equal(Environment.CurrentManagedThreadId, DoHere(() => { }));
    }

    [Fact]
    public async Task An_errand_that_leads_to_another_comes_back_and_the_other_is_done_after_it()
    {
        await Prove(Proofs);
        var done = new List<string>();

        errands.Schedule(() =>
        {
            errands.Schedule(() => done.Add("second"));
            errands.Run();                                                          // who leaves from within
            done.Add("first");
        });
        errands.Run();

        Assert.Equal(["first", "second"], done);
    }

    [Fact]
    public async Task What_is_cancelled_is_not_done()
    {
        await Prove(Proofs);
        var done = false;

        errands.Schedule(() => done = true).Dispose();
        errands.Run();

        Assert.False(done);
    }

    [Fact]
    public async Task Who_must_not_be_held_up_leaves_what_waits_to_the_thread_that_is_there_for_it()
    {
        await Prove(Proofs);
        var thread = Do(() => { });

        errands.RunElsewhere();

        Assert.NotEqual(Environment.CurrentManagedThreadId, await thread.WaitAsync(Generous));
    }

    [Fact]
    public async Task It_is_closed_only_when_what_is_under_way_has_ended_and_begins_nothing_after()
    {
        await Prove(Proofs);
        using var errand = new HeldUp();
        var (waiting, late) = (false, false);
        errands.Schedule(errand.Run);
        errands.Schedule(() => waiting = true);
        var leaving = Task.Run(errands.Run);
        errand.HasBegun();

        var closing = errands.Close();
        errands.Schedule(() => late = true);
        errands.Run();
        Assert.False(closing.IsCompleted);

        errand.GoOn();
        await closing.WaitAsync(Generous);
        await leaving.WaitAsync(Generous);
        Assert.Equal((true, false, false), (errand.HasEnded, waiting, late));
    }

    [Fact]
    public void It_is_closed_at_once_when_nothing_is_under_way_and_as_often_as_one_likes()
    {
        Assert.True(errands.Close().IsCompleted);
        Assert.True(errands.Close().IsCompleted);
    }

    private async Task Prove(int times)
    {
        for (var quick = 0; quick < times; quick++) await Do(() => { });
        await Do(() => { }, own);                                                   // after the last of them was counted
    }

    private Task<int> Do(Action action, IScheduler? on = null)
    {
        var thread = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        (on ?? errands).Schedule(() =>
        {
            action();
            thread.SetResult(Environment.CurrentManagedThreadId);
        });
        return thread.Task;
    }

    private int DoHere(Action action)
    {
        var thread = Do(action);
        errands.Run();
        Assert.True(thread.IsCompleted);
        return thread.Result;
    }

    /// <summary>Microseconds that pass only when a test says so.</summary>
    internal sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public TimeSpan Paused { get; set; }

        public override long TimestampFrequency => 1_000_000;

        public override long GetTimestamp() => Now;
    }
}
