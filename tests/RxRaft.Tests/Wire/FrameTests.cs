using RxRaft.Proto;

namespace RxRaft.Tests;

/// <summary>The format byte by byte, so that it does not change unnoticed; and what is no format.</summary>
public sealed class FrameTests
{
    [Fact]
    public void A_heartbeat_is_these_bytes() => Is(
        "0c000000 00000000 1400 0000"               // 12 bytes of AppendEntries, no attachment
        + "0805 1009 1804 2064 2863 3200",          // term 5, round 9, after T4#100, commit 99, no entries
        new Message.AppendEntries(new(5), new(9), new(new(4), new(100)), [], new(99)));

    [Fact]
    public void An_append_is_these_bytes() => Is(
        "3b000000 05000000 1400 0000"
        + "0805 1009 1804 2064 2863 322f"
        + "0a03 000103"                             // a noop, commands, a configuration:
        + "1203 010201"                             // 1, 2, 1 of them,
        + "1a03 050505"                             // all of term 5
        + "2202 2200"                               // session 17, twice
        + "2a08 0300000000000000"                   // sequence 3, and 3 more, which repeats
        + "3202 0402"                               // first unanswered 2, then 3
        + "3a02 0302"                               // of 3 and of 2 bytes
        + "4a03 020001 5203 010204"                 // 2 voters, no next ones, 1 learner: S1 S2, S4
        + "6162 6364 65",
        new Message.AppendEntries(new(5), new(9), new(new(4), new(100)), Seq(
            new Entry(new(new(5), new(101)), RxRaft.Payload.Noop.Instance),
            new Entry(new(new(5), new(102)), new RxRaft.Payload.Command(new(new(17), 3), 2, "abc"u8.ToArray())),
            new Entry(new(new(5), new(103)), new RxRaft.Payload.Command(new(new(17), 6), 3, "de"u8.ToArray())),
            new Entry(new(new(5), new(104)), new RxRaft.Payload.Configure(
                new RxRaft.Configuration.Simple(Set(new NodeId(1), new NodeId(2)), Set(new NodeId(4)))))), new(99)));

    [Fact]
    public void A_vote_and_an_answer_are_these_bytes()
    {
        Is("08000000 00000000 1200 0000 0807 1204 0806 102a",
            new Message.RequestVote(new(7), new(new(6), new(42))));
        Is("08000000 00000000 1500 0000 0807 1009 1801 202a",
            new Message.AppendEntriesReply(new(7), new(9), new AppendResult.Success(new(42))));
    }

    [Fact]
    public void A_kind_of_message_that_is_not_known_is_skipped_and_the_next_one_read() =>
        Assert.Equal([null, Vote], Frames.Read([.. Frames.Frame(999, new TimeoutNow { Term = 1 }, 1, 2, 3), .. Frames.Of(Vote)]));

    [Fact]
    public void A_payload_or_a_result_that_is_not_known_makes_its_message_one_that_is_skipped()
    {
        var payload = Append(columns => columns.RunKind[0] = 4);
        var result  = Frames.Frame((ushort)Kind.AppendEntriesReply, new AppendEntriesReply
        {
            Result = (AppendEntriesReply.Types.Result)77,
        });

        Assert.Equal([null, null, Vote], Frames.Read([.. payload, .. result, .. Frames.Of(Vote)]));
    }

    [Fact]
    public void An_outcome_that_is_not_known_is_one_that_nobody_knows() =>
        Assert.Equal(
            new Message.ForwardReply(new(1), new(new(2), 3), new RxRaft.Outcome.Unknown()),
            Assert.Single(Frames.Read(Frames.Frame((ushort)Kind.ForwardReply, new ForwardReply
            {
                Term = 1,
                Session = 2,
                Sequence = 3,
                Outcome = (ForwardReply.Types.Outcome)55,
                Words = "later",
            }))));

    [Fact]
    public void Fields_that_are_not_known_are_ignored()
    {
        var frame = Frames.Of(Vote);
        var known = frame[FrameHeader.Length..];
        byte[] more = [0xf8, 0x07, 0x2a];           // field 127, a number
        new FrameHeader(Kind.RequestVoteReply, known.Length + more.Length, 0).Write(frame.AsSpan(0, FrameHeader.Length));

        Assert.Equal(Vote, Assert.Single(Frames.Read([.. frame[..FrameHeader.Length], .. known, .. more])));
    }

    [Theory]
    [InlineData("one", "2 runs by run_kind, and run_length has 1 values, run_term 1, where 2 and 2 should be")]
    [InlineData("no run", "Run 0 of 1 has 0 payloads: it must have 1 at least")]
    [InlineData("billions", "4294967295 payloads or more, and 131072 are the most")]
    [InlineData("longer", "Column session has 2 values, and the payloads are 1 of them")]
    [InlineData("bytes", "Commands of 1000000 bytes, and 3 are left")]
    [InlineData("left over", "The attachment has 1 bytes more than its commands")]
    [InlineData("terms", "1 runs by run_kind, and run_length has 1 values, run_term 0, where 1 and 1 should be")]
    [InlineData("sessions", "max_sessions is 0: it must be 1 to 2147483647")]
    [InlineData("voters", "Column node_counts has 0 values, and the configurations need more")]
    [InlineData("too few", "A configuration of 5 nodes, and 2 are left")]
    [InlineData("place", "1 entries after place 18446744073709551615, and 18446744073709551615 is the last place")]
    public void Columns_that_contradict_each_other_are_refused(string what, string words) =>
        Assert.Equal(words, Assert.Throws<FrameException>(() => Frames.Read(Contradiction(what))).Message);

