using System.Reactive;
using System.Threading.Tasks;
using RxRaft.Fuzz;

namespace RxRaft.Tests.Disk;

/// <summary>A disk without threads over simulated files, which counts what it was given and what it has told.</summary>
internal sealed class Driver
{
    public static readonly ClusterId Cluster = new("orders");
    public static readonly NodeId Self = new(1);

    private readonly DiskCore core;

    public Driver(SimulatedFiles files, FileDiskOptions? options = null) => core = DiskCore.Open(
        files, Cluster, Self, options ?? TemporaryDirectory.Small, work => work(), files.NextSalt);

    public DiskCore Core => core;

    public PersistentState Recovered => core.Recovered;

    /// <summary>How many changes the disk was given.</summary>
    public int Submitted { get; private set; }

    /// <summary>How many it has told to be durable.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>What went wrong, if something did.</summary>
    public Exception? Fault { get; private set; }

    public void Do(Episode episode)
    {
        if (episode is Episode.Saves saves) Save(saves.Snapshot);
        else core.Perform(episode is Episode.Writes writes
            ? [.. writes.Changes.Select(change => new DiskWork.Write(change, Counting()))]
            : [new DiskWork.Store(((Episode.Stores)episode).Part, Ignoring())]);
    }

    public void Do(Effect.Persist change) => Do(new Episode.Writes(Seq1(change)));

    /// <summary>Asks what is durable.</summary>
    public PersistentState Recover()
    {
        var told = new TaskCompletionSource<PersistentState>();
        core.Perform([new DiskWork.Recover(told)]);
        return told.Task.GetAwaiter().GetResult();
    }

    private void Save(Snapshot snapshot)
    {
        try
        {
            var saved = core.Save(snapshot.Last, snapshot.Configuration, writer =>
            {
                var bytes = Story.Bytes(snapshot);
                bytes.CopyTo(writer.GetSpan(bytes.Length));
                writer.Advance(bytes.Length);
            });
            Assert.Equal(snapshot, saved);
        }
        catch (DiskFailureException fault)
        {
            Fault = fault;
        }
    }

    private IObserver<Unit> Counting()
    {
        Submitted++;
        return Observer.Create<Unit>(_ => Acknowledged++, fault => Fault = fault);
    }

    private IObserver<Unit> Ignoring() => Observer.Create<Unit>(_ => { }, fault => Fault = fault);
}
