using System.Buffers;

namespace RxRaft;

/// <summary>Frames on their way out, one behind the other, in an array that is used again.</summary>
internal sealed class SendBuffer : IBufferWriter<byte>
{
    private const int Usual = 64 << 10;
    private const int AtLeast = 256;

    private byte[] bytes = new byte[Usual];

    /// <summary>Bytes in it.</summary>
    public int Count { get; private set; }

    /// <summary>What is in it.</summary>
    public ReadOnlyMemory<byte> Written => bytes.AsMemory(0, Count);

    /// <summary>A part of what is in it, to be written anew.</summary>
    public Span<byte> this[Range range] => bytes.AsSpan(0, Count)[range];

    /// <inheritdoc/>
    public void Advance(int count) => Count += count;

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsMemory(Count);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return bytes.AsSpan(Count);
    }

    /// <summary>Adds bytes.</summary>
    public void Attach(ReadOnlyMemory<byte> more)
    {
        more.Span.CopyTo(GetSpan(more.Length));
        Advance(more.Length);
    }

    /// <summary>Forgets what comes after a place.</summary>
    public void CutTo(int count) => Count = count;

    /// <summary>Empties it. An array that had to be large once is not kept.</summary>
    public void Clear()
    {
        Count = 0;
        if (bytes.Length > 16 * Usual) bytes = new byte[Usual];
    }

    /// <summary>Drops the oldest frames of some kinds, until no more than so many bytes are left.</summary>
    /// <returns>How many frames.</returns>
    public int Drop(Func<Proto.Kind, bool> which, int untilBytes)
    {
        var (from, to, dropped, left) = (0, 0, 0, Count);
        while (from < Count)
        {
            var header = FrameHeader.Read(bytes.AsSpan(from), int.MaxValue);
            if (left > untilBytes && which(header.Kind))
            {
                dropped++;
                left -= header.Frame;
            }
            else
            {
                bytes.AsSpan(from, header.Frame).CopyTo(bytes.AsSpan(to));
                to += header.Frame;
            }

            from += header.Frame;
        }

        Count = to;
        return dropped;
    }

    private void Reserve(int more)
    {
        var needed = Count + Math.Max(more, AtLeast);
        if (needed > bytes.Length) System.Array.Resize(ref bytes, Math.Max(needed, 2 * bytes.Length));
    }
}
