using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using Google.Protobuf;
using RxRaft.Tests.Disk;
using Format = RxRaft.Proto.Journals;

namespace RxRaft.Tests.Journals;

/// <summary>Journals that lack something, or say what no node has written: what is missing or wrong is told.</summary>
public sealed class HostileJournalTests
{
    [Fact]
    public void A_step_that_halts_the_node_is_recorded_though_too_many_wait()
    {
        var files = new SimulatedFiles();
        var lost  = Overwhelmed(files, (solo, _) =>
            Assert.Throws<InvariantViolationException>(() => solo.Happen(new Input.Tick { At = Instant.Zero })));

        var told = Told(files);
        Assert.Equal((ulong)lost, Assert.Single(told.OfType<Replayed.Began>(), one => !one.IsStart).Lost);
        Assert.Contains("time does not go back", Assert.Single(told.OfType<Replayed.Halted>()).Reason.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_that_are_left_out_at_the_end_of_a_life_are_told_and_it_ends_in_the_state_behind_them()
    {
        var (files, last) = (new SimulatedFiles(), default(NodeState));
        var lost = Overwhelmed(files, (solo, journal) =>
        {
            last = solo.State;
            journal.Ended();
        });

        var told = Told(files);
        Assert.Equal((ulong)lost, Assert.Single(told.OfType<Replayed.Began>(), one => !one.IsStart).Lost);
        Assert.Equal(last, Assert.IsType<Replayed.Ended>(told[^1]).State);
    }

    [Fact]
    public void A_file_that_is_not_there_is_told_of_and_others_names_are_passed_over()
    {
        using var directory = new TemporaryDirectory();
        using (var journal = Journal.Open(directory.Path, new() { MaxBytes = 128 << 10 }))
        {
            new Solo(new SnapshotPolicy { Entries = 50, Trailing = 10 }).RecordedBy(journal).Propose(3_000);
            journal.Ended();
        }

        var files = Directory.GetFiles(directory.Path, "journal-*").Order(StringComparer.Ordinal).ToArray();
        var whole = Replay.Of(directory.Path).ToList();
        File.Move(files[1], files[1] + ".bak");

        var told = Replay.Of(directory.Path).ToList();
        Assert.DoesNotContain(told, one => one is Replayed.Differed);
        var gap = Assert.Single(told.OfType<Replayed.Began>().Skip(1));
        Assert.Equal(
            (ulong)(whole.Count(one => one is Replayed.Stepped) - told.Count(one => one is Replayed.Stepped)), gap.Missing);
        Assert.Contains($"{gap.Missing} steps are in a file that is not there", ReplayTranscript.LinesOf(gap)[0], StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_has_one_head_in_front_and_nothing_behind_its_end()
    {
        var (head, step, end) = (Sealed(Records()[0]), Sealed(Records()[1]), Sealed(Records()[^1]));

        Assert.Equal("it does not begin with a head", Refused(step));
        Assert.Equal("a second head", Refused([.. head, .. head]));
        Assert.Equal("a record behind that with which the node stopped", Refused([.. head, .. end, .. step]));
    }

    [Fact]
    public void A_count_that_takes_few_bytes_and_much_memory_is_refused()
    {
        var head  = Sealed(Records()[0]);
        var many  = new Format.Step { Kind = Format.Step.Types.Kind.Read, Requests = uint.MaxValue };
        var noops = new Proto.Payloads { RunKind = { 1 }, RunLength = { int.MaxValue } };
        var long_ = new Format.Step { Kind = Format.Step.Types.Kind.Propose, Proposals = noops };

        Assert.Contains("4294967295 requests", Refused([.. head, .. Sealed(Record(many))]), StringComparison.Ordinal);
        Assert.Contains("2147483647 payloads", Refused([.. head, .. Sealed(Record(long_))]), StringComparison.Ordinal);
    }

    [Fact]
    public void Whatever_a_sealed_record_says_the_replay_ends_or_names_the_place()
    {
        var (records, chance) = (Records(), new Dice(1));
        for (var round = 0; round < 4_000; round++)
        {
            var which  = chance.Below(records.Length);
            var body   = records[which].ToArray();
            for (var flips = 1 + chance.Below(3); flips > 0; flips--) body[chance.Below(body.Length)] = (byte)chance.Below(256);
            var bytes  = JournalRecord.Magic.ToArray()
                .Concat(records.Select((record, place) => place == which ? body : record).SelectMany(Sealed)).ToArray();
            try
            {
                Assert.InRange(Replays(bytes).Count, 0, records.Length);
            }
            catch (DiskCorruptionException damage)
            {
                Assert.InRange(damage.Offset, 0, bytes.Length);
            }
        }
    }

    /// <summary>A life of which more is to be written than may wait; how many of its steps were not.</summary>
    private static long Overwhelmed(SimulatedFiles files, Action<Solo, Journal> end)
    {
        using var busy = new ManualResetEventSlim();
        files.Before = what =>
        {
            if (what.StartsWith("create", StringComparison.Ordinal)) busy.Wait();
        };
        using var journal = Journal.Open(files, JournalOptions.Default with { MaxWaiting = 100 });
        var solo = new Solo().RecordedBy(journal).Propose(1_000);
        end(solo, journal);
        busy.Set();
        return journal.Lost;
    }

    private static List<Replayed> Told(SimulatedFiles files) => [.. Replay.Of(
        files.Names().Filter(name => JournalRecord.NumberOf(name).IsSome)
            .SelectMany(name => new JournalReader(name, files[name]).Read().Select(part => (name, part))),
        Raft.Step)];

    private static List<Replayed> Replays(byte[] bytes) =>
        [.. Replay.Of(new JournalReader("f", bytes).Read().Select(part => ("f", part)), Raft.Step)];

    private static string Refused(byte[] records) => Assert.Throws<DiskCorruptionException>(
        () => Replays([.. JournalRecord.Magic, .. records])).Message.Split(": ", 2)[1];

    /// <summary>The bodies of the records of a short life.</summary>
    private static byte[][] Records()
    {
        var files = new SimulatedFiles();
        using (var journal = Journal.Open(files, JournalOptions.Default))
        {
            new Solo(new SnapshotPolicy { Entries = 3, Trailing = 1 }).RecordedBy(journal).Propose(5);
            journal.Ended();
        }

        var bytes = files[JournalRecord.NameOf(1)];
        return [.. new JournalReader("f", bytes).Read().Select(part =>
        {
            var at = (int)part.Offset;
            return bytes.AsSpan(at + JournalRecord.HeaderLength, (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at))).ToArray();
        })];
    }

    private static byte[] Record(Format.Step step)
    {
        var message = step.ToByteArray();
        var body    = new byte[JournalRecord.BodyStart + message.Length];
        body[0] = (byte)JournalRecordType.Step;
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(1), message.Length);
        message.CopyTo(body, JournalRecord.BodyStart);
        return body;
    }

    /// <summary>A record with the checksums that it needs.</summary>
    private static byte[] Sealed(byte[] body)
    {
        var header = new byte[JournalRecord.HeaderLength];
        BinaryPrimitives.WriteInt32LittleEndian(header, body.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(4), Checksum.Of(body));
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Checksum.Of(header.AsSpan(0, 8)));
        return [.. header, .. body];
    }
}
