using System.Collections.Concurrent;
using System.Linq;
using CsCheck;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>What one node says, another hears: nothing is lost between a message and its bytes.</summary>
public sealed class MessageCodecTests
{
    private static readonly RequestId Request = new(new(17), 3);

    [Fact]
    public void Every_message_is_read_as_it_was_written() => Generated.Message.Array[1, 5].Sample(messages =>
    {
        var read = Frames.Read(Frames.Of(messages));
        Assert.Equal(messages.Length, read.Count);
        Assert.All(messages.Zip(read), pair => Assert.True(Generated.Same(pair.Item1, pair.Item2!), $"{pair.Item1}\n{pair.Item2}"));
    }, iter: 3_000);

    [Fact]
    public void Every_message_is_read_from_any_pieces_that_its_bytes_lie_in() =>
        Gen.Select(Generated.Message.Array[1, 3], Gen.Int[1, 200]).Sample((messages, size) =>
        {
            var read = Frames.Read(Frames.InPieces(Frames.Of(messages), size));
            Assert.All(messages.Zip(read), pair => Assert.True(Generated.Same(pair.Item1, pair.Item2!)));
        }, iter: 1_000);

    [Fact]
    public void Every_kind_of_message_is_among_those_that_are_generated()
    {
        var seen = new ConcurrentDictionary<string, int>();
        Generated.Message.Sample(message => { seen[message.GetType().Name] = 1; }, iter: 2_000);

        var kinds = typeof(Message).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Message)));
        Assert.Equal(kinds.Select(kind => kind.Name).Order(), seen.Keys.Order());
    }

    [Fact]
    public void Who_has_half_a_frame_waits_for_the_rest()
    {
        var frame = Frames.Of(new AppendEntries(new(3), new(9), new(new(2), new(7)), Commands(3, 10), new(6)));
        Assert.All(Enumerable.Range(0, frame.Length), length => Assert.Empty(Frames.Read(frame[..length])));
    }

    [Fact]
    public void Commands_share_arrays_of_32_KiB_but_a_large_one_has_its_own()
    {
        var lengths = new[] { 20_000, 10_000, 2_768, 1, 100_000, 0, 5 };
        var entries = lengths.Select((length, at) => new Entry(new(new(1), new((ulong)at + 1)), Command((ulong)at, length)));
        var append  = new AppendEntries(new(1), new(1), LogPosition.Zero, toSeq(entries).Strict(), LogIndex.Zero);

        var read = (AppendEntries)Frames.Read(Frames.Of(append)).Single()!;

        Assert.Equal([32_768, 32_768, 32_768, 1, 100_000, 100_000, 5], read.Entries.Map(ArrayOf).ToArray());
    }

    [Fact]
    public void Ten_thousand_commands_of_one_client_take_few_bytes_beside_their_own()
    {
        var append = new AppendEntries(new(5), new(1), new(new(5), new(100)), Commands(10_000, 64), new(100));
        Assert.InRange(Frames.Of(append).Length - 10_000 * 64, 1, 60);
    }

    [Fact]
    public void A_message_that_goes_into_no_frame_leaves_the_buffer_as_it_was()
    {
        var (buffer, writer) = (new SendBuffer(), new MessageWriter(most: 1_000));
        Assert.True(writer.TryWrite(new TimeoutNow(new(1), new(2)), buffer));
        var before = buffer.Written.ToArray();

        Assert.False(writer.TryWrite(Append(Commands(1, 1_001)), buffer));
        Assert.False(writer.TryWrite(Append(Commands(1, 980)), buffer));
        Assert.False(writer.TryWrite(Append(Commands(1_000 / 32 + 1, 1)), buffer));
        Assert.Equal(before, buffer.Written.ToArray());
        Assert.True(writer.TryWrite(Append(Commands(1_000 / 32, 10)), buffer));
    }

    private static AppendEntries Append(Seq<Entry> entries) => new(new(1), new(1), LogPosition.Zero, entries, LogIndex.Zero);

    private static int ArrayOf(Entry entry) =>
        System.Runtime.InteropServices.MemoryMarshal.TryGetArray(((Payload.Command)entry.Payload).Bytes, out var segment)
            ? segment.Array!.Length : -1;

    private static Payload.Command Command(ulong number, int bytes) => new(new(Request.Session, number), number, new byte[bytes]);

    private static Seq<Entry> Commands(int count, int bytes) => toSeq(Enumerable.Range(1, count)
        .Select(n => new Entry(new(new(5), new((ulong)n + 100)), Command((ulong)n, bytes)))).Strict();
}
