using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>What waits to be sent is bounded, and goes out together.</summary>
public sealed class OutboxTests
{
    private static readonly TcpWireOptions Options =
        new(new("Test"), new(1), new(System.Net.IPAddress.Loopback, 0)) { MaxFrameBytes = 4_096, MaxQueuedBytes = 10_000 };

    private readonly SlowStream stream = new();
    private readonly WireLog log = new();
    private Exception? broken;

    [Fact]
    public void Nothing_goes_out_before_the_flush_and_then_all_of_it_in_one_write()
    {
        var outbox = Outbox();
        outbox.Send(Vote(1));
        outbox.Send(Vote(2));
        Assert.Empty(stream.Writes);
        Assert.Equal(2, outbox.Queue.Messages);

        outbox.Flush();
        Assert.Equal([[Vote(1), Vote(2)]], stream.Messages);
        Assert.Equal(default, outbox.Queue);
        Assert.Equal((2, 0), (log.Counters.FramesSent, log.Counters.MessagesDropped));
    }

    [Fact]
    public async Task While_one_write_is_under_way_the_next_one_fills_and_follows_it()
    {
        var outbox = Outbox();
        stream.Block();
        outbox.Send(Vote(1));
        outbox.Flush();
        outbox.Send(Vote(2));
        outbox.Flush();
        outbox.Send(Vote(3));
        outbox.Flush();
        Assert.Equal([[Vote(1)]], stream.Messages);
        Assert.Equal(3, outbox.Queue.Messages);
        Assert.Equal(3 * stream.Writes[0].Length, outbox.Queue.Bytes);

        await stream.GoOn(writes: 2);
        Assert.Equal([[Vote(1)], [Vote(2), Vote(3)]], stream.Messages);
    }

    [Fact]
    public async Task When_too_much_waits_the_oldest_appends_go_first_and_votes_stay()
    {
        var outbox = Outbox();
        stream.Block();
        outbox.Send(Vote(0));
        outbox.Flush();
        outbox.Send(Vote(1));
        for (var n = 1UL; n <= 100; n++) outbox.Send(Append(n));
        outbox.Send(Vote(2));
        outbox.Flush();
        await stream.GoOn(writes: 2);

        var sent = stream.Messages[1];
        Assert.Equal((Vote(1), Vote(2)), (sent[0], sent[^1]));
        var rounds = sent.OfType<Message.AppendEntries>().Select(append => (int)append.Round.Value).ToArray();
        Assert.InRange(rounds.Length, 5, 12);
        Assert.Equal(Enumerable.Range(101 - rounds.Length, rounds.Length), rounds);
        Assert.Equal((100 - rounds.Length, 100 - rounds.Length), (outbox.Dropped, log.Counters.MessagesDropped));
        Assert.InRange(stream.Writes[1].Length, 1, Options.MaxQueuedBytes + Options.MaxFrameBytes);
    }

    [Fact]
    public async Task What_cannot_be_dropped_for_others_is_bounded_too()
    {
        var outbox = Outbox();
        stream.Block();
        outbox.Send(Vote(0));
        outbox.Flush();
        for (var n = 1UL; n <= 10_000; n++) outbox.Send(Vote(n));
        await stream.GoOn(writes: 2);

        Assert.InRange(stream.Writes[1].Length, 1, Options.MaxQueuedBytes + Options.MaxFrameBytes);
        Assert.Equal(10_000, outbox.Dropped + stream.Messages[1].Count);
        Assert.Equal(Vote(1), stream.Messages[1][0]);
    }

    [Fact]
    public void Proposals_that_are_too_many_for_a_frame_go_in_several()
    {
        var outbox    = Outbox();
        var proposals = toSeq(Enumerable.Range(1, 50).Select(n =>
            new Proposal(new Payload.Command(new(new(1), (ulong)n), 0, new byte[150])))).Strict();
        outbox.Send(new Message.Forward(new(1), proposals));
        outbox.Flush();

        Assert.Equal(2, stream.Messages[0].Count);
        Assert.Equal(proposals.ToArray(), stream.Messages[0].OfType<Message.Forward>().SelectMany(part => part.Proposals).ToArray());
    }

    [Fact]
    public void What_goes_into_no_frame_is_dropped_and_the_rest_goes_out()
    {
        var outbox = Outbox();
        outbox.Send(Append(1, bytes: 5_000));
        outbox.Send(Vote(1));
        outbox.Flush();

        Assert.Equal([[Vote(1)]], stream.Messages);
        Assert.Equal(1, outbox.Dropped);
    }

    [Fact]
    public void After_an_error_nothing_goes_out_and_all_of_it_is_counted()
    {
        var outbox = Outbox();
        stream.Failure = new IOException("gone");
        outbox.Send(Vote(1));
        outbox.Flush();
        outbox.Send(Vote(2));
        outbox.Flush();

        Assert.Equal((2, "gone"), (outbox.Dropped, broken?.Message));
        Assert.Equal(default, outbox.Queue);
        Assert.Empty(stream.Writes);
    }

    private Outbox Outbox() => new(stream, Options, log, failure => broken = failure);

    private static Message Vote(ulong term) => new Message.RequestVoteReply(new(term), VoteGranted: true);

    private static Message.AppendEntries Append(ulong round, int bytes = 800) => new(
        new(1), new(round), LogPosition.Zero,
        Seq1(new Entry(new(new(1), new(1)), new Payload.Command(new(new(1), 1), 0, new byte[bytes]))), LogIndex.Zero);

    /// <summary>Takes writes at once, or keeps the first one waiting until it is told to go on.</summary>
    private sealed class SlowStream : MemoryStream
    {
        private readonly TaskCompletionSource free = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly SemaphoreSlim written = new(0);
        private bool blocked;

        public List<byte[]> Writes { get; } = [];

        public Exception? Failure { get; set; }

        public List<List<Message?>> Messages => [.. Writes.Select(Frames.Read)];

        public void Block() => blocked = true;

        public async Task GoOn(int writes)
        {
            free.SetResult();
            for (var n = 0; n < writes; n++) Assert.True(await written.WaitAsync(Wires.Generous));
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (Failure is not null) throw Failure;

            Writes.Add(buffer.ToArray());
            if (blocked && Writes.Count == 1) await free.Task;
            written.Release();
        }
    }
}
