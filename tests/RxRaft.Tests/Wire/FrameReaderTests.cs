using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace RxRaft.Tests;

/// <summary>How many messages are passed on together.</summary>
public sealed class FrameReaderTests
{
    private const int Most = 64 << 10;
    private const int MostEntries = Most / 32;

    [Fact]
    public void Few_bytes_that_say_very_many_entries_are_not_all_read_at_once()
    {
        var bytes = Enumerable.Repeat(Noops(MostEntries), 50).SelectMany(frame => frame).Concat(Frames.Of(Vote)).ToArray();
        Assert.InRange(bytes.Length, 1, 2_000);

        var read = Read(bytes);

        Assert.Equal(50 * MostEntries, read.Sum(Entries));
        Assert.All(read, together => Assert.InRange(Entries(together), 0, MostEntries));
        Assert.Equal(Vote, read[^1][^1].Message);
    }

    [Fact]
    public void What_comes_together_is_passed_on_together_up_to_the_entries_of_one_frame()
    {
        Assert.Equal([30], Read([.. Enumerable.Repeat(Noops(10), 30).SelectMany(frame => frame)]).Map(all => all.Count).ToArray());
        Assert.Equal([2, 1], Read([.. Noops(MostEntries - 1), .. Noops(1), .. Frames.Of(Vote)]).Map(all => all.Count).ToArray());
        Assert.Equal([2], Read([.. Noops(MostEntries - 1), .. Noops(1)]).Map(all => all.Count).ToArray());
    }

    private static readonly Message Vote = new Message.RequestVoteReply(new(3), VoteGranted: true);

    private static Seq<Seq<Input.Receive>> Read(byte[] bytes)
    {
        using var reader = new FrameReader(new MemoryStream(bytes), new(2), Most);
        var (all, frames, arrived) = (new List<Seq<Input.Receive>>(), 0, 0);
        while (reader.Read(out var together))
        {
            all.Add(together);
            (frames, arrived) = (frames + reader.Frames, arrived + reader.Arrived);
        }

        Assert.Equal((bytes.Length, 0L), (arrived, reader.Incomplete));
        Assert.Equal(frames, all.Sum(together => together.Count));
        return toSeq(all).Strict();
    }

    private static byte[] Noops(int count) => Frames.Frame((ushort)Proto.Kind.AppendEntries, new Proto.AppendEntries
    {
        Entries = new() { RunKind = { 0 }, RunLength = { (uint)count }, RunTerm = { 1 } },
    });

    private static int Entries(Seq<Input.Receive> together) =>
        together.Sum(said => said.Message is Message.AppendEntries append ? append.Entries.Count : 0);
}
