using System.Collections.Generic;
using System.Linq;
using System.Reactive.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Reactive.Testing;
using static RxRaft.Tests.Wires;

namespace RxRaft.Tests;

/// <summary>Who is alone goes on on the thread that read what led to his answer; and if he takes long, another reads on.</summary>
public sealed class GuestsTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromMilliseconds(10);

    private readonly TestScheduler own = new();
    private readonly List<string> went = [];
    private readonly Guests guests;
    private int readOn;

    public GuestsTests() => guests = new Guests(own);

    public void Dispose() => guests.Dispose();

    [Fact]
    public void A_guest_goes_on_when_his_host_has_left_the_node_and_those_who_come_meanwhile_go_on_after_him() => OnItsThread(host =>
    {
        Assert.True(guests.TryTakeIn(new Caller(() =>
        {
            Assert.True(guests.TryTakeIn(new Caller(() => went.Add("second"))));
            went.Add("first");
        })));
        went.Add("left the node");

        Assert.True(host.GoOn());
        Assert.Equal(["left the node", "first", "second"], went);
        Assert.True(guests.TryTakeIn(new Caller(() => went.Add("third"))));
        Assert.True(host.GoOn());
        own.AdvanceBy(Long.Ticks);
        Assert.Equal((4, 0), (went.Count, readOn));
    });

    [Fact]
    public void Only_a_thread_that_reads_has_guests_and_one_at_a_time()
    {
        Assert.False(guests.TryTakeIn(new Caller(() => { })));

        OnItsThread(first =>
        {
            Assert.True(guests.TryTakeIn(new Caller(() => OnItsThread(_ => Assert.False(guests.TryTakeIn(new Caller(() => { })))))));
            Assert.True(first.GoOn());
            OnItsThread(_ => Assert.True(guests.TryTakeIn(new Caller(() => { }))));
        });
    }

    /// <summary>What a guest asks another node in the same process, and is answered at once.</summary>
    [Fact]
    public void A_thread_that_has_guests_of_two_nodes_is_free_for_both_when_they_have_left() => OnItsThread(host =>
    {
        using var others = new Guests(own);
        Assert.True(guests.TryTakeIn(new Caller(() => Assert.True(others.TryTakeIn(new Caller(() => went.Add("theirs")))))));
        Assert.True(host.GoOn());

        Assert.Equal(["theirs"], went);
        OnItsThread(_ => Assert.True(guests.TryTakeIn(new Caller(() => { }))));
        OnItsThread(_ => Assert.True(others.TryTakeIn(new Caller(() => { }))));
    });

    [Fact]
    public void Where_a_guest_takes_long_another_thread_reads_on_and_for_a_while_that_gets_longer_nobody_is_taken_in()
    {
        Assert.Equal([64, 128, 256], Enumerable.Range(1, 3).Select(times =>
        {
            TakesLong(() => own.AdvanceBy(Long.Ticks));
            Assert.Equal(times, readOn);
            var refused = 0;
            OnItsThread(host =>
            {
                while (!guests.TryTakeIn(new Caller(() => { }))) refused++;
                Assert.True(host.GoOn());
            });
            return refused;
        }));
    }

    [Fact]
    public void Nobody_is_left_with_a_guest_when_the_node_ends()
    {
        TakesLong(guests.Dispose);

        Assert.Equal(1, readOn);
        OnItsThread(_ => Assert.False(guests.TryTakeIn(new Caller(() => { }))));
    }

    [Fact]
    public async Task A_connection_is_read_on_while_a_guest_of_its_thread_takes_long()
    {
        using var guest = new HeldUp();
        await using var one = Wires.Start(S1);
        await using var two = Wires.Start(S2);
        Introduce(one, two);
        await one.Connected(S2);
        using var taking = two.Wire.Received.Take(1).Subscribe(_ => Assert.True(guests.TryTakeIn(new Caller(guest.Run))));

        one.Say(S2, Mark(1));
        guest.HasBegun();
        one.Say(S2, Mark(2));
        own.AdvanceBy(Long.Ticks);
        await two.Hears(Mark(2));
        Assert.False(guest.HasEnded);

        guest.GoOn();
        one.Say(S2, Mark(3));
        await two.Hears(Mark(3));
        Assert.Equal([Mark(1), Mark(2), Mark(3)], two.Heard.Select(heard => heard.Message));
        Assert.InRange(two.Wire.Counters.Connections, 1, 2);                 // one each way, and none anew
    }

    /// <summary>A host whose guest is there until something is done elsewhere.</summary>
    private void TakesLong(Action meanwhile)
    {
        using var guest = new HeldUp();
        var going = Task.Run(() => OnItsThread(host =>
        {
            Assert.True(guests.TryTakeIn(new Caller(guest.Run)));
            Assert.False(host.GoOn());                                      // another thread reads
        }));
        guest.HasBegun();
        meanwhile();
        guest.GoOn();
        going.GetAwaiter().GetResult();
    }

    /// <summary>What a thread does that reads.</summary>
    private void OnItsThread(Action<Bringer> does)
    {
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            var host = new Bringer(() => Interlocked.Increment(ref readOn));
            host.Begin();
            failure = Record.Exception(() => does(host));
        });
        thread.Start();
        thread.Join();
        Assert.Null(failure);
    }

    private static Message Mark(ulong round) => new Message.ReadIndex(new(1), new(round));
}
