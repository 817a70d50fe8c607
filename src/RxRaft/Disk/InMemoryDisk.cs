using System.Buffers;
using System.Reactive.Linq;
using System.Threading;

namespace RxRaft;

/// <summary>
/// A disk that remembers as long as the object lives: for clusters inside one process, and for tests.
/// </summary>
/// <remarks>
/// A node that forgets its vote when the process ends can vote twice in a term. Embedded in one process, where disk and
/// cluster live and end together, that cannot happen; across processes use a disk that outlives them.
/// </remarks>
public sealed class InMemoryDisk : IDisk
{
    private readonly Lock gate = new();
    private (PersistentState State, Shelf Shelf) durable = (PersistentState.Fresh, Shelf.Empty);

    /// <inheritdoc/>
    public PersistentState Recover() => Durable.State;

    /// <inheritdoc/>
    public IObservable<Unit> Write(Effect.Persist change) =>
        Change(now => (now.State.After(change), now.Shelf.After(change)));

    /// <inheritdoc/>
    public IObservable<Unit> Store(Effect.StoreChunk part) =>
        Change(now => (now.State, now.Shelf.With(part)));

    /// <inheritdoc/>
    public IObservable<Snapshot> Save(
        LogPosition last, Configuration configuration, Action<IBufferWriter<byte>> write) => Observable.Defer(() =>
    {
        var bytes = Shelf.Bytes(write);
        var snapshot = new Snapshot(last, configuration, bytes.Length);
        return Change(now => (now.State, now.Shelf.With(snapshot, bytes))).Select(_ => snapshot);
    });

    /// <inheritdoc/>
    public IObservable<ReadOnlyMemory<byte>> Read(Snapshot snapshot, long offset, int length) => Observable.Defer(() =>
        Durable.Shelf.Read(snapshot, offset, length).Match(
            bytes => Observable.Return(bytes), Observable.Empty<ReadOnlyMemory<byte>>));

    private (PersistentState State, Shelf Shelf) Durable
    {
        get { lock (gate) return durable; }
    }

    private AtOnce<Unit> Change(Func<(PersistentState State, Shelf Shelf), (PersistentState, Shelf)> change) =>
        new AtOnce<Unit>(() =>
        {
            lock (gate) durable = change(durable);
            return Unit.Default;
        });
}
