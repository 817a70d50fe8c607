using System.Buffers;
using System.Threading;

namespace RxRaft;

/// <summary>
/// The snapshots on a disk: one in use, and beside it the last that the node took, and one that a leader sends. What
/// <see cref="Shelf"/> is in memory.
/// </summary>
/// <param name="background">Does something soon, and one thing after the other.</param>
internal sealed class SnapshotShelf(IFileSystem files, SnapshotFile inUse, Action<Action> background) : IDisposable
{
    private readonly Lock gate = new();
    private ulong last = inUse.Number;            // of the file made last; no other is here at the start
    private SnapshotReader current = new(files, inUse);
    private Option<SnapshotFile> saved;
    private Option<SnapshotFile> arrived;
    private (Snapshot Snapshot, SnapshotWriter Writer)? coming;

    /// <summary>Writes a snapshot that the node took, on this thread.</summary>
    /// <exception cref="DiskFailureException">The disk did not take it. Others are of who writes.</exception>
    public Snapshot Save(LogPosition position, Configuration configuration, Action<IBufferWriter<byte>> write)
    {
        Exception? theirs = null;
        try
        {
            using var writer = new SnapshotWriter(files, Interlocked.Increment(ref last));
            try
            {
                write(writer);
            }
            catch (Exception fault) when (writer.Fault is null)
            {
                writer.Abandon();                           // not the disk's fault, which goes on
                theirs = fault;
                throw;
            }

            if (writer.Fault is { } failure) throw failure; // even if who writes has not minded
            return Saved(Finish(writer, new(position, configuration, writer.Length)));
        }
        catch (Exception fault) when (fault != theirs)
        {
            throw new DiskFailureException(files.Directory, fault);
        }
    }

    /// <summary>Writes a part of a snapshot that a leader sends.</summary>
    /// <exception cref="InvalidOperationException">It does not follow those before.</exception>
    public void Store(Effect.StoreChunk part)
    {
        if (part.Offset == 0) Begin(part.Snapshot);
        if (coming is not { } open || open.Snapshot != part.Snapshot || open.Writer.Length != part.Offset)
            throw new InvalidOperationException(
                $"A part at byte {part.Offset} of the snapshot at {part.Snapshot.Last} follows {Before(part)} bytes");
        if (part.Data.Length > part.Snapshot.Size - part.Offset)
            throw new InvalidOperationException(
                $"{part.Data.Length} bytes at {part.Offset} are not in a snapshot of {part.Snapshot.Size} bytes");

        open.Writer.Write(part.Data.Span);
        if (open.Writer.Length < part.Snapshot.Size) return;

        arrived = Finish(open.Writer, part.Snapshot);
        coming  = null;
    }

    /// <summary>The file of a snapshot that a write names.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public SnapshotFile Find(Snapshot named)
    {
        if (named.Size == 0) return SnapshotFile.Empty(named);
        lock (gate)
            return Seq(arrived, saved).Somes().Find(file => file.Snapshot == named).IfNone(() =>
                throw new InvalidOperationException($"The snapshot at {named.Last} was never stored"));
    }

    /// <summary>A write that names a snapshot is durable: what it replaces goes.</summary>
    public void Use(SnapshotFile named)
    {
        var next = new SnapshotReader(files, named);
        lock (gate)
        {
            var before = current;
            current = next;
            before.Release();
            if (before.Snapshot.Number != named.Number) Forget(before.Snapshot);
            saved   = Later(saved, named);
            arrived = Later(arrived, named);
            if (coming is { } open && open.Snapshot.Last <= named.Snapshot.Last) GiveUp();
        }
    }

    /// <summary>Bytes of the snapshot in use, if it is this one.</summary>
    public Option<ReadOnlyMemory<byte>> Read(Snapshot snapshot, long offset, int length)
    {
        SnapshotReader reader;
        lock (gate)
        {
            if (current.Snapshot.Snapshot != snapshot) return None;
            reader = current;
            reader.Use();
        }

        try
        {
            return reader.Read(offset, length);
        }
        finally
        {
            reader.Release();
        }
    }

    public void Dispose()
    {
        current.Release();
        coming?.Writer.Dispose();
    }

    private Snapshot Saved(SnapshotFile file)
    {
        lock (gate)
        {
            // One that an earlier life of the node had still been writing is not what this one asks for, and may even
            // be of a later entry: which was begun last counts.
            var outdated = saved.Exists(newer => newer.Number > file.Number);
            Forget(outdated ? file : saved);
            if (!outdated) saved = file;
        }

        return file.Snapshot;
    }

    private long Before(Effect.StoreChunk part) =>
        coming is { } open && open.Snapshot == part.Snapshot ? open.Writer.Length
        : arrived.Exists(file => file.Snapshot == part.Snapshot) ? part.Snapshot.Size
        : 0;

    private void Begin(Snapshot snapshot)
    {
        GiveUp();
        lock (gate) Forget(arrived);
        arrived = None;
        coming  = (snapshot, new SnapshotWriter(files, Interlocked.Increment(ref last)));
    }

    private void GiveUp()
    {
        coming?.Writer.Abandon();
        coming = null;
    }

    private static SnapshotFile Finish(SnapshotWriter writer, Snapshot snapshot)
    {
        if (snapshot.Size > 0) return writer.Finish(snapshot);

        writer.Abandon();                                   // nothing to keep
        return SnapshotFile.Empty(snapshot);
    }

    private Option<SnapshotFile> Later(Option<SnapshotFile> some, SnapshotFile named)
    {
        var later = some.Filter(file => file.Snapshot.Last > named.Snapshot.Last);
        if (later.IsNone) Forget(some.Filter(file => file.Number != named.Number));
        return later;
    }

    private void Forget(Option<SnapshotFile> some)
    {
        if (some.Case is SnapshotFile { Number: > 0 } file)
            background(() => files.Delete(DiskNames.Snapshot(file.Number)));
    }
}
