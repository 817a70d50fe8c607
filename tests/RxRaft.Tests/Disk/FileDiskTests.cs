using System.Buffers;
using System.Linq;
using System.Reactive.Linq;
using System.Threading;
using System.Threading.Tasks;
using static RxRaft.Tests.DiskSteps;

namespace RxRaft.Tests.Disk;

/// <summary>A disk in a directory: what it has said is durable is there when it is opened again.</summary>
public sealed class FileDiskTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();
    private FileDisk disk;

    public FileDiskTests() => disk = directory.Open();

    public void Dispose()
    {
        disk.Dispose();
        directory.Dispose();
    }

    [Fact]
    public void A_new_disk_remembers_nothing()
    {
        Assert.True(disk.Recovery.IsNew);
        Assert.Equal(PersistentState.Fresh, disk.Recover());

        Reopen();
        Assert.False(disk.Recovery.IsNew);
        Assert.Equal(PersistentState.Fresh, disk.Recover());
    }

    [Fact]
    public void A_node_on_another_nodes_disk_is_refused() =>
        Assert.Contains(
            $"Self is S9, and the disk is that of {disk.Owner.Single()}",
            Assert.Throws<ArgumentException>(() => RaftNode.Start(
                new NodeId(9), Configuration.Of(9), new InMemoryNetwork(Configuration.Of(9)).Wire(new NodeId(9)), disk)).Message,
            StringComparison.Ordinal);

    [Fact]
    public async Task It_is_not_closed_under_a_snapshot_that_is_being_written_and_takes_no_other_after()
    {
        Done(disk.Write(Entries(from: 1, 2)));
        using var writing = new ManualResetEventSlim();
        using var written = new ManualResetEventSlim();
        var saving = Task.Run(() => disk.Save(At2, Three, writer =>
        {
            writing.Set();
            Assert.True(written.Wait(TimeSpan.FromSeconds(30)));
            writer.Write("two"u8);
        }).Wait());
        Assert.True(writing.Wait(TimeSpan.FromSeconds(30)));

        var closing = Task.Run(disk.Dispose);
        Assert.False(closing.IsCompleted);
        written.Set();
        await saving.WaitAsync(TimeSpan.FromSeconds(30));
        await closing.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Throws<ObjectDisposedException>(() => disk.Save(At2, Three, _ => { }).Wait());
    }

    [Fact]
    public void What_was_written_is_there_at_the_next_start()
    {
        Done(disk.Write(Entries(from: 1, 2)));
        Done(disk.Write(Entries(from: 3, 1) with { VotedFor = new NodeId(2), CurrentTerm = new Term(4) }));

        var (before, again) = (disk.Recover(), disk.Recover());
        Reopen();
        var recovered = disk.Recover();

        Assert.Equal(PersistentState.Fresh, before);                                // when it was opened
        Assert.Equal(again, recovered);                                             // a second start asks anew
        Assert.Equal((new Term(4), Some(new NodeId(2))), (recovered.CurrentTerm, recovered.VotedFor));
        Assert.Equal(new LogIndex(3), recovered.Log.LastIndex);
        Assert.Equal((2L, 3L, 1), (disk.Recovery.Changes, disk.Recovery.Entries, disk.Recovery.Segments));
    }

    [Fact]
    public void Nothing_is_written_before_somebody_subscribes()
    {
        var write = disk.Write(Entries(from: 1, 2));
        Assert.Equal(LogIndex.Zero, disk.Recover().Log.LastIndex);
        Assert.Equal(LogIndex.Zero, disk.Recover().Log.LastIndex);

        Done(write);

        Assert.Equal(new LogIndex(2), disk.Recover().Log.LastIndex);
    }

    [Fact]
    public void Writes_that_wait_together_are_told_in_their_order()
    {
        var told = Enumerable.Range(1, 500).Select(n => disk.Write(Entries(from: (ulong)n, 1)).Select(_ => n))
            .ToObservable().SelectMany(write => write).ToArray().Wait();

        Assert.Equal(Enumerable.Range(1, 500), told);
        Reopen();
        Assert.Equal(new LogIndex(500), disk.Recover().Log.LastIndex);
    }

    [Fact]
    public void A_snapshot_that_was_taken_is_in_use_once_a_write_names_it_and_not_before()
    {
        Done(disk.Write(Entries(from: 1, 2)));

        var snapshot = disk.Save("state").Wait();
        Assert.Equal(new Snapshot(At2, Three, 5), snapshot);
        Assert.Empty(disk.Texts(snapshot, 0, 5));

        Done(disk.Write(Naming(snapshot)));
        Reopen();
        Assert.Equal(snapshot, disk.Recover().Log.Snapshot);
        Assert.Equal(["state"], disk.Texts(snapshot, 0, 5));
        Assert.Equal(["tat"], disk.Texts(snapshot, 1, 3));
    }

    [Fact]
    public void A_snapshot_that_a_leader_sends_is_put_together_of_its_parts()
    {
        var snapshot = new Snapshot(At2, Three, 5);

        Done(disk.Store(Part(snapshot, 0, "st")));
        Done(disk.Store(Part(snapshot, 2, "ate")));
        Done(disk.Write(Naming(snapshot)));

        Reopen();
        Assert.Equal(["state"], disk.Texts(snapshot, 0, 5));
    }

    [Fact]
    public void A_stop_between_a_snapshot_and_the_write_that_names_it_leaves_the_one_before()
    {
        var first = disk.Save("first").Wait();
        Done(disk.Write(Naming(first)));
        _ = disk.Save(new(new Term(1), new LogIndex(5)), Three, writer => writer.Write("later"u8)).Wait();

        Reopen();

        Assert.Equal(first, disk.Recover().Log.Snapshot);
        Assert.Equal(["first"], disk.Texts(first, 0, 5));
        Assert.Equal(Seq1("snapshot-0000000000000002"), disk.Recovery.Removed);
    }

    [Fact]
    public void A_write_that_names_a_snapshot_that_is_not_there_changes_nothing_and_ends_the_disk()
    {
        Done(disk.Write(Entries(from: 1, 2)));

        var failure = Assert.Throws<DiskFailureException>(() => Done(disk.Write(Naming(new Snapshot(At2, Three, 5)))));
        var later   = Assert.Throws<DiskFailureException>(() => Done(disk.Write(Entries(from: 3, 1))));

        Assert.Contains("The snapshot at T1#2 was never stored", failure.Message, StringComparison.Ordinal);
        Assert.Same(failure, later);
        Reopen();
        Assert.Equal(new LogIndex(2), disk.Recover().Log.LastIndex);
    }

    [Fact]
    public void What_throws_while_a_snapshot_is_written_fails_the_saving_and_leaves_what_there_was()
    {
        var first = disk.Save("first").Wait();

        var mine = Assert.Throws<InvalidOperationException>(() =>
            disk.Save(At2, Three, _ => throw new InvalidOperationException("mine")).Wait());

        Assert.Equal("mine", mine.Message);
        Done(disk.Write(Naming(first)));
        Assert.Equal(["first"], disk.Texts(first, 0, 5));
    }

    [Fact]
    public void Of_a_snapshot_that_another_has_replaced_nothing_is_read()
    {
        var first = disk.Save("first").Wait();
        Done(disk.Write(Naming(first)));
        var next = disk.Save(new(new Term(1), new LogIndex(5)), Three, writer => writer.Write("next"u8)).Wait();
        Done(disk.Write(Naming(next)));

        Assert.Empty(disk.Texts(first, 0, 5));
        Assert.Equal(["next"], disk.Texts(next, 0, 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => disk.Texts(next, 1, 4));
    }

    [Fact]
    public void Nothing_is_taken_after_the_end()
    {
        disk.Dispose();

        Assert.Throws<ObjectDisposedException>(() => Done(disk.Write(Entries(from: 1, 1))));
        disk.Dispose();                                                             // twice is once
    }

    private void Reopen()
    {
        disk.Dispose();
        disk = directory.Open();
    }
}
