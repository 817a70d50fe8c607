using System.Collections.Generic;
using System.Linq;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>The production intake: one at a time, on whatever thread comes, and proposals that meet there become one.</summary>
public sealed class SerialDrainTests : IDisposable
{
    private readonly PunctualScheduler own = new("drain");
    private readonly Subject<Input> shell = new();
    private readonly Subject<Seq<Input.Receive>> wire = new();
    private readonly Subject<Input> clients = new();
    private readonly Subject<Proposal> proposals = new();
    private bool alone = true;
    private int left;
    private Instant now;

    public void Dispose() => own.Dispose();

    [Fact]
    public void What_comes_while_nobody_is_inside_is_done_by_who_brings_it_before_that_one_goes_on()
    {
        var (_, seen) = Open(input => (input, Environment.CurrentManagedThreadId));

        shell.OnNext(new Input.Tick());

        Assert.Equal([(new Input.Tick(), Environment.CurrentManagedThreadId)], seen);
    }

    [Fact]
    public void What_comes_meanwhile_is_done_after_it_by_the_one_inside_and_it_settles_once()
    {
        var (drain, seen) = Open(input =>
        {
            if (input is not Input.Applied) return input;

            Task.Run(() => shell.OnNext(new Input.Tick())).Wait();                  // brings it, and does not wait
            wire.OnNext(Seq(Heard(1), Heard(2)));
            return input;
        });
        var settled = 0;
        drain.Settled.Subscribe(_ => settled += seen.Count);

        shell.OnNext(new Input.Applied(new LogIndex(7)));

        Assert.Equal([new Input.Applied(new LogIndex(7)), new Input.Tick(), Heard(1), Heard(2)], seen);
        Assert.Equal(4, settled);
    }

    [Fact]
    public void Proposals_that_meet_become_one_and_so_do_reads_commands_first()
    {
        var (drain, seen) = Open(input => input);

        drain.Enter(() =>
        {
            clients.OnNext(new Input.Read(Seq1(Request(1))));
            proposals.OnNext(Proposal(2));
            proposals.OnNext(Proposal(3));
            proposals.OnNext(Proposal(4));
            clients.OnNext(new Input.Read(Seq1(Request(5))));
        });

        Assert.Equal<Input>(
            [
                new Input.Propose(Seq(Proposal(2), Proposal(3), Proposal(4))),
                new Input.Read(Seq(Request(1), Request(5))),
            ],
            seen);
    }

    [Fact]
    public async Task Never_are_two_inside_and_nothing_is_lost_however_many_bring_something()
    {
        const int Each = 20_000;
        var (inside, most, left) = (0, 0, 3 * Each);
        var all = new TaskCompletionSource();
        var (drain, seen) = Open(input =>
        {
            most = Math.Max(most, Interlocked.Increment(ref inside));
            left -= input is Input.Propose together ? together.Proposals.Count : 1;
            Interlocked.Decrement(ref inside);
            return input;
        }, turn: SerialDrain.Turn);
        drain.Settled.Subscribe(_ =>
        {
            if (left == 0) all.TrySetResult();
        });
        alone = false;

        await Task.WhenAll(
            Task.Run(() => Range(0, Each).Iter(n => shell.OnNext(new Input.Applied(new LogIndex((ulong)n))))),
            Task.Run(() => Range(0, Each).Iter(n => wire.OnNext(Seq1(Heard((ulong)n))))),
            Task.Run(() => Range(0, Each).Iter(n => proposals.OnNext(Proposal((ulong)n)))));
        await all.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(1, most);
        Assert.Equal(Each, seen.OfType<Input.Applied>().Count());
        Assert.Equal(Enumerable.Range(0, Each).Select(n => (ulong)n),
            seen.OfType<Input.Receive>().Select(heard => heard.Message.Term.Value));
        Assert.Equal(Enumerable.Range(0, Each).Select(n => (ulong)n),
            seen.OfType<Input.Propose>().SelectMany(asked => asked.Proposals).Select(one => one.Request.Sequence));
    }

