using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using CsCheck;
using RxRaft.Tests.Disk;

namespace RxRaft.Tests.Journals;

/// <summary>What is recorded is read again as it was; whatever happens to the files, the node goes on.</summary>
public sealed class JournalTests
{
    private static readonly JournalOptions Small = new() { MaxBytes = 128 << 10 };

    [Fact]
    public void Every_input_is_read_as_it_was_written() => GeneratedInputs.Any.Array[1, 5].Sample(inputs =>
    {
        var buffer = new SendBuffer();
        JournalRecord.Magic.CopyTo(buffer.GetSpan(JournalRecord.Magic.Length));
        buffer.Advance(JournalRecord.Magic.Length);
        JournalState.WriteHead(new(), new Solo().State, buffer);
        var writer = new StepWriter();
        foreach (var input in inputs) writer.Write(input, check: 7, buffer);

        var read = new JournalReader("f", buffer.Written).Read().Skip(1).Cast<JournalPart.Step>().ToArray();
        Assert.Equal(inputs.Length, read.Length);
        Assert.All(inputs.Zip(read), pair =>
            Assert.True(GeneratedInputs.Same(pair.Item1, pair.Item2.Input), $"{pair.Item1}\n{pair.Item2.Input}"));
        Assert.All(read, step => Assert.True(step.Check == 7u));
    }, iter: 2_000);

