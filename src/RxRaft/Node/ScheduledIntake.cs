using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace RxRaft;

/// <summary>
/// An intake by Rx alone: everything is merged, and observed on one scheduler; it settles after each.
/// </summary>
/// <param name="scheduler">Virtual, or of one thread.</param>
internal sealed class ScheduledIntake(IScheduler scheduler) : IIntake
{
    private readonly ISubject<Unit> settled = Subject.Synchronize(new Subject<Unit>());
    private readonly System.Threading.Lock gate = new();        // a disk may end on a thread of its own
    private int inside = 1;                                     // until it is open

    public IObservable<Unit> Settled => settled;

    public IObservable<Input> Take(Arrivals arrivals, Func<Instant> now) => Observable.Create<Input>(taken =>
        arrivals.Shell.AsEnumerable().Merge()
            .Merge(arrivals.Wire.SelectMany(together => together))
            .Merge(arrivals.Clients)
            .Merge(arrivals.Proposals.Select(proposal => new Input.Propose(Seq1(proposal))))
            .ObserveOn(scheduler)
            .Subscribe(
                input => Enter(() => taken.OnNext(input with { At = now() })), taken.OnError, taken.OnCompleted));

    /// <summary>What is done inside of something else settles with it.</summary>
    public void Enter(Action action)
    {
        lock (gate)
        {
            inside++;
            try
            {
                action();
                if (inside == 1) settled.OnNext(Unit.Default);
            }
            finally
            {
                inside--;
            }
        }
    }

    public IDisposable Open()
    {
        lock (gate)
        {
            settled.OnNext(Unit.Default);
            inside--;
        }

        return Disposable.Empty;
    }
}
