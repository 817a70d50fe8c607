using System.Buffers;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Threading;

namespace RxRaft.Hosting;

/// <summary>A disk whose writes are timed: from when the node hands one over until it is durable.</summary>
/// <remarks>
/// That is the fsync, the writing before it, and the waiting for what was being written before. One write is under
/// way at a time: what queues up behind it becomes the next.
/// </remarks>
internal sealed class MeasuredDisk(IDisk disk, Histogram<double> seconds) : IDisk
{
    private long since;

    /// <summary>How long the write that is under way has been; zero when there is none.</summary>
    public TimeSpan Waiting =>
        Interlocked.Read(ref since) is not 0 and var began ? Stopwatch.GetElapsedTime(began) : TimeSpan.Zero;

    /// <inheritdoc/>
    public Option<NodeId> Owner => disk.Owner;

    /// <inheritdoc/>
    public PersistentState Recover() => disk.Recover();

    /// <inheritdoc/>
    public IObservable<Unit> Write(Effect.Persist change) => new Timed(this, disk.Write(change));

    /// <inheritdoc/>
    public IObservable<Unit> Store(Effect.StoreChunk part) => disk.Store(part);

    /// <inheritdoc/>
    public IObservable<Snapshot> Save(
        LogPosition last, Configuration configuration, Action<IBufferWriter<byte>> write) =>
        disk.Save(last, configuration, write);

    /// <inheritdoc/>
    public IObservable<ReadOnlyMemory<byte>> Read(Snapshot snapshot, long offset, int length) =>
        disk.Read(snapshot, offset, length);

    private sealed class Timed(MeasuredDisk disk, IObservable<Unit> write) : IObservable<Unit>
    {
        public IDisposable Subscribe(IObserver<Unit> observer)
        {
            Interlocked.Exchange(ref disk.since, Stopwatch.GetTimestamp());
            return write.Subscribe(new Watch(disk, observer));
        }
    }

    private sealed class Watch(MeasuredDisk disk, IObserver<Unit> observer) : IObserver<Unit>
    {
        public void OnNext(Unit durable)
        {
            var began = Interlocked.Exchange(ref disk.since, 0);
            if (began != 0) disk.Took(Stopwatch.GetElapsedTime(began));
            observer.OnNext(durable);
        }

        public void OnCompleted() => observer.OnCompleted();

        public void OnError(Exception error)
        {
            Interlocked.Exchange(ref disk.since, 0);
            observer.OnError(error);
        }
    }

    private void Took(TimeSpan time)
    {
        if (seconds.Enabled) Listeners.Tell(() => seconds.Record(time.TotalSeconds));
    }
}
