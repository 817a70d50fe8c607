using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§5.1: when a node takes a snapshot, and what becomes of its log.</summary>
public class CompactionTests
{
    private static readonly Settings Often = Given.Settings with { Snapshots = new() { Entries = 4, Trailing = 1 } };

    [Fact]
    public void A_node_takes_a_snapshot_after_so_many_entries()
    {
        var follower = Committed(4);

        Assert.Empty(follower.Applied(3).Effects);
        Assert.Equal(At(1, 4), Taken(follower.Applied(4)).Last);
    }

    [Fact]
    public void A_node_takes_a_snapshot_after_so_many_bytes()
    {
        var three = Logs.Entry(1, 1).Size * 3;
        var follower = Committed(4) with { Settings = Given.Settings with { Snapshots = new() { Bytes = three + 1 } } };

        Assert.Empty(follower.Applied(3).Effects);
        Assert.Equal(At(1, 4), Taken(follower.Applied(4)).Last);
    }

    [Fact]
    public void The_snapshot_is_of_all_that_was_given_to_the_state_machine_before()
    {
        var follower = Committed(9);

        Assert.Equal(At(1, 9), Taken(follower.Applied(4)).Last);            // the rest is in its lane already
    }

    [Fact]
    public void While_one_snapshot_is_taken_no_other_is()
    {
        var taking = Committed(9).Applied(5).State;

        Assert.Empty(taking.Applied(9).Effects);
    }

    [Theory]
    [InlineData(4, 1_000)]
    [InlineData(1_000, 4)]
    public void The_next_is_counted_from_the_last(int entries, int bytesOfEntries)
    {
        var policy = new SnapshotPolicy { Entries = entries, Bytes = bytesOfEntries * Logs.Entry(1, 1).Size };
        var (snapshot, follower) = Compacted(commit: 4, Given.Settings with { Snapshots = policy });
        follower = follower.Receive(S2, Speak.Heartbeat(3, At(1, 10), commit: 8)).State;

        Assert.Equal(At(1, 4), snapshot.Last);
        Assert.Empty(follower.Applied(7).Effects);
        Assert.Equal(At(1, 8), Taken(follower.Applied(8)).Last);
    }

    [Fact]
    public void It_is_counted_from_one_that_a_leader_sent_too()
    {
        var policy = new SnapshotPolicy { Bytes = 2 * Logs.Entry(1, 1).Size };
        var follower = Committed(0, Given.Settings with { Snapshots = policy });
        var snapshot = new Snapshot(At(1, 8), follower.Configuration, Size: 1);
        follower = follower.Receive(S2, new InstallSnapshot(T(3), R(2), snapshot, 0, new byte[1])).State.Applied().State;

        Assert.Empty(follower.Receive(S2, Speak.Heartbeat(3, At(1, 10), commit: 9)).State.Applied().Effects);
        Assert.Equal(At(1, 10), Taken(follower.Receive(S2, Speak.Heartbeat(3, At(1, 10), commit: 10)).State.Applied()).Last);
    }

    [Fact]
    public void When_it_is_on_disk_the_log_goes_but_for_a_few_entries()
    {
        var taking = Committed(6).Applied(6).State;
        var snapshot = new Snapshot(At(1, 6), taking.Configuration, Size: 9);

        var after = taking.Snapshotted(snapshot);

        Assert.Equal((At(1, 5), At(1, 10)), (after.State.Log.Base, after.State.LastLog));
        Assert.Equal(new(At(1, 6), 9, Dropped: 5), after.Why<Reason.LogCompacted>());
        Assert.Equal(
            new(T(3), None, snapshot, At(1, 5), Place(10), [], At(1, 10)), after.Persist());
    }

    [Fact]
    public void That_it_is_on_disk_is_news_once()
    {
        var (snapshot, follower) = Compacted(commit: 6);

        var again = follower.Snapshotted(snapshot);

        Assert.Same(follower.Log, again.State.Log);
        Assert.Equal(new(S1, snapshot.Last, Place(6)), again.Why<Reason.SnapshotIgnored>());
    }

    [Fact]
    public void With_the_next_goes_only_what_has_come_since()
    {
        var (_, follower) = Compacted(commit: 4);
        var taking = follower.Receive(S2, Speak.Heartbeat(3, At(1, 10), commit: 8)).State.Applied(8).State;

        var after = taking.Snapshotted(new Snapshot(At(1, 8), taking.Configuration, Size: 9));

        Assert.Equal((At(1, 3), At(1, 7)), (follower.Log.Base, after.State.Log.Base));
        Assert.Equal(new(At(1, 8), 9, Dropped: 4), after.Why<Reason.LogCompacted>());
    }

    [Fact]
    public void It_remembers_the_configuration_in_force_at_its_end_and_not_a_later_one()
    {
        var later = new Entry(At(1, 5), new Payload.Configure(ClusterOf(5)));
        var log = Logs.Of(1, 1, 1, 1).OnTopOf(Snapshot.Beginning(ClusterOf(3)), LogPosition.Zero).Append(Seq1(later));
        var follower = Given.Follower(log: log) with { Settings = Often };
        follower = follower.Receive(S2, Speak.Heartbeat(3, At(1, 4), commit: 4)).State;

        var taken = Taken(follower.Applied(4));
        var after = follower.Applied(4).State.Snapshotted(new(taken.Last, taken.Configuration, Size: 1)).State;

        Assert.Equal(ClusterOf(5), follower.Configuration);
        Assert.Equal(ClusterOf(3), taken.Configuration);
        Assert.Equal((ClusterOf(5), ClusterOf(3)), (after.Configuration, after.Log.ConfigurationAt(Place(4))));
    }

