using System.Buffers;
using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Tests;

/// <summary>Frames as bytes, and back.</summary>
internal static class Frames
{
    public const int Most = 4 << 20;

    /// <summary>Messages as frames, one behind the other.</summary>
    public static byte[] Of(params IEnumerable<Message> messages)
    {
        var (buffer, writer) = (new SendBuffer(), new MessageWriter(Most));
        foreach (var message in messages) Assert.True(writer.TryWrite(message, buffer));
        return buffer.Written.ToArray();
    }

    /// <summary>All whole frames, read by one reader; nothing for what it does not understand.</summary>
    public static List<Message?> Read(in ReadOnlySequence<byte> bytes)
    {
        var (left, reader, messages) = (bytes, new MessageReader(Most), new List<Message?>());
        while (FrameHeader.TryTake(ref left, Most, out var header, out var message, out var attachment))
            messages.Add(reader.Read(header.Kind, message, attachment));
        return messages;
    }

    public static List<Message?> Read(byte[] bytes) => Read(new ReadOnlySequence<byte>(bytes));

    /// <summary>The same bytes in pieces, as they may lie in memory.</summary>
    public static ReadOnlySequence<byte> InPieces(byte[] bytes, int size)
    {
        var first = new Piece(bytes.AsMemory(0, Math.Min(size, bytes.Length)), 0);
        var last  = Enumerable.Range(1, Math.Max(0, (bytes.Length - 1) / size))
            .Aggregate(first, (before, n) => before.Followed(bytes.AsMemory(n * size, Math.Min(size, bytes.Length - n * size))));
        return new(first, 0, last, last.Memory.Length);
    }

    /// <summary>A frame around any message of the protocol.</summary>
    public static byte[] Frame(ushort kind, Google.Protobuf.IMessage message, params byte[] attachment) =>
        [.. Written((Proto.Kind)kind, message, attachment)];

    private static byte[] Written(Proto.Kind kind, Google.Protobuf.IMessage message, byte[] attachment)
    {
        var buffer = new SendBuffer();
        MessageWriter.Write(kind, message, buffer);
        new FrameHeader(kind, buffer.Count - FrameHeader.Length, attachment.Length).Write(buffer[..FrameHeader.Length]);
        buffer.Write(attachment);
        return buffer.Written.ToArray();
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> bytes, long before) => (Memory, RunningIndex) = (bytes, before);

        public Piece Followed(ReadOnlyMemory<byte> bytes)
        {
            var next = new Piece(bytes, RunningIndex + Memory.Length);
            Next = next;
            return next;
        }
    }
}
