using System.Collections.Generic;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Threading;

namespace RxRaft;

/// <summary>What steps ask for, done in order: nothing behind a write starts before it is durable.</summary>
/// <remarks>
/// Past the lane goes only what a leader may say before its own disk has it (§10.2.1). A write begins when the intake
/// has settled, and takes along the writes that queue up behind it and may be done with it: group commit.
/// </remarks>
internal sealed class EffectLanes : IDisposable
{
    private readonly Func<Effect, IObservable<Input>> perform;
    private readonly IObserver<Input> echoes;
    private readonly Action<Action> enter;
    private readonly Action goOn;
    private readonly Queue<Effect> waiting = new();
    private readonly CompositeDisposable underWay = [];
    private bool busy;

    private EffectLanes(
        Func<Effect, IObservable<Input>> perform, IObserver<Input> echoes, Action<Action> enter) =>
        (this.perform, this.echoes, this.enter, goOn) = (perform, echoes, enter, GoOn);

    /// <summary>Does what steps ask for.</summary>
    /// <param name="steps">Come inside the intake.</param>
    /// <param name="perform">
    /// Does one effect when subscribed to, which is when it is its turn; what it emits are inputs.
    /// </param>
    /// <param name="intake">Where everything else happens, too.</param>
    public static IObservable<Input> Perform(
        IObservable<Transition> steps, Func<Effect, IObservable<Input>> perform, IIntake intake) =>
        Observable.Create<Input>(echoes =>
        {
            var lanes = new EffectLanes(perform, echoes, intake.Enter);
            return new CompositeDisposable(
                lanes,
                steps.Subscribe(step => lanes.Take(step.Effects), _ => lanes.Dispose()),
                intake.Settled.Subscribe(_ => lanes.Advance()));
        });

    /// <summary>Nothing more is begun, and what is under way ends unheard.</summary>
    public void Dispose() => underWay.Dispose();

    private void Take(Seq<Effect> effects)
    {
        for (var i = 0; i < effects.Count; i++)
        {
            var effect = effects[i];
            if (effect.IsAtOnce) DoAtOnce(effect);
            else if (busy || waiting.Count > 0 || effect is Effect.Persist) waiting.Enqueue(effect);
            else Do(effect);
        }
    }

    private void Advance()
    {
        while (!busy && waiting.TryDequeue(out var effect))
            Do(effect is Effect.Persist write ? WithThoseBehind(write) : effect);
    }

    private void DoAtOnce(Effect effect)
    {
        var doing = Begin(effect);
        if (!ReferenceEquals(doing, Interpreter.Done)) Follow(doing, holdsUp: false);
    }

    private void Do(Effect effect)
    {
        var doing = Begin(effect);
        if (!ReferenceEquals(doing, Interpreter.Done)) Follow(doing, holdsUp: true);
    }

    /// <summary>What throws is as what fails: the node halts.</summary>
    private IObservable<Input> Begin(Effect effect)
    {
        if (underWay.IsDisposed) return Interpreter.Done;
        try
        {
            return perform(effect);
        }
        catch (Exception fault)
        {
            return Observable.Throw<Input>(fault);
        }
    }

    private void Follow(IObservable<Input> doing, bool holdsUp)
    {
        busy |= holdsUp;
        var started = new Started(this, holdsUp);
        started.Subscription = doing.Subscribe(started);
        started.IsPastItsStart();
    }

    private void GoOn()
    {
        busy = false;
        Advance();
    }

    /// <summary>What waits is taken out of the queue where it can become part of this write.</summary>
    private Effect.Persist WithThoseBehind(Effect.Persist write)
    {
        var (all, open) = (write, true);
        for (var left = waiting.Count; left > 0; left--)
        {
            var effect = waiting.Dequeue();
            if (open && effect is Effect.Persist next && next.CanFollow) all = all.Then(next);
            else
            {
                open &= effect is not (Effect.Persist or Effect.StoreChunk or Effect.RestoreSnapshot);
                waiting.Enqueue(effect);
            }
        }

        return all;
    }

    /// <summary>
    /// What was begun. The lane goes on here, if it is done by the time it has begun, or else from wherever that is.
    /// </summary>
    private sealed class Started(EffectLanes lanes, bool holdsUp) : IObserver<Input>, IDisposable
    {
        private int left = 2;                                   // it is done, and this thread is past its start

        public IDisposable Subscription { get; set; } = Disposable.Empty;

        public void OnNext(Input value) => lanes.echoes.OnNext(value);

        public void OnError(Exception error) => lanes.echoes.OnError(error);

        public void OnCompleted()
        {
            if (Interlocked.Decrement(ref left) > 0) return;

            lanes.underWay.Remove(this);
            if (holdsUp) lanes.enter(lanes.goOn);
        }

        public void IsPastItsStart()
        {
            if (Volatile.Read(ref left) == 2) lanes.underWay.Add(this); else Dispose();
            if (Interlocked.Decrement(ref left) > 0) return;

            lanes.underWay.Remove(this);
            if (holdsUp) lanes.busy = false;
        }

        public void Dispose() => Subscription.Dispose();
    }
}
