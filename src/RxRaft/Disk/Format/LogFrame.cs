using System.Buffers.Binary;

namespace RxRaft;

/// <summary>What one fsync made durable: groups, behind a header of 32 bytes that lies in one sector.</summary>
/// <param name="BodyLength">In bytes, with the zeros at its end; a multiple of <see cref="Unit"/>.</param>
/// <param name="Sequence">1 for the disk's first frame, rising by 1 from segment to segment.</param>
/// <param name="Groups">At least one.</param>
/// <param name="BodyChecksum">Of the body as it is in the file.</param>
internal readonly record struct LogFrame(int BodyLength, ulong Sequence, int Groups, uint BodyChecksum)
{
    /// <summary>The header's length, and what every frame's place and length are multiples of, in bytes.</summary>
    public const int Unit = 32;

    private const uint Magic = 0x314D5246;      // "FRM1"

    /// <summary>With the header, in bytes.</summary>
    public int Length => Unit + BodyLength;

    /// <summary>Makes a frame of a body that stands behind the room for its header.</summary>
    /// <param name="frame">All of it; the body is whitened here.</param>
    public static void Seal(Span<byte> frame, SegmentHeader segment, long offset, ulong sequence, int groups)
    {
        var body = frame[Unit..];
        Whitening.Apply(body, segment.Salt, offset + Unit);
        BinaryPrimitives.WriteUInt32LittleEndian(frame, Magic);
        BinaryPrimitives.WriteInt32LittleEndian(frame[4..], body.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(frame[8..], sequence);
        BinaryPrimitives.WriteInt32LittleEndian(frame[16..], groups);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[20..], Checksum.Of(body));
        BinaryPrimitives.WriteUInt32LittleEndian(frame[24..], 0);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[28..], HeaderChecksum(frame, segment, offset));
    }

    /// <summary>The header at a place; none if there is something else.</summary>
    public static LogFrame? At(ReadOnlySpan<byte> header, SegmentHeader segment, long offset)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(header) != Magic) return null;

        var checksum = BinaryPrimitives.ReadUInt32LittleEndian(header[28..]);
        if (checksum != HeaderChecksum(header, segment, offset)) return null;

        var frame = new LogFrame(
            BinaryPrimitives.ReadInt32LittleEndian(header[4..]),
            BinaryPrimitives.ReadUInt64LittleEndian(header[8..]),
            BinaryPrimitives.ReadInt32LittleEndian(header[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(header[20..]));
        return frame.BodyLength > 0 && frame.BodyLength % Unit == 0 && frame.Groups > 0 ? frame : null;
    }

    /// <summary>Why there is no frame at a place.</summary>
    public static string Objection(ReadOnlySpan<byte> header, SegmentHeader segment, long offset)
    {
        var magic = BinaryPrimitives.ReadUInt32LittleEndian(header);
        if (magic != Magic) return $"a frame begins with 0x{Magic:x8}, and here is 0x{magic:x8}";

        var (found, expected) =
            (HeaderChecksum(header, segment, offset), BinaryPrimitives.ReadUInt32LittleEndian(header[28..]));
        return found != expected
            ? Checksum.Mismatch("the frame's header", found, expected)
            : $"a frame with a body of {BinaryPrimitives.ReadInt32LittleEndian(header[4..])} bytes and "
              + $"{BinaryPrimitives.ReadInt32LittleEndian(header[16..])} groups; "
              + $"the body is a multiple of {Unit} bytes, and neither is 0";
    }

    /// <summary>With salt, segment and place, so that it fits nowhere else.</summary>
    private static uint HeaderChecksum(ReadOnlySpan<byte> header, SegmentHeader segment, long offset) =>
        Checksum.Append(
            Checksum.Append(Checksum.Append(Checksum.Append(0, segment.Salt), segment.Number), (ulong)offset),
            header[..28]);
}
