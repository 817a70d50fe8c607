using System.Diagnostics.Metrics;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace RxRaft.Hosting;

/// <summary>A disk whose writes are timed is that disk.</summary>
public sealed class MeasuredDiskTests : IDisposable
{
    private static readonly Effect.Persist Change = new(new Term(1), None, None, LogPosition.Zero, LogIndex.Zero, [], LogPosition.Zero);

    private readonly Meter meter = new("disk");

    public void Dispose() => meter.Dispose();

    [Fact]
    public void A_write_is_waited_for_until_it_is_durable_and_then_recorded_once()
    {
        var (durable, histogram) = (new Subject<Unit>(), meter.CreateHistogram<double>("seconds"));
        using var seconds = new MetricCollector<double>(histogram);
        var disk = new MeasuredDisk(new Slow(durable), histogram);
        Assert.Equal(TimeSpan.Zero, disk.Waiting);

        var told = 0;
        using var write = disk.Write(Change).Subscribe(_ => told++);
        Assert.True(disk.Waiting > TimeSpan.Zero);
        Assert.Empty(seconds.GetMeasurementSnapshot());

        durable.OnNext(Unit.Default);
        Assert.Equal((1, TimeSpan.Zero), (told, disk.Waiting));
        Assert.Single(seconds.GetMeasurementSnapshot());
    }

    [Fact]
    public void A_write_that_fails_is_not_recorded_and_the_node_hears_the_error()
    {
        var (durable, histogram) = (new Subject<Unit>(), meter.CreateHistogram<double>("seconds"));
        using var seconds = new MetricCollector<double>(histogram);
        var disk = new MeasuredDisk(new Slow(durable), histogram);
        Exception? heard = null;
        using var write = disk.Write(Change).Subscribe(_ => { }, error => heard = error);

        durable.OnError(new InvalidOperationException("full"));

        Assert.Equal(("full", TimeSpan.Zero), (heard?.Message, disk.Waiting));
        Assert.Empty(seconds.GetMeasurementSnapshot());
    }

    [Fact]
    public void Everything_else_is_the_disks_own()
    {
        var inner = new InMemoryDisk();
        var disk  = new MeasuredDisk(inner, meter.CreateHistogram<double>("seconds"));
        var owned = new MeasuredDisk(new Slow(Observable.Empty<Unit>()), meter.CreateHistogram<double>("seconds"));

        Assert.Equal(new NodeId(7), owned.Owner);
        disk.Write(Change).Wait();
        Assert.Equal(new Term(1), inner.Recover().CurrentTerm);
        Assert.Equal(inner.Recover(), disk.Recover());
        var saved = disk.Save(new(new Term(1), new LogIndex(1)), Configuration.Of(1), _ => { }).Wait();
        Assert.Equal(new LogIndex(1), saved.Last.Index);
        Assert.False(disk.Read(saved, 0, 0).DefaultIfEmpty().IsEmpty().Wait());
    }

    private sealed class Slow(IObservable<Unit> durable) : IDisk
    {
        public Option<NodeId> Owner => new NodeId(7);

        public PersistentState Recover() => PersistentState.Fresh;

        public IObservable<Unit> Write(Effect.Persist change) => durable;

        public IObservable<Unit> Store(Effect.StoreChunk part) => durable;

        public IObservable<Snapshot> Save(
            LogPosition last, Configuration configuration, Action<System.Buffers.IBufferWriter<byte>> write) =>
            Observable.Empty<Snapshot>();

        public IObservable<ReadOnlyMemory<byte>> Read(Snapshot snapshot, long offset, int length) =>
            Observable.Empty<ReadOnlyMemory<byte>>();
    }
}
