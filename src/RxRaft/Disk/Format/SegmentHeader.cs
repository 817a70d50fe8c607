using System.Security.Cryptography;

namespace RxRaft;

/// <summary>Whose a file of the log is, and which.</summary>
/// <param name="Cluster">CRC-32C of the cluster's name.</param>
/// <param name="Self">The node.</param>
/// <param name="Number">1 for a disk's first segment, rising by 1.</param>
/// <param name="Size">Of the file, in bytes; a multiple of a sector.</param>
/// <param name="Salt">A number that nobody can guess.</param>
internal sealed record SegmentHeader(uint Cluster, NodeId Self, ulong Number, long Size, ulong Salt)
{
    /// <summary>What a disk writes whole or not at all, in bytes; the first one of a segment is the header's.</summary>
    public const int Sector = 512;

    /// <summary>Of the part that says something, in bytes. It looks alike in every version.</summary>
    public const int Length = 64;

    /// <summary>The format that this code reads and writes.</summary>
    public const uint Version = 1;

    private const ulong Magic = 0x676F4C7466615278;     // "xRaftLog"

    /// <summary>A number that nobody can guess.</summary>
    public static ulong NewSalt() => BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8));

    public void Write(DiskBuffer buffer)
    {
        var start = buffer.Length;
        buffer.UInt64(Magic);
        buffer.UInt32(Version);
        buffer.UInt32(Cluster);
        buffer.UInt64(Self.Value);
        buffer.UInt64(Number);
        buffer.UInt64((ulong)Size);
        buffer.UInt64(Salt);
        buffer.Next(Length - 4 - (buffer.Length - start)).Clear();
        buffer.UInt32(Checksum.Of(buffer.Written[start..]));
    }

    /// <exception cref="DiskCorruptionException">The bytes are no header.</exception>
    /// <exception cref="DiskRefusedException">They are one of another version.</exception>
    public static SegmentHeader Read(ReadOnlyMemory<byte> start, string file, string directory)
    {
        var bytes = new DiskBytes(start[..Math.Min(start.Length, Length)], file, 0);
        if (bytes.Left < Length) throw bytes.Wrong($"a segment begins with {Length} bytes; here are {bytes.Left}");
        if (bytes.UInt64() is var magic and not Magic)
            throw new DiskCorruptionException(
                file, 0, $"a segment begins with 0x{Magic:x16}, and this one with 0x{magic:x16}");

        var version = bytes.UInt32();
        var header  = new SegmentHeader(
            bytes.UInt32(), new NodeId(bytes.UInt64()), bytes.UInt64(), (long)bytes.UInt64(), bytes.UInt64());
        bytes.Take(bytes.Left - 4);
        if ((bytes.UInt32(), Checksum.Of(start.Span[..(Length - 4)])) is var (expected, found) && found != expected)
            throw new DiskCorruptionException(file, 0, Checksum.Mismatch("the header", found, expected));
        if (version != Version)
            throw new DiskRefusedException(directory, $"{file} has format {version}; this program reads {Version}");
        return header.Size >= Sector && header.Size % Sector == 0
            ? header
            : throw new DiskCorruptionException(
                file, 0, $"a segment of {(ulong)header.Size} bytes; it has a multiple of {Sector}, and not none");
    }
}
