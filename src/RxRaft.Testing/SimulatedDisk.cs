using System.Buffers;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace RxRaft.Testing;

/// <summary>One node's disk: a write takes time, and what was not durable is lost in a crash.</summary>
internal sealed class SimulatedDisk(IScheduler scheduler, Dice dice, DiskFaults faults) : IDisk
{
    private Option<Effect.Persist> writing;
    private Option<(bool Made, Action Crash)> interruption;
    private Shelf shelf = Shelf.Empty;

    /// <summary>What a crash at this moment is sure to leave.</summary>
    public PersistentState Durable { get; private set; } = PersistentState.Fresh;

    /// <summary>Puts something on the disk before the node starts.</summary>
    public void Prepare(PersistentState recovered, ReadOnlyMemory<byte> snapshot) =>
        (Durable, shelf) = (recovered, new Shelf(new Stored(recovered.Log.Snapshot, snapshot), None, None));

    public PersistentState Recover() => Durable;

    public IObservable<Unit> Write(Effect.Persist change) => Observable.Create<Unit>(observer =>
    {
        writing = change;
        return scheduler.Schedule(dice.Between(faults.LatencyMin, faults.LatencyMax), () =>
        {
            if (interruption.Case is (bool made, Action crash))
            {
                if (made) Settle(); else writing = None;
                crash();
                return;
            }

            Settle();
            observer.OnNext(Unit.Default);
            observer.OnCompleted();
        });
    });

    public IObservable<Unit> Store(Effect.StoreChunk part) => Observable.Defer(() =>
    {
        shelf = shelf.With(part);
        return Observable.Return(Unit.Default);
    });

    public IObservable<Snapshot> Save(
        LogPosition last, Configuration configuration, Action<IBufferWriter<byte>> write) => Observable.Defer(() =>
    {
        var bytes    = Shelf.Bytes(write);
        var snapshot = new Snapshot(last, configuration, bytes.Length);
        return Observable.Timer(dice.Between(faults.LatencyMin, faults.LatencyMax), scheduler).Select(_ =>
        {
            shelf = shelf.With(snapshot, bytes);
            return snapshot;
        });
    });

    public IObservable<ReadOnlyMemory<byte>> Read(Snapshot snapshot, long offset, int length) => Observable.Defer(() =>
        shelf.Read(snapshot, offset, length).Match(
            bytes => Observable.Return(bytes), Observable.Empty<ReadOnlyMemory<byte>>));

    /// <summary>Whether the next write is to end in a crash.</summary>
    public bool IsInterrupted => interruption.IsSome;

    /// <summary>The next write ends in a crash, in which it is lost, or has just been made.</summary>
    public void Interrupt(bool made, Action crash) => interruption = (made, crash);

    /// <summary>
    /// The power goes: a write under way is lost, or has just made it. What no write has named is lost.
    /// </summary>
    public void Crash()
    {
        if (writing.IsSome && dice.Chance(0.5)) Settle();
        (writing, interruption) = (None, None);
        shelf = shelf with { Incoming = None, Saved = None };
    }

    private void Settle()
    {
        shelf   = writing.Fold(shelf, (stored, change) => stored.After(change));
        Durable = writing.Fold(Durable, (durable, change) => durable.After(change));
        writing = None;
    }
}
