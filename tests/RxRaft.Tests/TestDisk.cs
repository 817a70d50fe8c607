using System.Buffers;

namespace RxRaft.Tests;

/// <summary>A disk that starts empty and whose writes are the test's; snapshots are in memory.</summary>
internal abstract class TestDisk : IDisk
{
    private readonly InMemoryDisk memory = new();

    public virtual PersistentState Recover() => PersistentState.Fresh;

    public abstract IObservable<Unit> Write(Effect.Persist change);

    public IObservable<Unit> Store(Effect.StoreChunk part) => memory.Store(part);

    public IObservable<Snapshot> Save(LogPosition last, Configuration configuration, Action<IBufferWriter<byte>> write) =>
        memory.Save(last, configuration, write);

    public IObservable<ReadOnlyMemory<byte>> Read(Snapshot snapshot, long offset, int length) =>
        memory.Read(snapshot, offset, length);
}
