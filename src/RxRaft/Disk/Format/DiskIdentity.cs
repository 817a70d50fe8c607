using System.Text;

namespace RxRaft;

/// <summary>The file that says whose a disk is. To a disk without one nothing was ever written.</summary>
internal static class DiskIdentity
{
    private const ulong Magic = 0x6B73694474666152;     // "RaftDisk"

    public static void Write(DiskBuffer buffer, ClusterId cluster, NodeId self)
    {
        buffer.UInt64(Magic);
        buffer.UInt32(SegmentHeader.Version);
        buffer.UInt32((uint)cluster.Name.Length);
        buffer.UInt64(self.Value);
        buffer.Bytes(Encoding.ASCII.GetBytes(cluster.Name));
        buffer.UInt32(Checksum.Of(buffer.Written));
    }

    /// <exception cref="DiskCorruptionException">It says nothing.</exception>
    /// <exception cref="DiskRefusedException">It is another's.</exception>
    public static void Check(
        ReadOnlyMemory<byte> content, string file, string directory, ClusterId cluster, NodeId self)
    {
        var bytes = new DiskBytes(content, file, 0);
        if (bytes.UInt64() is var magic and not Magic)
            throw new DiskCorruptionException(
                file, 0, $"a disk's identity begins with 0x{Magic:x16}, and this one with 0x{magic:x16}");

        var (version, length, node) = (bytes.UInt32(), bytes.UInt32(), new NodeId(bytes.UInt64()));
        if (length != (uint)(bytes.Left - 4) || length is 0 or > ClusterId.MaxLength)
            throw new DiskCorruptionException(
                file, 12,
                $"a cluster's name of {length} characters, where {bytes.Left - 4} are; "
                + $"it has 1 to {ClusterId.MaxLength}");
        var name = Encoding.ASCII.GetString(bytes.Take((int)length).Span);
        if ((bytes.UInt32(), Checksum.Of(content.Span[..^4])) is var (expected, found) && found != expected)
            throw new DiskCorruptionException(file, 0, Checksum.Mismatch("all before it", found, expected));

        if (version != SegmentHeader.Version)
            throw new DiskRefusedException(
                directory, $"it has format {version}; this program reads {SegmentHeader.Version}");
        if (name != cluster.Name)
            throw new DiskRefusedException(directory, $"it belongs to the cluster {name}, not to {cluster}");
        if (node != self) throw new DiskRefusedException(directory, $"it belongs to {node}, not to {self}");
    }
}
