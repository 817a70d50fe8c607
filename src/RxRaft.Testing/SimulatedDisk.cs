using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace RxRaft.Testing;

/// <summary>One node's disk: a write takes time, and what was not durable is lost in a crash.</summary>
internal sealed class SimulatedDisk(IScheduler scheduler, Dice dice, DiskFaults faults) : IDisk
{
    private Option<Effect.Persist> writing;

    /// <summary>What a crash at this moment is sure to leave.</summary>
    public PersistentState Durable { get; private set; } = PersistentState.Fresh;

    /// <summary>Puts something on the disk before the node starts.</summary>
    public void Prepare(PersistentState recovered) => Durable = recovered;

    public PersistentState Recover() => Durable;

    public IObservable<Unit> Write(Effect.Persist change) => Observable.Create<Unit>(observer =>
    {
        writing = change;
        var timer = scheduler.Schedule(dice.Between(faults.LatencyMin, faults.LatencyMax), () =>
        {
            Settle();
            observer.OnNext(Unit.Default);
            observer.OnCompleted();
        });
        return new CompositeDisposable(timer);
    });

    /// <summary>The power goes: a write under way is lost, or has just made it.</summary>
    public void Crash()
    {
        if (writing.IsSome && dice.Chance(0.5)) Settle();
        writing = None;
    }

    private void Settle()
    {
        Durable = writing.Fold(Durable, (durable, change) => durable.After(change));
        writing = None;
    }
}
