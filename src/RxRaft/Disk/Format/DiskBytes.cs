using System.Buffers.Binary;

namespace RxRaft;

/// <summary>
/// Reads what <see cref="DiskBuffer"/> has written. Whatever the bytes are, it ends, takes no more memory than they
/// are worth, and says where they are wrong.
/// </summary>
/// <param name="bytes">What is read; what is given out is a part of it.</param>
/// <param name="file">For messages.</param>
/// <param name="offset">Where in the file the first byte is.</param>
internal sealed class DiskBytes(ReadOnlyMemory<byte> bytes, string file, long offset)
{
    private int place;

    /// <summary>How many are left.</summary>
    public int Left => bytes.Length - place;

    /// <summary>That the next byte, or the one before, is not what it should be.</summary>
    public DiskCorruptionException Wrong(string what) => new(file, offset + place, what);

    public byte Byte() => Take(1).Span[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span);

    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Take(8).Span);

    public ReadOnlyMemory<byte> Take(int count)
    {
        if (count > Left) throw Wrong($"{count - Left} of {count} bytes are missing");
        place += count;
        return bytes.Slice(place - count, count);
    }

    /// <summary>A number in as few bytes as it needs.</summary>
    public ulong Varint()
    {
        var value = 0UL;
        for (var shift = 0; shift < 64; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1) throw Wrong("a number has more than 64 bits");
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }

        throw Wrong("a number has more than 10 bytes");
    }

    /// <summary>How many of something there are, none of them smaller than a number of bytes.</summary>
    public int Count(int least)
    {
        var count = Varint();
        return count <= (ulong)(Left / least)
            ? (int)count
            : throw Wrong($"{count} of at least {least} bytes cannot be in the {Left} that are left");
    }
}