    [Fact]
    public void If_a_configuration_is_taken_back_the_snapshots_is_in_force_again()
    {
        var (_, follower) = Compacted(commit: 4);
        var configure = new Entry(At(3, 11), new Payload.Configure(ClusterOf(5)));
        follower = follower.Receive(S2, new AppendEntries(T(3), R(2), At(1, 10), Seq1(configure), Place(4))).State;

        var after = follower.Receive(S3, Speak.Append(4, At(1, 10), [4])).State;

        Assert.Equal((ClusterOf(5), ClusterOf(3)), (follower.Configuration, after.Configuration));
    }

    [Fact]
    public void A_snapshot_that_came_from_a_leader_meanwhile_makes_an_older_one_useless()
    {
        var taking = Committed(6).Applied(6).State;
        var newer = new Snapshot(At(1, 8), taking.Configuration, Size: 1);
        var installed = taking.Receive(S2, new InstallSnapshot(T(3), R(2), newer, 0, new byte[1])).State;

        var after = installed.Snapshotted(new Snapshot(At(1, 6), taking.Configuration, Size: 9));

        Assert.Same(installed.Log, after.State.Log);
        Assert.Empty(after.Effects);
        Assert.Equal(new(S1, At(1, 6), Place(8)), after.Why<Reason.SnapshotIgnored>());
    }

    /// <summary>A disk keeps one that the node took: the earlier of two could take the place of the later.</summary>
    [Fact]
    public void While_one_is_taken_no_other_is_also_if_a_leader_sent_a_newer_one_meanwhile()
    {
        var taking = Committed(4).Applied().State;
        var newer = new Snapshot(At(1, 6), taking.Configuration, Size: 1);
        var installed = taking.Receive(S2, new InstallSnapshot(T(3), R(2), newer, 0, new byte[1])).State.Applied().State;
        var due = installed.Receive(S2, Speak.Heartbeat(3, At(1, 10), commit: 10)).State;

        Assert.Empty(due.Applied(9).Effects);
        var done = due.Snapshotted(new Snapshot(At(1, 4), taking.Configuration, Size: 9)).State;
        Assert.Equal(At(1, 10), Taken(done.Applied(10)).Last);
    }

    [Fact]
    public void An_append_whose_predecessor_is_the_snapshots_last_entry_is_taken()
    {
        var follower = Given.Follower(log: Log.Over(new Snapshot(At(2, 7), ClusterOf(3), Size: 1)));

        var heartbeat = follower.Receive(S2, Speak.Heartbeat(3, At(2, 7)));
        var append = follower.Receive(S2, Speak.Append(3, At(2, 7), [3, 3]));

        Assert.Equal(new AppendResult.Success(Place(7)), heartbeat.Reply<AppendEntriesReply>().Result);
        Assert.Equal(new AppendResult.Success(Place(9)), append.Reply<AppendEntriesReply>().Result);
        Assert.Equal(At(3, 9), append.State.LastLog);
    }

    [Fact]
    public void An_append_that_begins_inside_the_snapshot_adds_what_comes_after_it()
    {
        var follower = Given.Follower(log: Log.Over(new Snapshot(At(2, 3), ClusterOf(3), Size: 1)));

        var after = follower.Receive(S2, Speak.Append(3, At(1, 1), [2, 2, 3]));

        Assert.Equal(new AppendResult.Success(Place(4)), after.Reply<AppendEntriesReply>().Result);
        Assert.Equal((At(2, 3), At(3, 4)), (after.State.Log.Base, after.State.LastLog));
    }

    [Fact]
    public void A_node_that_starts_again_restores_the_snapshot_before_it_applies_anything()
    {
        var (snapshot, follower) = Compacted(commit: 6);
        var boot = Raft.Boot(S1, Configuration.Nobody, Often, new(T(3), None, follower.Log));

        Assert.Equal(new Effect.RestoreSnapshot(snapshot), Assert.Single(boot.Effects));
        Assert.Equal((Place(6), LogIndex.Zero), (boot.State.CommitIndex, boot.State.LastApplied));

        var after = boot.State.Receive(S2, Speak.Heartbeat(3, At(1, 10), commit: 8));
        Assert.Equal([Place(7), Place(8)], after.Effects.OfType<Effect.Apply>().Single().Entries.Map(entry => entry.Index).ToArray());
    }

    [Fact]
    public void What_the_state_machine_restores_and_applies_before_it_says_so_no_longer_waits()
    {
        var (_, follower) = Compacted(commit: 6);
        var boot = Raft.Boot(S1, Configuration.Nobody, Often, new(T(3), None, follower.Log)).State;

        var after = boot.Receive(S2, Speak.Heartbeat(3, At(1, 10), commit: 8)).State.Applied(8).State;

        Assert.Equal(2 * Logs.Entry(1, 9).Size, after.Backlog);
    }

    private static NodeState Committed(ulong commit, Settings? settings = null) =>
        (Given.Follower(log: Logs.Of(1, 1, 1, 1, 1, 1, 1, 1, 1, 1)) with { Settings = settings ?? Often })
            .Receive(S2, Speak.Heartbeat(3, At(1, 10), commit)).State;

    private static (Snapshot, NodeState) Compacted(ulong commit, Settings? settings = null)
    {
        var taking = Committed(commit, settings).Applied().State;
        var snapshot = new Snapshot(At(1, commit), taking.Configuration, Size: 9);
        return (snapshot, taking.Snapshotted(snapshot).State);
    }

    private static Effect.TakeSnapshot Taken(Transition step) => Assert.IsType<Effect.TakeSnapshot>(Assert.Single(step.Effects));
}
