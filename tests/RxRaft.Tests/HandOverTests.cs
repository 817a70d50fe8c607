using System.Collections.Generic;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Threading;
using Microsoft.Reactive.Testing;
using static RxRaft.Tests.SerialDrainTests;

namespace RxRaft.Tests;

/// <summary>The production intake, where who would have to go in leaves that to somebody else.</summary>
public sealed class HandOverTests
{
    private readonly TestScheduler own = new();
    private readonly List<IThreadPoolWorkItem> soon = [];
    private readonly Subject<Input> shell = new();
    private readonly Subject<Proposal> proposals = new();
    private bool alone = true;
    private int left;
    private Instant now;

    [Fact]
    public void A_client_among_many_leaves_its_request_to_others_and_those_that_come_before_it_join()
    {
        var (_, seen) = Open(input => input);
        alone = false;

        proposals.OnNext(Proposal(1));
        proposals.OnNext(Proposal(2));
        Assert.Empty(seen);

        Assert.Single(soon).Execute();
        Assert.Equal([new Input.Propose(Seq(Proposal(1), Proposal(2)))], seen);
    }

    [Fact]
    public void Where_nobody_comes_a_thread_of_the_nodes_own_does_and_whoever_comes_then_is_too_late()
    {
        var (_, seen) = Open(input => input);
        alone = false;

        proposals.OnNext(Proposal(1));
        own.AdvanceBy(TimeSpan.FromMilliseconds(4.9).Ticks);
        Assert.Empty(seen);
        own.AdvanceBy(TimeSpan.FromMilliseconds(0.1).Ticks);
        Assert.Single(seen);

        Assert.Single(soon).Execute();
        Assert.Single(seen);
    }

    [Fact]
    public void Who_has_done_enough_leaves_the_rest_to_others()
    {
        var (_, seen) = Open(input =>
        {
            now += TimeSpan.FromMicroseconds(150);
            if (input is Input.Applied(var index) && index.Value < 9) shell.OnNext(new Input.Applied(index + 1));
            return input;
        }, turn: SerialDrain.Turn);

        shell.OnNext(new Input.Applied(new LogIndex(7)));
        Assert.Equal(2, seen.Count);

        Assert.Single(soon).Execute();
        Assert.Equal(3, seen.Count);
    }

    [Fact]
    public void Who_hands_over_does_what_is_to_be_done_outside_too()
    {
        var handed = new List<int>();
        var drain  = new SerialDrain(() => alone, TimeSpan.FromTicks(-1), soon.Add, own, () => handed.Add(left));
        drain.Open();

        drain.Enter(() => drain.Enter(() => left++));                               // too long already: the second is left
        Assert.Equal([0, 0], handed);

        Assert.Single(soon).Execute();
        Assert.Equal([0, 0, 1], handed);
    }

    private (SerialDrain Drain, List<Input> Seen) Open(Func<Input, Input> see, TimeSpan? turn = null)
    {
        var drain = new SerialDrain(() => alone, turn ?? TimeSpan.MaxValue, soon.Add, own, () => left++);
        var seen  = new List<Input>();
        var (wire, clients) = (Observable.Never<Seq<Input.Receive>>(), Observable.Never<Input>());
        drain.Take(new Arrivals(Seq1(shell.AsObservable()), wire, clients, proposals), () => now)
            .Subscribe(input => seen.Add(see(input)));
        drain.Open();
        return (drain, seen);
    }
}