    [Fact]
    public void Every_kind_of_input_is_among_those_that_are_generated()
    {
        var seen = new ConcurrentDictionary<string, int>();
        GeneratedInputs.Any.Sample(input => { seen[input.GetType().Name] = 1; }, iter: 1_000);

        var kinds = typeof(Input).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Input)));
        Assert.Equal(kinds.Select(kind => kind.Name).Order(), seen.Keys.Order());
    }

    [Fact]
    public void A_replay_ends_in_the_identical_state_and_has_every_step()
    {
        var files = new SimulatedFiles();
        var solo  = Recorded(files, JournalOptions.Default, one => one.Propose(500));

        var told = Told(files);

        Assert.DoesNotContain(told, one => one is Replayed.Differed);
        Assert.Equal(solo.Steps, (ulong)told.Count(one => one is Replayed.Stepped));
        Assert.Equal(solo.State, Assert.IsType<Replayed.Ended>(told[^1]).State);
        Assert.True(Assert.IsType<Replayed.Began>(told[0]).IsStart);
    }

    [Fact]
    public void Files_rotate_are_never_more_than_the_bound_and_each_can_be_read_alone()
    {
        var files = new SimulatedFiles();
        var most  = 0L;
        files.Before = _ => most = Math.Max(most, Total(files));
        var solo = Recorded(
            files, Small, one => one.Propose(3_000), new SnapshotPolicy { Entries = 50, Trailing = 10 });

        Assert.InRange(most, Small.MaxBytes / 2, Small.MaxBytes);
        Assert.InRange(Total(files), Small.MaxBytes / 2, Small.MaxBytes);
        var names = Names(files);
        Assert.InRange(names.Length, 3, 9);
        Assert.True(names[0].CompareTo("journal-0000000000000001", StringComparison.Ordinal) > 0, "the oldest are gone");
        Assert.All(names, name => Assert.DoesNotContain(Told(files, name), one => one is Replayed.Differed));

        var told = Told(files);
        Assert.False(Assert.IsType<Replayed.Began>(told[0]).IsStart);
        Assert.Single(told.OfType<Replayed.Began>());                       // the others go on where the one before ends
        Assert.Equal(solo.State, Assert.IsType<Replayed.Ended>(told[^1]).State);
        Assert.Equal(solo.Steps, told[^1].Number);
    }

    [Fact]
    public void A_disk_that_is_full_ends_the_record_and_not_the_node()
    {
        var files = new SimulatedFiles();
        var said  = new List<string>();
        var left  = 3;
        files.Before = what =>
        {
            if (what.StartsWith("write", StringComparison.Ordinal) && left-- <= 0) throw new IOException("no space left");
        };
        using var journal = Journal.Open(files, Small);
        using var hearing = journal.Problems.Subscribe(said.Add);
        var solo = new Solo().RecordedBy(journal).Propose(2_000);
        journal.Ended();
        journal.Dispose();

        Assert.Equal(new Solo().Propose(2_000).State, solo.State);
        Assert.Equal(["/disk: nothing is recorded any more: no space left"], said);
        var told = Told(files);
        Assert.DoesNotContain(told, one => one is Replayed.Differed or Replayed.Ended);
        Assert.Contains(told, one => one is Replayed.Stepped);
    }

    [Fact]
    public void The_next_life_of_a_node_is_recorded_again_whoever_listens()
    {
        var files = new SimulatedFiles();
        var full  = true;
        files.Before = what =>
        {
            if (full && what.StartsWith("write", StringComparison.Ordinal)) throw new IOException("no space left");
        };
        using var journal = Journal.Open(files, Small);
        using var hearing = journal.Problems.Subscribe(_ =>
        {
            full = false;
            throw new InvalidOperationException("who listens is broken");
        });
        new Solo().RecordedBy(journal).Propose(50);
        journal.Ended();
        var second = new Solo().RecordedBy(journal).Propose(50);
        journal.Ended();
        journal.Dispose();

        var told = Told(files, Names(files)[^1]);
        Assert.True(Assert.IsType<Replayed.Began>(told[0]).IsStart);
        Assert.Equal(second.State, Assert.IsType<Replayed.Ended>(told[^1]).State);
    }

    [Fact]
    public void Steps_that_are_too_many_at_once_are_left_out_and_the_record_goes_on_behind_them()
    {
        var files = new SimulatedFiles();
        var said  = new List<string>();
        using var busy = new ManualResetEventSlim();
        files.Before = what =>
        {
            if (what.StartsWith("create", StringComparison.Ordinal)) busy.Wait();
        };
        using var journal = Journal.Open(files, JournalOptions.Default with { MaxWaiting = 100 });
        using var hearing = journal.Problems.Subscribe(said.Add);
        var solo = new Solo().RecordedBy(journal).Propose(1_000);
        Assert.InRange(journal.Lost, 1, (long)solo.Steps);
        busy.Set();
        while (journal.IsBehind) Thread.Yield();
        solo.Propose(10);
        journal.Ended();
        journal.Dispose();

        var told = Told(files);
        var gap  = Assert.Single(told.OfType<Replayed.Began>(), one => !one.IsStart);
        Assert.Equal((ulong)journal.Lost, gap.Lost);
        Assert.Equal([$"{journal.Lost} steps are not recorded: they were too many at once"], said);
        Assert.Equal(solo.State, Assert.IsType<Replayed.Ended>(told[^1]).State);
        Assert.Equal(solo.Steps, told[^1].Number);
    }

    [Fact]
    public void Every_flipped_bit_is_found_and_named_with_its_place()
    {
        var files = new SimulatedFiles();
        Recorded(files, JournalOptions.Default, one => one.Propose(3));
        var name  = Assert.Single(Names(files));
        var bytes = files[name];

        Assert.All(Enumerable.Range(0, bytes.Length), at =>
        {
            var damaged = bytes.ToArray();
            damaged[at] ^= (byte)(1 << (at % 8));
            var found = Assert.Throws<DiskCorruptionException>(() => new JournalReader("/d/j", damaged).Read().Count());
            Assert.Equal("/d/j", found.File);
            Assert.InRange(found.Offset, Math.Max(0, at - 4_000), at);
        });
    }

    [Fact]
    public void A_torn_tail_is_told_of_and_what_comes_before_counts()
    {
        var files = new SimulatedFiles();
        Recorded(files, JournalOptions.Default, one => one.Propose(3));
        var bytes = files[Assert.Single(Names(files))];
        var parts = new JournalReader("f", bytes).Read().ToArray();
        var ends  = parts.Skip(1).Select(part => part.Offset).Append(bytes.Length).ToArray();

        Assert.All(Enumerable.Range(0, bytes.Length), length =>
        {
            var read  = new JournalReader("f", bytes.AsMemory(0, length)).Read().ToArray();
            var whole = ends.Count(end => end <= length);
            Assert.Equal(parts[..whole].Select(part => part.Offset), read[..whole].Select(part => part.Offset));
            var rest = length - (whole == 0 ? 0 : ends[whole - 1]);
            if (length >= JournalRecord.Magic.Length && whole == 0) rest -= JournalRecord.Magic.Length;
            if (rest > 0) Assert.Equal(rest, Assert.IsType<JournalPart.Torn>(read[whole]).Bytes);
        });
        var zeros = new JournalReader("f", (byte[])[.. bytes, .. new byte[100]]).Read().Last();
        Assert.Equal(new JournalPart.Torn(bytes.Length, 100), zeros);
    }

    [Fact]
    public void A_state_that_is_too_large_for_the_bound_is_not_recorded_and_that_is_said()
    {
        var files = new SimulatedFiles();
        var said  = new List<string>();
        var solo  = new Solo().Propose(100, bytes: 1_000);
        using var journal = Journal.Open(files, Small);
        using var hearing = journal.Problems.Subscribe(said.Add);
        solo.RecordedBy(journal).Propose(10);
        journal.Dispose();

        Assert.StartsWith("/disk: nothing is recorded any more: the node's state takes 1", Assert.Single(said), StringComparison.Ordinal);
        Assert.Empty(Names(files));
    }

    [Fact]
    public void A_directory_is_for_one_journal_at_a_time_and_wrong_options_are_named()
    {
        var path = Directory.CreateTempSubdirectory("journal-").FullName;
        try
        {
            using var journal = Journal.Open(path);
            Assert.Contains(path, Assert.Throws<IOException>(() => Journal.Open(path)).Message, StringComparison.Ordinal);
            Assert.Contains("MaxBytes is 7", Assert.Throws<ArgumentException>(
                () => Journal.Open(Path.Combine(path, "x"), new() { MaxBytes = 7 })).Message, StringComparison.Ordinal);
            Assert.Throws<IOException>(() => Journal.Open(Path.Combine(path, "lock")));
        }
        finally
        {
            Directory.Delete(path, recursive: true);
        }
    }

    private static Solo Recorded(
        SimulatedFiles files, JournalOptions options, Action<Solo> script, SnapshotPolicy? snapshots = null)
    {
        using var journal = Journal.Open(files, options);
        var solo = new Solo(snapshots).RecordedBy(journal);
        script(solo);
        journal.Ended();
        return solo;
    }

    private static string[] Names(SimulatedFiles files) =>
        [.. files.Names().Filter(name => name.StartsWith("journal-", StringComparison.Ordinal))];

    private static long Total(SimulatedFiles files) => Names(files).Sum(name => (long)files[name].Length);

    private static List<Replayed> Told(SimulatedFiles files, string? only = null) => [.. Replay.Of(
        Names(files).Where(name => only is null || name == only)
            .SelectMany(name => new JournalReader(name, files[name]).Read().Select(part => (name, part))),
        Raft.Step)];
}
