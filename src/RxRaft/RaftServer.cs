using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace RxRaft;

/// <summary>
/// The reactive shell of one node: everything that happens, in one line, through the reducer, and out.
/// </summary>
public static class RaftServer
{
    /// <summary>Runs a node until it is disposed of, or fails with what broke it.</summary>
    /// <param name="boot">The node as <see cref="Raft.Boot"/> made it; the first transition observed.</param>
    /// <param name="arrivals">Inputs from outside, from any thread. Their instants are set here.</param>
    /// <param name="perform">
    /// Does one effect when subscribed to; what it emits are inputs; it completes when the effect is done. Asked in
    /// order, one at a time; but what <see cref="Effect.IsAtOnce"/> waits for nothing.
    /// </param>
    /// <param name="scheduler">The one thread of this node, and its clock.</param>
    /// <param name="step">The algorithm; by default <see cref="Raft.Step"/>. In tests, a variant of it.</param>
    /// <returns>
    /// Cold: each subscription runs a node of its own. Observers see a step before its effects start.
    /// </returns>
    public static IObservable<Transition> Run(
        Transition boot,
        IObservable<Input> arrivals,
        Func<Effect, IObservable<Input>> perform,
        IScheduler scheduler,
        Func<NodeState, Input, Transition>? step = null) =>
        Observable.Defer(() =>
        {
            var watch = scheduler.StartStopwatch();                                 // monotonic; Now may jump back
            return Run(boot, arrivals, perform, scheduler, () => boot.State.Now + watch.Elapsed, step ?? Raft.Step);
        });

    /// <summary>The same by a clock that others look at too.</summary>
    /// <param name="now">Not before that of the boot, and never back.</param>
    internal static IObservable<Transition> Run(
        Transition boot,
        IObservable<Input> arrivals,
        Func<Effect, IObservable<Input>> perform,
        IScheduler scheduler,
        Func<Instant> now,
        Func<NodeState, Input, Transition> reduce) =>
        Observable.Create<Transition>(observer =>
        {
            var echoes = Subject.Synchronize(new Subject<Input>());
            var transitions = arrivals.Merge(echoes)                                // whatever happens,
                .ObserveOn(scheduler)                                               // one at a time,
                .Select(input => input with { At = now() })                         // stamped at the door,
                .Scan(boot, (last, input) => reduce(last.State, input))             // is a step;
                .StartWith(boot)
                .Publish();

            var effects = transitions.SelectMany(step => step.Effects).Publish();
            var ordered = effects.Where(effect => !effect.IsAtOnce)                 // what a step asks for
                .Select(perform).Concat();                                          // is done in order, but for
            var early = effects.Where(effect => effect.IsAtOnce)                    // what a leader may say before
                .SelectMany(perform);                                               // its own disk has it (§10.2.1),

            var ticks = transitions.StartWith(boot).Select(step => step.State)      // and a node wakes
                .Ticks(now, scheduler);                                             // when its state says so.

            return new CompositeDisposable(
                transitions.Subscribe(observer),
                ordered.Subscribe(echoes),
                early.Subscribe(echoes),
                effects.Connect(),
                transitions.Connect(),
                ticks.Subscribe(echoes));                                           // not before it can be heard
        });

    /// <summary>"It is now t", when a deadline of the state has passed.</summary>
    /// <remarks>
    /// Re-armed lazily: while a timer is pending, a deadline that moves later is looked at when the timer fires; only
    /// an earlier one replaces it. A timer that fires early, as real ones may, is set again.
    /// </remarks>
    private static IObservable<Input> Ticks(
        this IObservable<NodeState> states, Func<Instant> now, IScheduler scheduler) =>
        states
            .Scan(Instant.Zero, (armed, state) =>
                armed <= state.Now || state.NextDeadline < armed ? state.NextDeadline : armed)
            .DistinctUntilChanged()
            .Select(due => Observable.Defer(() => Observable.Timer(due - now(), scheduler)).DoWhile(() => now() < due))
            .Switch()
            .Select(_ => new Input.Tick());
}
