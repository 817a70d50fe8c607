using System.Buffers;
using System.Buffers.Binary;

namespace RxRaft;

/// <summary>What every frame begins with.</summary>
/// <param name="Kind">As it was sent: it may be of a later version.</param>
/// <param name="Message">Length in bytes.</param>
/// <param name="Attachment">Length in bytes.</param>
/// <remarks>The layout is in raft.proto.</remarks>
internal readonly record struct FrameHeader(Proto.Kind Kind, int Message, int Attachment)
{
    /// <summary>In bytes.</summary>
    public const int Length = 12;

    /// <summary>Of the whole frame, with this header, in bytes.</summary>
    public int Frame => Length + Message + Attachment;

    /// <summary>Reads a header.</summary>
    /// <param name="bytes">As many as a header has.</param>
    /// <param name="most">Bytes that a whole frame may have.</param>
    /// <exception cref="FrameException">It speaks of more.</exception>
    public static FrameHeader Read(ReadOnlySpan<byte> bytes, int most)
    {
        var message    = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        var attachment = BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]);
        var frame      = Length + (long)message + attachment;
        if (frame > most)
            throw new FrameException(WireRefusal.Oversize, $"A frame of {frame} bytes, and {most} is the most");

        return new((Proto.Kind)BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]), (int)message, (int)attachment);
    }

    /// <summary>Looks for a whole frame at the beginning of what has arrived.</summary>
    /// <param name="bytes">Moves behind the frame, if it is there.</param>
    /// <param name="most">Bytes that a whole frame may have.</param>
    /// <exception cref="FrameException">A header speaks of more.</exception>
    public static bool TryTake(
        ref ReadOnlySequence<byte> bytes, int most, out FrameHeader header,
        out ReadOnlySequence<byte> message, out ReadOnlySequence<byte> attachment)
    {
        (header, message, attachment) = (default, default, default);
        if (bytes.Length < Length) return false;

        header = bytes.FirstSpan.Length >= Length ? Read(bytes.FirstSpan, most) : ReadSplit(bytes, most);
        if (bytes.Length < header.Frame) return false;

        message    = bytes.Slice(Length, header.Message);
        attachment = bytes.Slice(Length + header.Message, header.Attachment);
        bytes      = bytes.Slice(header.Frame);
        return true;
    }

    /// <summary>Writes the header into its place.</summary>
    public void Write(Span<byte> place)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(place, (uint)Message);
        BinaryPrimitives.WriteUInt32LittleEndian(place[4..], (uint)Attachment);
        BinaryPrimitives.WriteUInt16LittleEndian(place[8..], (ushort)Kind);
        BinaryPrimitives.WriteUInt16LittleEndian(place[10..], 0);
    }

    private static FrameHeader ReadSplit(in ReadOnlySequence<byte> bytes, int most)
    {
        Span<byte> copy = stackalloc byte[Length];
        bytes.Slice(0, Length).CopyTo(copy);
        return Read(copy, most);
    }
}

/// <summary>What a connection is not worth keeping for: bytes that no node of any version sends.</summary>
/// <param name="refusal">What it counts as.</param>
/// <param name="words">What was wrong, with the values.</param>
/// <param name="cause">What found it.</param>
internal sealed class FrameException(WireRefusal refusal, string words, Exception? cause = null)
    : Exception(words, cause)
{
    /// <summary>Bytes that do not mean anything.</summary>
    public FrameException(string words) : this(WireRefusal.Malformed, words) { }

    /// <summary>What it counts as.</summary>
    public WireRefusal Refusal => refusal;
}
