using System.Reactive.Linq;

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
    private volatile PersistentState durable = PersistentState.Fresh;

    /// <inheritdoc/>
    public PersistentState Recover() => durable;

    /// <inheritdoc/>
    public IObservable<Unit> Write(Effect.Persist change) => Observable.Defer(() =>
    {
        durable = durable.After(change);
        return Observable.Return(Unit.Default);
    });
}
