using System.Buffers.Binary;
using System.Globalization;
using Google.Protobuf;

namespace RxRaft;

/// <summary>What a record of a journal is.</summary>
internal enum JournalRecordType : byte
{
    /// <summary>Where the fold of a file begins.</summary>
    Head = 1,

    /// <summary>One input.</summary>
    Step = 2,

    /// <summary>Of the state after the steps so far.</summary>
    Digest = 3,

    /// <summary>The same, and the node has stopped.</summary>
    End = 4,
}

/// <summary>Records of a journal as bytes.</summary>
/// <remarks>The layout is in journal.proto.</remarks>
internal static class JournalRecord
{
    private const string Prefix = "journal-";

    /// <summary>The version of the format.</summary>
    public const uint Format = 1;

    /// <summary>Of what stands before the body, in bytes.</summary>
    public const int HeaderLength = 12;

    /// <summary>Of what stands in the body before the message, in bytes.</summary>
    public const int BodyStart = 5;

    /// <summary>With which a file begins.</summary>
    public static ReadOnlySpan<byte> Magic => "RxRaftJ\n"u8;

    /// <summary>The name of a file.</summary>
    public static string NameOf(ulong number) => Say.Invariant($"{Prefix}{number:x16}");

    /// <summary>The number of a file, if it is called as a journal calls its files.</summary>
    public static Option<ulong> NumberOf(string name) =>
        name.StartsWith(Prefix, StringComparison.Ordinal)
        && ulong.TryParse(
            name.AsSpan(Prefix.Length), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var number)
        && name == NameOf(number)
            ? number
            : None;

    /// <summary>Begins a record: its attachment may follow, and then <see cref="End"/>.</summary>
    /// <returns>Where it begins.</returns>
    public static int Begin(JournalRecordType type, IMessage message, SendBuffer buffer)
    {
        var start = buffer.Count;
        buffer.GetSpan(HeaderLength + BodyStart);
        buffer.Advance(HeaderLength + BodyStart);
        message.WriteTo(buffer);
        var body = start + HeaderLength;
        buffer[body..(body + 1)][0] = (byte)type;
        BinaryPrimitives.WriteUInt32LittleEndian(
            buffer[(body + 1)..(body + BodyStart)], (uint)(buffer.Count - body - BodyStart));
        return start;
    }

    /// <summary>Ends a record: what is in the buffer from its start on is sealed.</summary>
    public static void End(int start, SendBuffer buffer)
    {
        var body   = buffer[(start + HeaderLength)..buffer.Count];
        var header = buffer[start..(start + HeaderLength)];
        BinaryPrimitives.WriteUInt32LittleEndian(header, (uint)body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header[4..], Checksum.Of(body));
        BinaryPrimitives.WriteUInt32LittleEndian(header[8..], Checksum.Of(header[..8]));
    }

    /// <summary>Writes a record that has no attachment.</summary>
    public static void Write(JournalRecordType type, IMessage message, SendBuffer buffer) =>
        End(Begin(type, message, buffer), buffer);
}
