using System.Buffers.Binary;

namespace RxRaft;

/// <summary>Bytes that are put together in one array, which is used again and again.</summary>
internal sealed class DiskBuffer
{
    private const int Kept = 8 << 20;       // a larger array goes after its use: one huge change must not cost for ever

    private const int LongestVarint = 10;

    private byte[] bytes = new byte[4096];

    /// <summary>How many there are.</summary>
    public int Length { get; private set; }

    /// <summary>All of them, to change or to write.</summary>
    public Span<byte> Written => bytes.AsSpan(0, Length);

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        Length = 0;
        if (bytes.Length > Kept) bytes = new byte[4096];
    }

    /// <summary>The next bytes, to be filled.</summary>
    public Span<byte> Next(int count)
    {
        if (bytes.Length - Length < count) MakeRoom(count);
        Length += count;
        return bytes.AsSpan(Length - count, count);
    }

    public void Byte(byte value) => Next(1)[0] = value;

    public void Bytes(ReadOnlySpan<byte> values) => values.CopyTo(Next(values.Length));

    public void UInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Next(4), value);

    public void UInt64(ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Next(8), value);

    /// <summary>Seven bits a byte, the low ones first; the highest bit says that there are more.</summary>
    public void Varint(ulong value)
    {
        if (bytes.Length - Length < LongestVarint) MakeRoom(LongestVarint);
        var end = Length;
        for (; value >= 0x80; value >>= 7) bytes[end++] = (byte)(value | 0x80);
        bytes[end++] = (byte)value;
        Length = end;
    }

    /// <summary>Zeros, up to a multiple of a number of bytes.</summary>
    public void PadTo(int multiple) => Next((multiple - Length % multiple) % multiple).Clear();

    private void MakeRoom(int count)
    {
        if (count > System.Array.MaxLength - Length)
            throw new InvalidOperationException($"{count} bytes more than {Length} are too many to be written at once");

        var room = Math.Max(2L * bytes.Length, (long)Length + count);
        System.Array.Resize(ref bytes, (int)Math.Min(System.Array.MaxLength, room));
    }
}