    [Fact]
    public async Task Nothing_comes_in_before_it_is_open_nor_once_it_is_closed()
    {
        var drain = new SerialDrain(() => alone, TimeSpan.MaxValue, Pool, own, () => { });
        var seen  = new List<Input>();
        using var _ = drain.Take(new Arrivals(Seq1(shell.AsObservable()), wire, clients, proposals), () => now).Subscribe(seen.Add);

        shell.OnNext(new Input.Tick());
        Assert.Empty(seen);

        drain.Open();
        Assert.Single(seen);

        await drain.Close().WaitAsync(TimeSpan.FromSeconds(30));
        shell.OnNext(new Input.Tick());
        Assert.Single(seen);
    }

    [Fact]
    public void Who_leaves_does_what_is_to_be_done_outside_once()
    {
        Open(input => input);
        Assert.Equal(1, left);                                                      // who opened it

        wire.OnNext(Seq(Heard(1), Heard(2)));
        Assert.Equal(2, left);
    }

    [Fact]
    public void What_came_together_with_something_that_throws_is_counted_and_the_drain_can_be_closed()
    {
        var (drain, _) = Open<Input>(input => throw new InvalidOperationException("no"));
        drain.Enter(() =>
        {
            shell.OnNext(new Input.Tick());
            shell.OnNext(new Input.Tick());
            wire.OnNext(Seq1(Heard(1)));
        });

        Assert.True(drain.Close().IsCompleted);
    }

    [Fact]
    public void What_throws_inside_ends_the_stream_and_does_not_reach_who_brought_it()
    {
        var drain = new SerialDrain(() => alone, TimeSpan.MaxValue, Pool, own, () => { });
        Exception? reason = null;
        using var _ = drain.Take(new Arrivals(Seq1(shell.AsObservable()), wire, clients, proposals), () => now)
            .Subscribe(_ => throw new InvalidOperationException("no"), fault => reason = fault);
        drain.Open();

        shell.OnNext(new Input.Tick());

        Assert.Equal("no", reason?.Message);
    }

    [Fact]
    public void A_source_that_fails_ends_the_stream()
    {
        Exception? reason = null;
        var drain = new SerialDrain(() => alone, TimeSpan.MaxValue, Pool, own, () => { });
        using var _ = drain.Take(new Arrivals(Seq1(shell.AsObservable()), wire, clients, proposals), () => now)
            .Subscribe(_ => { }, fault => reason = fault);
        drain.Open();

        shell.OnError(new InvalidOperationException("the disk is gone"));

        Assert.Equal("the disk is gone", reason?.Message);
    }

    private (SerialDrain Drain, List<T> Seen) Open<T>(Func<Input, T> see, TimeSpan? turn = null)
    {
        var (drain, seen) = (new SerialDrain(() => alone, turn ?? TimeSpan.MaxValue, Pool, own, () => left++), new List<T>());
        drain.Take(new Arrivals(Seq1(shell.AsObservable()), wire, clients, proposals), () => now).Subscribe(input => seen.Add(see(input)));
        drain.Open();
        return (drain, seen);
    }

    [Fact]
    public void What_comes_together_has_one_time_that_is_not_before_any_of_it_came()
    {
        now = Instant.Zero + TimeSpan.FromSeconds(1);
        var (drain, seen) = Open(input =>
        {
            now += TimeSpan.FromSeconds(1);
            if (input is Input.Applied) wire.OnNext(Seq(Heard(1), Heard(2)));      // after the round has begun
            return input.At;
        });
        var first = now;

        shell.OnNext(new Input.Applied(new LogIndex(7)));

        Assert.Equal([first, first + TimeSpan.FromSeconds(1), first + TimeSpan.FromSeconds(1)], seen);
    }

    private static void Pool(IThreadPoolWorkItem item) => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);

    internal static RequestId Request(ulong number) => new(new SessionId(9), number);

    internal static Proposal Proposal(ulong number) => new(new Payload.Command(Request(number), number, default));

    private static Input.Receive Heard(ulong term) => new(new NodeId(2), Harness.Heartbeat(term, round: 1));
}
