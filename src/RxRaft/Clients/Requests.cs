using System.Collections.Concurrent;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>Those who asked this node for something and have no answer yet.</summary>
/// <remarks>Thread-safe: callers ask from anywhere, the node and its state machine answer from their threads.</remarks>
/// <param name="tell">Has callers go on: in virtual time at once, else elsewhere.</param>
internal sealed class Requests(Action<IThreadPoolWorkItem> tell)
{
    private readonly ConcurrentDictionary<RequestId, IWaiting> waiting = new();
    private volatile bool closed;
    private int count;

    /// <summary>Has one who was answered go on.</summary>
    public Action<IThreadPoolWorkItem> Tell => tell;

    /// <summary>Whether at most one waits.</summary>
    public bool IsFew => Volatile.Read(ref count) <= 1;

    /// <summary>Somebody waits for an outcome.</summary>
    /// <exception cref="InvalidOperationException">The same request is under way.</exception>
    public Waiting<T> Add<T>(RequestId request) => Add(request, new Waiting<T>(tell));

    /// <summary>Somebody waits to read.</summary>
    public Waiting<T> AddReader<TState, T>(RequestId request, Func<TState, T> read) =>
        Add(request, new Reader<TState, T>(read, tell));

    /// <summary>An operator waits.</summary>
    public WaitingOperator AddOperator(RequestId request) => Add(request, new WaitingOperator(tell));

    /// <summary>Nobody waits any more; what was asked may happen all the same.</summary>
    public void Forget(RequestId request)
    {
        if (waiting.TryRemove(request, out _)) Interlocked.Decrement(ref count);
    }

    /// <summary>The node has the last word.</summary>
    public void Answer(RequestId request, Outcome outcome)
    {
        if (!waiting.TryRemove(request, out var who)) return;
        Interlocked.Decrement(ref count);
        who.Answer(outcome);
    }

    /// <summary>The state machine has.</summary>
    /// <remarks>
    /// An answer of another kind is to a request of an earlier life of the node, under a number that was drawn again.
    /// </remarks>
    public void Answer<T>(RequestId request, Outcome<T> outcome) => Take<Asking<T>>(request)?.Answer(outcome);

    /// <summary>A read may see this.</summary>
    public void Read<TState>(RequestId request, TState state) => Take<IReader<TState>>(request)?.Read(state);

    /// <summary>The node stops: nobody will answer.</summary>
    public void Close()
    {
        closed = true;
        foreach (var request in waiting.Keys) Answer(request, new Outcome.Unknown());
    }

    private TWho? Take<TWho>(RequestId request) where TWho : class
    {
        if (Volatile.Read(ref count) == 0) return null;                 // most answers at a follower are others'
        if (!waiting.TryGetValue(request, out var who) || who is not TWho right) return null;
        if (!waiting.TryRemove(new(request, who))) return null;

        Interlocked.Decrement(ref count);
        return right;
    }

    /// <inheritdoc cref="Add{T}(RequestId)"/>
    public TWaiting Add<TWaiting>(RequestId request, TWaiting who) where TWaiting : IWaiting
    {
        Interlocked.Increment(ref count);                                   // first: while it is 0 nobody is looked for
        if (!waiting.TryAdd(request, who))
        {
            Interlocked.Decrement(ref count);
            throw new InvalidOperationException($"{request} is under way already");
        }

        if (closed) Answer(request, new Outcome.Unknown());
        return who;
    }

    private sealed class Reader<TState, T>(Func<TState, T> read, Action<IThreadPoolWorkItem> tell)
        : Waiting<T>(tell), IReader<TState>
    {
        public void Read(TState state)
        {
            try
            {
                Answer(new Outcome<T>.Applied(read(state)));
            }
            catch (Exception failure)
            {
                Fail(failure);                                              // the caller's own
            }
        }
    }
}

/// <summary>Somebody who waits.</summary>
internal interface IWaiting
{
    void Answer(Outcome outcome);
}

/// <summary>Somebody who waits to read.</summary>
internal interface IReader<in TState>
{
    void Read(TState state);
}

/// <summary>Somebody who waits for an outcome: hears it once, and goes on where it is told.</summary>
internal abstract class Asking<T>(Action<IThreadPoolWorkItem> tell) : IWaiting, IThreadPoolWorkItem
{
    private Outcome<T>? outcome;
    private Exception? failure;
    private int heard;

    public void Answer(Outcome outcome) => Answer(Outcome<T>.Of(outcome));

    public void Answer(Outcome<T> outcome) => Hear(outcome, failure: null);

    void IThreadPoolWorkItem.Execute()
    {
        if (outcome is not null) GoOn(outcome); else GiveUp(failure!);
    }

    protected void Fail(Exception failure) => Hear(outcome: null, failure);

    protected abstract void GoOn(Outcome<T> outcome);

    protected abstract void GiveUp(Exception failure);

    private void Hear(Outcome<T>? outcome, Exception? failure)
    {
        if (Interlocked.Exchange(ref heard, 1) == 1) return;

        (this.outcome, this.failure) = (outcome, failure);
        tell(this);
    }
}

/// <summary>Somebody who waits for an outcome, whatever it is.</summary>
internal class Waiting<T>(Action<IThreadPoolWorkItem> tell) : Asking<T>(tell)
{
    private readonly TaskCompletionSource<Outcome<T>> told = new();

    public Task<Outcome<T>> Task => told.Task;

    protected override void GoOn(Outcome<T> outcome) => told.TrySetResult(outcome);

    protected override void GiveUp(Exception failure) => told.TrySetException(failure);
}

/// <summary>An operator who waits.</summary>
internal sealed class WaitingOperator(Action<IThreadPoolWorkItem> tell) : IWaiting, IThreadPoolWorkItem
{
    private readonly TaskCompletionSource<Outcome> told = new();
    private Outcome? outcome;

    public Task<Outcome> Told => told.Task;

    public void Answer(Outcome outcome)
    {
        if (Interlocked.CompareExchange(ref this.outcome, outcome, null) is null) tell(this);
    }

    void IThreadPoolWorkItem.Execute() => told.TrySetResult(outcome!);
}
