using System.Buffers;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>
/// A node's disk in a directory: a write-ahead log and snapshots, that outlive the process and the power.
/// </summary>
/// <remarks>
/// <para>
/// A write is told to be durable after an fsync, and those that wait together share one. What is torn by a crash is cut
/// off at the next start; anything else that is not as it was written refuses to start. One process at a time has the
/// directory. The format is described beside the code, in Disk/README.md.
/// </para>
/// <para>
/// Windows has no fsync of a directory. There a name outlives the power only as far as the file system sees to it by
/// itself, and with the name of a new file an acknowledged write could go; what Disk/README.md promises of a process
/// that is killed holds there too.
/// </para>
/// <para>
/// Of writes and parts of snapshots the observers are called on a thread of the disk; of snapshots that the node takes
/// and of reads, on the subscriber's.
/// </para>
/// </remarks>
public sealed class FileDisk : IDisk, IDisposable
{
    private readonly DiskCore core;
    private readonly Lane<DiskWork> lane;
    private readonly Lane<Action> housekeeping;
    private PersistentState? recovered;
    private readonly ReaderWriterLockSlim use = new();
    private int disposed;

    private FileDisk(IFileSystem files, ClusterId cluster, NodeId self, FileDiskOptions options)
    {
        housekeeping = new($"disk of {self}, housekeeping", works =>
        {
            foreach (var work in works) work();
        });
        try
        {
            core = DiskCore.Open(files, cluster, self, options, work => housekeeping.Post(work), SegmentHeader.NewSalt);
        }
        catch (Exception)
        {
            housekeeping.Close();
            throw;
        }

        lane = new($"disk of {self}", core.Perform);
        (Owner, Recovery, recovered) = (self, core.Found, core.Recovered);
    }

    /// <summary>What was found when the disk was opened.</summary>
    public DiskRecovery Recovery { get; }

    /// <summary>Opens a node's disk; in an empty directory, or none, it makes one.</summary>
    /// <param name="directory">The node's own; no other files belong there.</param>
    /// <param name="cluster">Must always be the same.</param>
    /// <param name="self">Must always be the same.</param>
    /// <param name="options">How it is laid out.</param>
    /// <exception cref="DiskRefusedException">The directory cannot be this node's disk.</exception>
    /// <exception cref="DiskCorruptionException">What is there is not what was written.</exception>
    /// <exception cref="DiskFailureException">It could not be read, or not be made ready.</exception>
    /// <exception cref="ArgumentException">
    /// An option is not possible, and the message names each and its value; or cluster, node or directory is none.
    /// </exception>
    public static FileDisk Open(string directory, ClusterId cluster, NodeId self, FileDiskOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        if (cluster == default) throw new ArgumentException("The cluster has no name", nameof(cluster));
        if (self == default) throw new ArgumentException($"Self is {self}: {NodeSetup.IdsBegin}", nameof(self));

        var layout = (options ?? FileDiskOptions.Default).Checked();
        return new(RealFileSystem.At(directory), cluster, self, layout);
    }

    /// <inheritdoc/>
    public Option<NodeId> Owner { get; }

    /// <inheritdoc/>
    public PersistentState Recover()
    {
        if (Interlocked.Exchange(ref recovered, null) is { } first) return first;   // not kept: it has every entry

        var told = new TaskCompletionSource<PersistentState>();
        if (!lane.Post(new DiskWork.Recover(told))) throw Closed();
        return told.Task.GetAwaiter().GetResult();
    }

    /// <inheritdoc/>
    public IObservable<Unit> Write(Effect.Persist change) => Post(observer => new DiskWork.Write(change, observer));

    /// <inheritdoc/>
    public IObservable<Unit> Store(Effect.StoreChunk part) => Post(observer => new DiskWork.Store(part, observer));

    /// <inheritdoc/>
    public IObservable<Snapshot> Save(
        LogPosition last, Configuration configuration, Action<IBufferWriter<byte>> write) =>
        Observable.Defer(() => Observable.Return(WhileOpen(() => core.Save(last, configuration, write))));

    /// <inheritdoc/>
    public IObservable<ReadOnlyMemory<byte>> Read(Snapshot snapshot, long offset, int length) =>
        Observable.Defer(() => WhileOpen(() => core.Read(snapshot, offset, length)).Match(
            bytes => Observable.Return(bytes), Observable.Empty<ReadOnlyMemory<byte>>));

    /// <summary>Finishes what it was asked for, closes all files, and gives the directory free.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref disposed, 1) == 1) return;

        lane.Close();
        housekeeping.Close();
        use.EnterWriteLock();                                           // once no snapshot is written or read any more
        core.Dispose();
        use.ExitWriteLock();
    }

    private T WhileOpen<T>(Func<T> work)
    {
        use.EnterReadLock();
        try
        {
            return Volatile.Read(ref disposed) == 1 ? throw Closed() : work();
        }
        finally
        {
            use.ExitReadLock();
        }
    }

    private IObservable<Unit> Post(Func<IObserver<Unit>, DiskWork> work) => Observable.Create<Unit>(observer =>
    {
        if (!lane.Post(work(observer))) observer.OnError(Closed());
        return Disposable.Empty;
    });

    private ObjectDisposedException Closed() => new(nameof(FileDisk), $"The disk in {core.Directory} has been closed");
}
