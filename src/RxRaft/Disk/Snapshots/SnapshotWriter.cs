using System.Buffers;

namespace RxRaft;

/// <summary>Writes a snapshot's file piece by piece. Until it is finished a crash removes it.</summary>
internal sealed class SnapshotWriter : IBufferWriter<byte>, IDisposable
{
    private const int Piece = 1 << 16;          // no large object, which only a full collection frees
    private const long Unsynced = 8 << 20;      // so that the fsync at the end is short

    private readonly IFileSystem files;
    private readonly string name;
    private readonly IFile file;
    private byte[] buffer = [];
    private int filled;
    private long written;
    private long synced;
    private uint checksum;

    public SnapshotWriter(IFileSystem files, ulong number)
    {
        (this.files, Number, name) = (files, number, DiskNames.Snapshot(number));
        file = files.Create(name + DiskNames.Unfinished);
    }

    public ulong Number { get; }

    /// <summary>So far, in bytes.</summary>
    public long Length => written + filled;

    /// <summary>Why the disk did not take something, if it did not.</summary>
    public Exception? Fault { get; private set; }

    public void Advance(int count)
    {
        if (count < 0 || count > buffer.Length - filled)
            throw new ArgumentOutOfRangeException(
                nameof(count), count, $"{count} bytes cannot be in the room for {buffer.Length - filled}");
        filled += count;
    }

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(sizeHint);
        if (buffer.Length - filled >= Math.Max(1, sizeHint)) return buffer.AsMemory(filled);

        Flush();
        if (buffer.Length < Math.Max(Piece, sizeHint)) buffer = new byte[Math.Max(Piece, sizeHint)];
        return buffer;
    }

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    /// <summary>Writes bytes that are all there.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        try
        {
            file.Write(bytes, written);
            (written, checksum) = (written + bytes.Length, Checksum.Append(checksum, bytes));
            if (written - synced < Unsynced) return;

            file.Sync();
            synced = written;
        }
        catch (Exception fault)
        {
            Fault = fault;
            throw;
        }
    }

    /// <summary>Makes it durable, and gives it its name.</summary>
    public SnapshotFile Finish(Snapshot snapshot)
    {
        Flush();
        file.Sync();
        file.Dispose();
        files.Rename(name + DiskNames.Unfinished, name);
        files.SyncNames();
        return new(snapshot, Number, checksum);
    }

    /// <summary>Gives it up.</summary>
    public void Abandon()
    {
        file.Dispose();
        files.Delete(name + DiskNames.Unfinished);
    }

    public void Dispose() => file.Dispose();

    private void Flush()
    {
        if (filled > 0) Write(buffer.AsSpan(0, filled));
        filled = 0;
    }
}
