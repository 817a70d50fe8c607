using System.Buffers;

namespace RxRaft.Samples.KeyValue;

/// <summary>Numbers and bytes, written: numbers in groups of 7 bits, the lowest first.</summary>
internal static class Packing
{
    public static void Put(this IBufferWriter<byte> writer, ulong number)
    {
        var span = writer.GetSpan(10);
        var used = 0;
        for (; number >= 0x80; number >>= 7) span[used++] = (byte)(number | 0x80);
        span[used++] = (byte)number;
        writer.Advance(used);
    }

    /// <summary>Small ones are short, also below 0.</summary>
    public static void PutSigned(this IBufferWriter<byte> writer, long number) =>
        writer.Put((ulong)((number << 1) ^ (number >> 63)));

    public static void PutByte(this IBufferWriter<byte> writer, byte value)
    {
        writer.GetSpan(1)[0] = value;
        writer.Advance(1);
    }

    public static void Put(this IBufferWriter<byte> writer, Bytes bytes)
    {
        writer.Put((ulong)bytes.Length);
        writer.Write(bytes.Span);
    }

    public static void Put(this IBufferWriter<byte> writer, Key key) => writer.Put(key.Name);

    public static void Put(this IBufferWriter<byte> writer, Lifetime lifetime)
    {
        writer.PutByte(lifetime switch
        {
            Lifetime.Forever => 0,
            Lifetime.AsBefore => 1,
            Lifetime.For => 2,
            Lifetime.Until => 3,
            _ => throw Unreachable.Case(lifetime),
        });
        if (lifetime is Lifetime.For(var time)) writer.PutSigned(time);
        if (lifetime is Lifetime.Until(var end)) writer.PutSigned(end);
    }
}

/// <summary>What <see cref="Packing"/> wrote, read.</summary>
/// <exception cref="FormatException">It is not that.</exception>
internal ref struct Unpacking(ReadOnlyMemory<byte> bytes)
{
    private int at;

    public ulong Number()
    {
        var number = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            if (shift == 63 && next > 1) throw Wrong("a number is too large");
            number |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) return number;
        }
    }

    public long Signed()
    {
        var number = Number();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    public byte Byte() => at < bytes.Length ? bytes.Span[at++] : throw Wrong("it ends too early");

    public Bytes Bytes()
    {
        var length = Number();
        if (length > (ulong)(bytes.Length - at)) throw Wrong($"{length} bytes are not there");

        var read = bytes.Slice(at, (int)length);
        at += (int)length;
        return new Bytes(read);
    }

    public Key Key() => new(Bytes());

    public Lifetime Lifetime() => Byte() switch
    {
        0 => new Lifetime.Forever(),
        1 => new Lifetime.AsBefore(),
        2 => new Lifetime.For(Signed()),
        3 => new Lifetime.Until(Signed()),
        var other => throw Wrong($"there is no lifetime {other}"),
    };

    /// <summary>How many things follow, each of a byte at least.</summary>
    public int Count()
    {
        var count = Number();
        return count <= (ulong)(bytes.Length - at) ? (int)count : throw Wrong($"{count} things are not there");
    }

    public void Version(byte expected)
    {
        if (Byte() is var found && found != expected) throw Wrong($"its version is {found}, not {expected}");
    }

    public readonly void End()
    {
        if (at < bytes.Length) throw Wrong("it goes on");
    }

    public readonly FormatException Wrong(string what) => new($"At byte {at} of {bytes.Length}: {what}");
}
