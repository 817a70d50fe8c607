using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace RxRaft;

/// <summary>A leader's lease as it passes: the reducer says until when it lasts, this says when it is over.</summary>
/// <remarks>§6.4.1.</remarks>
internal static class Lease
{
    /// <summary>
    /// The term in which this node leads and nobody else can have been elected; none while that is not certain.
    /// </summary>
    /// <param name="transitions">Of one node.</param>
    /// <param name="now">The node's clock.</param>
    /// <param name="timers">
    /// Where the end of a lease is waited for. Not where the node's steps run, which may take a while.
    /// </param>
    public static IObservable<Option<Term>> Held(
        this IObservable<Transition> transitions, Func<Instant> now, IScheduler timers) =>
        transitions
            .Select(step => step.State.LeaseEnd.Map(end => (Term: step.State.CurrentTerm, End: end)))
            .DistinctUntilChanged()
            .Select(lease => lease.Match(
                held => Until(held.End, held.Term, now, timers),
                () => Observable.Return(NotHeld)))
            .Switch()
            .DistinctUntilChanged();

    private static readonly Option<Term> NotHeld = None;

    private static IObservable<Option<Term>> Until(Instant end, Term term, Func<Instant> now, IScheduler timers) =>
        Observable.Defer(() => end - now() is var left && left > TimeSpan.Zero
            ? Observable.Return(Some(term)).Concat(Ended(end, now, timers))
            : Observable.Return(NotHeld));

    // Asks the clock again: whoever was told of the lease has taken some of it.
    private static IObservable<Option<Term>> Ended(Instant end, Func<Instant> now, IScheduler timers) =>
        Observable.Defer(() => Observable.Timer(end - now(), timers)).Select(_ => NotHeld);
}
