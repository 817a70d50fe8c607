using System.Collections.Generic;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;

namespace RxRaft.Architecture;

/// <summary>The real TestScheduler, older than the Rx it runs on: see tests/System.Reactive.Interfaces.</summary>
public sealed class VirtualTimeTests : ReactiveTest
{
    [Fact]
    public void The_test_scheduler_runs_todays_Rx_in_virtual_time()
    {
        var scheduler = new TestScheduler();
        var source = scheduler.CreateHotObservable(OnNext(210, 1), OnNext(220, 2), OnNext(260, 3), OnCompleted<int>(300));

        var heard = scheduler.Start(() => source.Throttle(TimeSpan.FromTicks(20), scheduler));

        heard.Messages.AssertEqual(OnNext(240, 2), OnNext(280, 3), OnCompleted<int>(300));
        source.Subscriptions.AssertEqual(Subscribe(200, 300));
    }

    [Fact]
    public void An_hour_of_timers_passes_at_once_and_every_tick_is_seen_at_its_time()
    {
        var scheduler = new TestScheduler();
        var ticks = new List<long>();
        using var hour = Observable.Interval(TimeSpan.FromMinutes(1), scheduler).Subscribe(_ => ticks.Add(scheduler.Clock));

        scheduler.AdvanceTo(TimeSpan.FromHours(1).Ticks);

        Assert.Equal(60, ticks.Count);
        Assert.Equal(TimeSpan.FromMinutes(1).Ticks, ticks[0]);
        Assert.Equal(TimeSpan.FromHours(1).Ticks, ticks[^1]);
    }

    [Fact]
    public void The_scheduler_that_tests_hand_to_the_node_is_the_interface_of_the_Rx_that_ships() =>
        Assert.Equal("System.Reactive", typeof(TestScheduler).GetInterface("IScheduler")?.Assembly.GetName().Name);
}
