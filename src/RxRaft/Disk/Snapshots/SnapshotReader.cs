using System.Buffers;
using System.Threading;

namespace RxRaft;

/// <summary>A snapshot's file, open as long as somebody reads it.</summary>
internal sealed class SnapshotReader(IFileSystem files, SnapshotFile snapshot)
{
    private readonly string path = files.PathOf(DiskNames.Snapshot(snapshot.Number));
    private readonly IFile? file = snapshot.Number == 0 ? null : files.Open(DiskNames.Snapshot(snapshot.Number));
    private int users = 1;

    public SnapshotFile Snapshot => snapshot;

    /// <summary>One more reads; <see cref="Release"/> must follow. Not after the last has released it.</summary>
    public void Use() => Interlocked.Increment(ref users);

    /// <summary>One less reads. The last one closes it.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref users) == 0) file?.Dispose();
    }

    /// <exception cref="ArgumentOutOfRangeException">The snapshot does not have these bytes.</exception>
    /// <exception cref="DiskCorruptionException">The file does not have them.</exception>
    public ReadOnlyMemory<byte> Read(long offset, int length)
    {
        var size = snapshot.Snapshot.Size;
        if (offset < 0 || length < 0 || offset > size - length)
            throw new ArgumentOutOfRangeException(
                nameof(offset), $"{length} bytes from {offset} on are not in a snapshot of {size}");

        var bytes = new byte[length];
        var read  = file?.Read(bytes, offset) ?? 0;
        return read == length
            ? bytes
            : throw new DiskCorruptionException(
                path, offset + read, $"it has {offset + read} bytes, not {size}");
    }

    /// <summary>Reads all of a snapshot, and looks whether it is what was written.</summary>
    /// <exception cref="DiskCorruptionException">It is not.</exception>
    public static void Check(IFileSystem files, SnapshotFile snapshot)
    {
        if (snapshot.Number == 0) return;

        var name = DiskNames.Snapshot(snapshot.Number);
        var size = snapshot.Snapshot.Size;
        if (!files.Names().Contains(name)) throw new DiskCorruptionException(files.PathOf(name), 0, "it is missing");

        using var file = files.Open(name);
        if (file.Length != size)
            throw new DiskCorruptionException(
                files.PathOf(name), Math.Min(file.Length, size), $"it has {file.Length} bytes, not {size}");

        var buffer = ArrayPool<byte>.Shared.Rent(1 << 20);
        var (checksum, place) = (0U, 0L);
        for (int read; (read = file.Read(buffer, place)) > 0; place += read)
            checksum = Checksum.Append(checksum, buffer.AsSpan(0, read));
        ArrayPool<byte>.Shared.Return(buffer);
        if (checksum != snapshot.Checksum)
            throw new DiskCorruptionException(
                files.PathOf(name), 0, Checksum.Mismatch($"its {size} bytes", checksum, snapshot.Checksum));
    }
}
