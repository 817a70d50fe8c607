using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>Where callers go on: one after the other on one thread, and on the pool where one of them takes long.</summary>
public sealed class AnswersTests : IDisposable
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    private readonly TestScheduler own = new();
    private readonly List<IThreadPoolWorkItem> pooled = [];
    private readonly Answers answers;

    public AnswersTests() => answers = new Answers("answers", pooled.Add, own);

    public void Dispose() => answers.Dispose();

    [Fact]
    public async Task Who_is_told_goes_on_in_turn_and_what_they_asked_for_together_comes_after_them()
    {
        using var first = new HeldUp();
        var (went, over) = (new List<string>(), new TaskCompletionSource());

        answers.Tell(new Caller(first.Run));
        first.HasBegun();
        answers.Afterwards(new Caller(() =>
        {
            went.Add("together");
            over.SetResult();
        }));
        answers.Tell(new Caller(() => went.Add("second")));
        answers.Tell(new Caller(() => went.Add($"third, on {Thread.CurrentThread.Name}")));
        first.GoOn();
        await over.Task.WaitAsync(Generous);

        Assert.Equal(["second", "third, on answers", "together"], went);
        Assert.Empty(pooled);
    }

    [Fact]
    public async Task What_callers_ask_for_together_is_begun_after_512_of_them()
    {
        var most = 0;
        for (var tries = 0; tries < 1000 && most < 512; tries++)                // fewer where this thread is interrupted
            most = Math.Max(most, await HowManyGoOnTogether(taking: TimeSpan.Zero));

        Assert.Equal(512, most);
    }

    [Fact]
    public async Task It_is_begun_after_8_if_these_take_longer_than_a_millisecond() =>
        Assert.Equal(8, await HowManyGoOnTogether(taking: TimeSpan.FromMilliseconds(2)));

    /// <summary>Of 600 who are told at once, the first of whom takes so long.</summary>
    private async Task<int> HowManyGoOnTogether(TimeSpan taking)
    {
        using var before = new HeldUp();
        var (went, together, over) = (0, 0, new TaskCompletionSource());

        answers.Afterwards(new Caller(before.Run));
        before.HasBegun();
        for (var n = 0; n < 600; n++)
            answers.Tell(new Caller(() =>
            {
                if (went++ == 0) Busy(taking);
                if (went == 600) over.SetResult();
            }));
        answers.Afterwards(new Caller(() => together = went));
        before.GoOn();
        await over.Task.WaitAsync(Generous);

        Assert.Empty(pooled);
        return together;
    }

    [Fact]
    public async Task Where_one_takes_long_those_behind_it_are_left_to_the_pool_until_it_returns()
    {
        using var first = new HeldUp();
        var (behind, next, later) = (new Caller(() => { }), new Caller(() => { }), new TaskCompletionSource());

        answers.Tell(new Caller(first.Run));
        first.HasBegun();
        answers.Tell(behind);
        own.AdvanceBy(TimeSpan.FromMilliseconds(10).Ticks);
        answers.Tell(next);
        Assert.Equal([behind, next], pooled);

        var back = new TaskCompletionSource();
        answers.Afterwards(new Caller(back.SetResult));
        first.GoOn();
        await back.Task.WaitAsync(Generous);
        answers.Tell(new Caller(later.SetResult));
        await later.Task.WaitAsync(Generous);
        Assert.Equal(2, pooled.Count);
    }

    [Fact]
    public async Task After_something_of_the_nodes_took_long_callers_go_on_there_again()
    {
        using var step = new HeldUp();
        var (again, over) = (new TaskCompletionSource(), new TaskCompletionSource());

        answers.Afterwards(new Caller(step.Run));
        step.HasBegun();
        answers.Tell(new Caller(() => { }));
        own.AdvanceBy(TimeSpan.FromMilliseconds(10).Ticks);
        Assert.Single(pooled);

        step.GoOn();
        answers.Afterwards(new Caller(over.SetResult));
        await over.Task.WaitAsync(Generous);
        answers.Afterwards(new Caller(again.SetResult));                            // that one is over, too
        await again.Task.WaitAsync(Generous);
        answers.Tell(new Caller(() => { }));
        Assert.Single(pooled);
    }

    [Fact]
    public void Who_still_waits_when_it_is_closed_goes_on_on_the_pool()
    {
        using var first = new HeldUp();
        var (behind, after) = (new Caller(() => { }), new Caller(() => { }));
        answers.Tell(new Caller(first.Run));
        first.HasBegun();
        answers.Tell(behind);

        answers.Dispose();
        answers.Tell(after);

        Assert.Equal([behind, after], pooled);
        first.GoOn();
    }

    private static void Busy(TimeSpan time)
    {
        for (var since = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(since) < time;) { }
    }
}
