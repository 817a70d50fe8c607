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
    /// order, one at a time; but what <see cref="Effect.IsAtOnce"/> waits for nothing, and writes that queue up come as
    /// one.
    /// </param>
    /// <param name="scheduler">The one thread of this node, and its clock.</param>
    /// <param name="step">The algorithm; by default <see cref="Raft.Step"/>. In tests, a variant of it.</param>
    /// <returns>
    /// Cold: each subscription runs a node of its own. Observers see a step before its effects start.
    /// </returns>
    /// <exception cref="ArgumentNullException">Something but the algorithm is null.</exception>
    public static IObservable<Transition> Run(
        Transition boot,
        IObservable<Input> arrivals,
        Func<Effect, IObservable<Input>> perform,
        IScheduler scheduler,
        Func<NodeState, Input, Transition>? step = null)
    {
        ArgumentNullException.ThrowIfNull(boot.State, nameof(boot));
        ArgumentNullException.ThrowIfNull(arrivals);
        ArgumentNullException.ThrowIfNull(perform);
        ArgumentNullException.ThrowIfNull(scheduler);

        return Observable.Defer(() =>
        {
            var watch = scheduler.StartStopwatch();                                 // monotonic; Now may jump back
            var world = new Arrivals(Seq1(arrivals), Observable.Never<Seq<Input.Receive>>(), Observable.Never<Input>(),
                Observable.Never<Proposal>());
            return Run(
                boot, world, perform, new ScheduledIntake(scheduler), scheduler, () => boot.State.Now + watch.Elapsed,
                step ?? Raft.Step);
        });
    }

    /// <summary>The same by a clock that others look at too.</summary>
    /// <param name="intake">Lets everything in, one thing at a time; of this node alone.</param>
    /// <param name="timers">Wake the node.</param>
    /// <param name="now">Not before that of the boot, and never back.</param>
    internal static IObservable<Transition> Run(
        Transition boot,
        Arrivals arrivals,
        Func<Effect, IObservable<Input>> perform,
        IIntake intake,
        IScheduler timers,
        Func<Instant> now,
        Func<NodeState, Input, Transition> reduce) =>
        Observable.Create<Transition>(observer =>
        {
            var echoes = new Subject<Input>();
            var transitions = intake                                                // whatever happens, one at a time,
                .Take(arrivals with { Shell = arrivals.Shell.Add(echoes) }, now)    // stamped at the door,
                .Scan(boot, (last, input) => reduce(last.State, input))             // is a step;
                .StartWith(boot)
                .Publish();

            var effects = EffectLanes.Perform(transitions, perform, intake);        // what it asks for is done,
            var ticks = transitions.StartWith(boot).Select(step => step.State)      // and a node wakes
                .Ticks(now, timers);                                                // when its state says so.

            return new CompositeDisposable(
                transitions.Subscribe(observer),
                effects.Subscribe(echoes),
                transitions.Connect(),
                ticks.Subscribe(echoes),                                            // not before it can be heard
                intake.Open());
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
