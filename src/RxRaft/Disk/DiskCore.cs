using System.Buffers;
using System.Collections.Generic;
using System.IO;
using System.Threading;

namespace RxRaft;

/// <summary>A disk without its threads.</summary>
internal sealed class DiskCore : IDisposable
{
    private readonly Lock gate = new();
    private readonly IFileSystem files;
    private readonly IDisposable held;
    private readonly Action<Action> background;
    private readonly Func<PersistentState> read;
    private readonly SegmentMaker maker;
    private readonly LogWriter log;
    private readonly SnapshotShelf shelf;
    private volatile DiskFailureException? broken;
    private int told;

    private DiskCore(
        IFileSystem files, IDisposable held, ClusterId cluster, NodeId self, FileDiskOptions options,
        Action<Action> background, Func<ulong> salt)
    {
        (this.files, this.held) = (files, held);
        this.background = work => background(() => Guarded(work));
        read  = () => new DiskReader(files, cluster, self, log!.First).Read().State;
        maker = new SegmentMaker(
            files, DiskReader.IdentityOf(cluster), self, options.SegmentBytes, this.background, salt);

        var (contents, active) = new DiskOpening(files, cluster, self, maker).Open();
        (Found, Recovered) = (contents.Found, contents.State);
        log   = new LogWriter(contents, active, maker, options.MaxBatchBytes);
        shelf = new SnapshotShelf(files, contents.Outline.File, this.background);
    }

    /// <summary>What messages call the disk.</summary>
    public string Directory => files.Directory;

    /// <summary>What was there.</summary>
    public DiskRecovery Found { get; }

    /// <summary>What the disk held when it was opened.</summary>
    public PersistentState Recovered { get; }

    /// <summary>Why the disk takes nothing more, if it does not.</summary>
    public DiskFailureException? Broken => broken;

    /// <summary>Takes a directory.</summary>
    /// <param name="background">Does something soon, and one thing after the other.</param>
    /// <param name="salt">A new number each time, which nobody can guess.</param>
    /// <exception cref="DiskRefusedException">It cannot be this node's.</exception>
    /// <exception cref="DiskCorruptionException">It is damaged.</exception>
    /// <exception cref="DiskFailureException">It cannot be read, or written.</exception>
    public static DiskCore Open(
        IFileSystem files, ClusterId cluster, NodeId self, FileDiskOptions options, Action<Action> background,
        Func<ulong> salt)
    {
        IDisposable? held = null;
        try
        {
            held = files.TryLock(DiskNames.Lock) ?? throw new DiskRefusedException(
                files.Directory, "another process has it open, or another disk of this process");
            return new(files, held, cluster, self, options, background, salt);
        }
        catch (Exception fault)
        {
            held?.Dispose();
            if (fault is UnauthorizedAccessException)
                throw new DiskRefusedException(files.Directory, $"it cannot be written ({fault.Message})", fault);
            if (fault is IOException) throw new DiskFailureException(files.Directory, fault);
            throw;
        }
    }

    /// <summary>Does what waits, in order, with as few fsyncs as it takes, and tells those who wait.</summary>
    public void Perform(IReadOnlyList<DiskWork> works)
    {
        told = 0;
        try
        {
            if (broken is not null) throw broken;

            var named = Option<SnapshotFile>.None;
            for (var i = 0; i < works.Count; i++)
            {
                if (works[i] is DiskWork.Write write) named = Later(named, Add(write.Change));
                else
                {
                    Settle(works, i, named);
                    if (works[i] is DiskWork.Store store) shelf.Store(store.Part);
                    named = None;
                }
            }

            Settle(works, works.Count, named);
        }
        catch (Exception fault)
        {
            var cause = Break(fault);
            while (told < works.Count) works[told++].Fail(cause);
        }
    }

    /// <summary>Writes a snapshot that the node took, on this thread.</summary>
    public Snapshot Save(LogPosition last, Configuration configuration, Action<IBufferWriter<byte>> write)
    {
        if (broken is not null) throw broken;
        try
        {
            return shelf.Save(last, configuration, write);
        }
        catch (DiskFailureException fault)
        {
            throw Break(fault);
        }
    }

    /// <summary>Bytes of the snapshot in use, if it is this one.</summary>
    public Option<ReadOnlyMemory<byte>> Read(Snapshot snapshot, long offset, int length)
    {
        if (broken is not null) throw broken;
        try
        {
            return shelf.Read(snapshot, offset, length);
        }
        catch (Exception fault) when (fault is not ArgumentException)
        {
            throw Break(fault);
        }
    }

    /// <summary>Closes all files. Nothing may be under way.</summary>
    public void Dispose()
    {
        log.Close();
        maker.Close();
        shelf.Dispose();
        held.Dispose();
    }

    private Option<SnapshotFile> Add(Effect.Persist change)
    {
        var file = change.Snapshot.Map(shelf.Find);
        log.Add(change, file);
        return file;
    }

    private static Option<SnapshotFile> Later(Option<SnapshotFile> a, Option<SnapshotFile> b) => b.IsSome ? b : a;

    /// <summary>What was added is made durable, and told; what a snapshot has replaced goes.</summary>
    private void Settle(IReadOnlyList<DiskWork> works, int end, Option<SnapshotFile> named)
    {
        log.Commit();
        if (named.Case is SnapshotFile used)
        {
            shelf.Use(used);
            foreach (var segment in log.Drop()) maker.Drop(segment);
        }

        while (told < end) works[told++].Tell(read);
    }

    private void Guarded(Action work)
    {
        try
        {
            work();
        }
        catch (Exception fault)
        {
            Break(fault);
        }
    }

    /// <summary>The first failure is the disk's for ever.</summary>
    private DiskFailureException Break(Exception fault)
    {
        lock (gate)
            return broken ??= fault as DiskFailureException ?? new DiskFailureException(files.Directory, fault);
    }
}