    [Fact]
    public void Messages_that_contradict_themselves_are_refused_with_what_they_say()
    {
        Refused("A Forward of 0 proposals: it must have 1 at least", Kind.Forward, new Forward { Term = 1 });
        Refused("A proposal of kind 0, and clients propose 1 (commands) and 2 (registrations)", Kind.Forward,
            new Forward { Proposals = new() { RunKind = { 0 }, RunLength = { 1 } } });
        Refused("1 runs by run_kind, and run_length has 1 values, run_term 1, where 1 and 0 should be", Kind.Forward,
            new Forward { Proposals = new() { RunKind = { 1 }, RunLength = { 1 }, RunTerm = { 1 } } });
        Refused("TimeoutNow with an attachment of 3 bytes: it must have 0", Kind.TimeoutNow, new TimeoutNow(), 1, 2, 3);
        Refused("AppendEntriesReply with an attachment of 1 bytes: it must have 0", Kind.AppendEntriesReply,
            new AppendEntriesReply(), 1);
        Refused("size is -1: it must be 0 at least", Kind.InstallSnapshot, new InstallSnapshot { Size = -1 });
        Refused("offset is -2: it must be 0 at least", Kind.InstallSnapshot, new InstallSnapshot { Offset = -2 });
        Refused("received is -3: it must be 0 at least", Kind.InstallSnapshotReply, new InstallSnapshotReply { Received = -3 });
    }

    [Theory]
    [InlineData(9, 10, 0)]
    [InlineData(12, 10, 3)]
    [InlineData(long.MaxValue, long.MaxValue, 1)]
    public void A_part_that_is_not_within_its_snapshot_is_refused(long size, long offset, int bytes) =>
        Refused($"A part of {bytes} bytes at offset {offset} of a snapshot of {size}", Kind.InstallSnapshot,
            new InstallSnapshot { Size = size, Offset = offset }, new byte[bytes]);

    [Fact]
    public void Bytes_that_are_no_message_are_refused()
    {
        byte[] header = [3, 0, 0, 0, 0, 0, 0, 0, (byte)Kind.TimeoutNow, 0, 0, 0];
        var refused = Assert.Throws<FrameException>(() => Frames.Read([.. header, 0x0a, 0xff, 0xff]));
        Assert.Equal(WireRefusal.Malformed, refused.Refusal);
    }

    [Fact]
    public void A_header_that_promises_too_much_is_refused_before_the_rest_is_there()
    {
        byte[] header = [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x14, 0, 0, 0];
        var refused = Assert.Throws<FrameException>(() => Frames.Read(header));
        Assert.Equal(WireRefusal.Oversize, refused.Refusal);
        Assert.Equal($"A frame of 8589934602 bytes, and {Frames.Most} is the most", refused.Message);
    }

    private static void Refused(string words, Kind kind, Google.Protobuf.IMessage message, params byte[] attachment) =>
        Assert.Equal(words,
            Assert.Throws<FrameException>(() => Frames.Read(Frames.Frame((ushort)kind, message, attachment))).Message);

    private static readonly Message Vote = new Message.RequestVoteReply(new(3), VoteGranted: true);

    private static byte[] Contradiction(string what) => what switch
    {
        "one" => Append(columns => columns.RunKind.Add(1)),
        "no run" => Append(columns => columns.RunLength[0] = 0),
        "billions" => Append(columns => columns.RunLength[0] = uint.MaxValue),
        "longer" => Append(columns => columns.Session.Add([1, 2])),
        "bytes" => Append(columns => columns.Length[0] = 1_000_000),
        "left over" => Append(columns => columns.Length[0] = 2),
        "terms" => Append(columns => columns.RunTerm.Clear()),
        "sessions" => Append(columns => columns.RunKind[0] = 2),
        "voters" => Append(columns => columns.RunKind[0] = 3),
        "too few" => Append(Members([5, 0, 0], [1, 2])),
        "place" => Append(_ => { }, ulong.MaxValue),
        _ => throw new ArgumentOutOfRangeException(nameof(what), what, "no such contradiction"),
    };

    private static Action<Payloads> Members(uint[] counts, ulong[] nodes) => columns =>
    {
        columns.RunKind[0] = 3;
        columns.NodeCounts.Add(counts);
        columns.Nodes.Add(nodes);
    };

    /// <summary>One command of three bytes, and what a test changes about it.</summary>
    private static byte[] Append(Action<Payloads> change, ulong after = 0)
    {
        var columns = new Payloads { RunKind = { 1 }, RunLength = { 1 }, RunTerm = { 1 }, Length = { 3 } };
        change(columns);
        return Frames.Frame((ushort)Kind.AppendEntries, new AppendEntries { Term = 1, PrevIndex = after, Entries = columns }, 1, 2, 3);
    }

    /// <summary>Compares a message's frame with hexadecimal numbers, whose spaces are for the eye.</summary>
    private static void Is(string bytes, Message message) =>
        Assert.Equal(bytes.Replace(" ", "", StringComparison.Ordinal), Convert.ToHexStringLower(Frames.Of(message)));
}
