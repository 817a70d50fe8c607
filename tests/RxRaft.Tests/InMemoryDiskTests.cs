using System.Buffers;
using System.Reactive.Linq;
using static RxRaft.Tests.DiskSteps;

namespace RxRaft.Tests;

/// <summary>A disk that is memory: what it has said is durable is there at the next start, and nothing else.</summary>
public sealed class InMemoryDiskTests
{
    private readonly InMemoryDisk disk = new();

    [Fact]
    public void A_new_disk_remembers_nothing() => Assert.Same(PersistentState.Fresh, disk.Recover());

    [Fact]
    public void What_was_written_is_there_at_the_next_start()
    {
        Done(disk.Write(Entries(from: 1, 2)));
        Done(disk.Write(Entries(from: 3, 1) with { VotedFor = new NodeId(2), CurrentTerm = new Term(4) }));

        var recovered = disk.Recover();

        Assert.Equal((new Term(4), Some(new NodeId(2))), (recovered.CurrentTerm, recovered.VotedFor));
        Assert.Equal(new LogIndex(3), recovered.Log.LastIndex);
    }

    [Fact]
    public void Nothing_is_written_before_somebody_subscribes_and_each_time_it_is_once()
    {
        var write = disk.Write(Entries(from: 1, 2));
        var save = disk.Save("never");
        Assert.Same(PersistentState.Fresh, disk.Recover());

        Done(write);

        Assert.Equal(new LogIndex(2), disk.Recover().Log.LastIndex);
        Assert.Throws<InvalidOperationException>(() => Done(disk.Write(Naming(new Snapshot(At2, Three, 5)))));  // the save never was
        Assert.NotNull(save);
    }

    [Fact]
    public void A_snapshot_that_was_taken_is_in_use_once_a_write_names_it_and_not_before()
    {
        Done(disk.Write(Entries(from: 1, 2)));

        var snapshot = disk.Save("state").Wait();
        Assert.Equal(new Snapshot(At2, Three, 5), snapshot);
        Assert.Equal(Snapshot.Nothing, disk.Recover().Log.Snapshot);
        Assert.Empty(disk.Texts(snapshot, 0, 5));

        Done(disk.Write(Naming(snapshot)));
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

        Assert.Equal(["state"], disk.Texts(snapshot, 0, 5));
    }

    [Fact]
    public void A_crash_between_a_snapshot_and_the_write_that_names_it_leaves_the_one_before()
    {
        var first = disk.Save("first").Wait();
        Done(disk.Write(Naming(first)));
        _ = disk.Save(new(new Term(1), new LogIndex(5)), Three, writer => writer.Write("later"u8)).Wait();

        var recovered = disk.Recover();                                             // which is all that a start sees

        Assert.Equal(first, recovered.Log.Snapshot);
        Assert.Equal(["first"], disk.Texts(first, 0, 5));
    }

    [Fact]
    public void A_write_that_names_a_snapshot_that_is_not_there_fails_and_changes_nothing()
    {
        Done(disk.Write(Entries(from: 1, 2)));
        var before = disk.Recover();

        var failure = Assert.Throws<InvalidOperationException>(() => Done(disk.Write(Naming(new Snapshot(At2, Three, 5)))));

        Assert.Contains("was never stored", failure.Message, StringComparison.Ordinal);
        Assert.Same(before, disk.Recover());
    }

    [Fact]
    public void What_throws_while_a_snapshot_is_written_fails_the_saving_and_leaves_what_there_was()
    {
        var first = disk.Save("first").Wait();

        Assert.Throws<InvalidOperationException>(() =>
            disk.Save(At2, Three, _ => throw new InvalidOperationException("mine")).Wait());

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
    }
}
