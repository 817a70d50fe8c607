using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Reactive;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Subjects;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>
/// An intake on whatever thread brings something: who comes while nobody is inside goes in, and does what comes
/// meanwhile too. In production it stands for Rx's Merge and ObserveOn.
/// </summary>
/// <remarks>
/// A hop to another thread costs more than a step, so what the wire, the disk and the timer bring is done at once. Only
/// of clients that are many each leaves its request to where others are who are about to ask: the hop is what lets them
/// come together. All proposals that are found together become one, so one append, one message to each follower and one
/// write. A busy process can starve the pool, and the node must not wait with it: where nobody comes, a thread of the
/// node's own does.
/// </remarks>
/// <param name="alone">Whether at most one client waits for an answer.</param>
/// <param name="turn">After so long a thread that came with something of its own goes back to it.</param>
/// <param name="soon">Has something executed soon, or, where everybody is busy, late.</param>
/// <param name="own">A thread that always comes.</param>
/// <param name="leaving">What who leaves does outside.</param>
internal sealed class SerialDrain(
    Func<bool> alone, TimeSpan turn, Action<IThreadPoolWorkItem> soon, IScheduler own, Action leaving)
    : IIntake, IThreadPoolWorkItem
{
    /// <summary>Some tens of steps.</summary>
    public static readonly TimeSpan Turn = TimeSpan.FromMicroseconds(200);

    /// <summary>So long the pool has time; a tenth of the shortest heartbeat interval that makes sense.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(5);

    private readonly Func<bool> alone = alone;
    private readonly ConcurrentQueue<object> waiting = new([new Together([])]);   // one of the kinds in TakeUp
    private readonly ISubject<Unit> settled = Subject.Synchronize(new Subject<Unit>());
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Proposal> proposals = [];
    private readonly List<RequestId> readers = [];
    private IObserver<Input> taken = Observer.Create<Input>(_ => { });
    private Func<Instant> clock = () => Instant.Zero;
    private Instant now;
    private int handedOver;
    private int watched;
    private int pending = 1;                                    // the one that opens it is inside from the start
    private volatile bool closed;

    public IObservable<Unit> Settled => settled;

    /// <summary>All that comes in one round has one time: that of its beginning, when all of it was there.</summary>
    public IObservable<Input> Take(Arrivals arrivals, Func<Instant> now)
    {
        clock = now;
        return new Taken(this, arrivals);
    }

    public void Enter(Action action) => Bring(action);

    public IDisposable Open()
    {
        Drain();
        return Disposable.Create(() => closed = true);
    }

    /// <summary>Nothing comes in any more.</summary>
    /// <returns>Ends when nobody is inside any more.</returns>
    public Task Close()
    {
        closed = true;
        Bring(ended);
        return ended.Task;
    }

    private void Fail(Exception reason) => Enter(() => taken.OnError(reason));

    /// <summary>The one who raises the count from 0 goes in, or sends somebody.</summary>
    private void Bring(object arrival, bool hop = false)
    {
        waiting.Enqueue(arrival);
        if (Interlocked.Increment(ref pending) > 1) return;
        if (hop) HandOver(); else Drain();
    }

    /// <summary>Somebody else goes in, instead of who would have to now.</summary>
    private void HandOver()
    {
        Volatile.Write(ref handedOver, 1);
        soon(this);
        if (Interlocked.Exchange(ref watched, 1) == 0) own.Schedule(Patience, Look);
    }

    /// <summary>Who comes first of those who were sent.</summary>
    void IThreadPoolWorkItem.Execute()
    {
        if (Interlocked.Exchange(ref handedOver, 0) == 1) Drain();
    }

    private void Look()
    {
        Volatile.Write(ref watched, 0);
        ((IThreadPoolWorkItem)this).Execute();
    }

    private void Drain()
    {
        Instant? began = null;
        while (true)
        {
            var seen = Volatile.Read(ref pending);              // no more than these, or two would be inside at once
            now = clock();                                      // once they are there, and before they lead to anything
            began ??= now;
            var enough = Round(seen, began.Value);
            if (Interlocked.Add(ref pending, -seen) == 0) break;
            if (!enough) continue;

            HandOver();
            break;
        }

        leaving();
    }

    /// <summary>Takes up so many, and settles if nothing came meanwhile.</summary>
    /// <returns>Whether this thread has done enough; then it has settled too.</returns>
    private bool Round(int count, Instant began)
    {
        var left = count;
        try
        {
            while (left > 0)
            {
                left--;
                TakeUp(Next());
            }

            TakeUpTogether();

            var enough = Volatile.Read(ref pending) > count && clock() - began > turn;
            if (enough || Volatile.Read(ref pending) == count) settled.OnNext(Unit.Default);
            return enough;
        }
        catch (Exception fault)
        {
            Halt(left, fault);
            return false;
        }
    }

    /// <summary>Nothing more comes in; who waits for the end hears of it.</summary>
    private void Halt(int left, Exception fault)
    {
        closed = true;
        for (; left > 0; left--) TakeUp(Next());
        try
        {
            taken.OnError(fault);
        }
        catch (Exception)
        {
            // an observer of the end threw: it has ended all the same
        }
    }

    /// <summary>Counted, so it is there.</summary>
    private object Next()
    {
        object? next;
        while (!waiting.TryDequeue(out next)) { }
        return next;
    }

    /// <summary>What somebody has brought; the end even when nothing else comes in any more.</summary>
    private void TakeUp(object arrival)
    {
        if (arrival == ended) ended.TrySetResult();
        if (closed) return;

        if (arrival is Proposal proposal) proposals.Add(proposal);
        else if (arrival is Input.Read read) AddRange(readers, read.Requests);
        else if (arrival is Input input) Take(input);
        else if (arrival is Action action) action();
        else if (arrival is Together(var messages)) for (var i = 0; i < messages.Count; i++) Take(messages[i]);
    }

    /// <summary>Commands first: who has its answer already has asked before.</summary>
    private void TakeUpTogether()
    {
        if (proposals.Count > 0 && !closed) Take(new Input.Propose(toSeq(proposals.ToArray())));
        proposals.Clear();
        if (readers.Count > 0 && !closed) Take(new Input.Read(toSeq(readers.ToArray())));
        readers.Clear();
    }

    private void Take(Input input) => taken.OnNext(input with { At = now });

    private static void AddRange<T>(List<T> all, Seq<T> some)
    {
        for (var i = 0; i < some.Count; i++) all.Add(some[i]);
    }

    /// <summary>Who takes what comes, and is told when that fails: Rx's own Create leaves whoever throws.</summary>
    private sealed class Taken(SerialDrain drain, Arrivals arrivals) : IObservable<Input>
    {
        public IDisposable Subscribe(IObserver<Input> observer)
        {
            drain.taken = observer;
            var sources = arrivals.Shell
                .Map(shell => shell.Subscribe(input => drain.Bring(input), drain.Fail)).Strict()
                .Add(arrivals.Wire.Subscribe(together => drain.Bring(new Together(together)), drain.Fail))
                .Add(arrivals.Clients.Subscribe(
                    input => drain.Bring(input, hop: !drain.alone()), drain.Fail))
                .Add(arrivals.Proposals.Subscribe(
                    proposal => drain.Bring(proposal, hop: !drain.alone()), drain.Fail));
            return new CompositeDisposable(sources.ToArray());
        }
    }

    /// <summary>What was read at once.</summary>
    private sealed record Together(Seq<Input.Receive> Messages);
}
