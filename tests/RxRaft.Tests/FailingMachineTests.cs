using System.Linq;
using System.Reactive.Linq;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>What becomes of a node whose state machine throws: it stops, says on what, and loses nothing.</summary>
public sealed class FailingMachineTests
{
    [Fact]
    public void A_command_that_cannot_be_applied_halts_the_node_and_the_reason_names_its_index()
    {
        const string command = Notes.Unapplicable;
        var trio = Trio.Led();
        trio.Result(trio.Leader.ProposeAsync("a"));
        var leader = trio.Leader;
        var place = leader.State.Log.LastIndex.Next;
        var error = default(Exception);
        using var watching = leader.States.Subscribe(_ => { }, failure => error = failure);

        var asked = leader.ProposeAsync(command);
        trio.Until(() => leader.Completion.IsFaulted, "the node halts");

        var reason = leader.Completion.Exception!.InnerException!;
        Assert.Equal($"The state machine cannot apply the command at {place}: {command}", reason.Message);
        Assert.Equal(command, reason.InnerException?.Message);
        Assert.Same(reason, error);
        var failure = trio.Failure<ObjectDisposedException>(asked);
        Assert.Equal($"Node {leader.Self} has halted: {reason.Message}", failure.Message);
        Assert.Same(reason, failure.InnerException);
    }

    [Theory]
    [InlineData(Notes.Unwritable)]
    [InlineData(Notes.Unreadable)]
    public void A_command_that_cannot_be_written_and_read_back_fails_its_own_call_and_halts_nobody(string command)
    {
        var trio = Trio.Led();
        trio.Result(trio.Leader.ProposeAsync("a"));
        var last = trio.Leader.State.LastLog;

        Assert.Equal(command, trio.Failure<InvalidOperationException>(trio.Leader.ProposeAsync(command)).Message);
        Assert.Equal(command, trio.Failure<InvalidOperationException>(trio.Leader.TryProposeAsync(command)).Message);

        Assert.Equal(last, trio.Leader.State.LastLog);
        Assert.Equal(2, trio.Result(trio.Leader.ProposeAsync("b")));
    }

    [Theory]
    [InlineData(Notes.Unkeepable, false, Notes.Unkeepable)]
    [InlineData("a", true, "blind")]
    public void A_machine_that_cannot_keep_its_first_state_is_told_before_its_node_starts(string first, bool blind, string why)
    {
        var (id, cluster) = (new NodeId(1), Configuration.Of(1));
        var machine = new Notes { Initial = Array(first), Blind = blind };

        var failure = Assert.Throws<ArgumentException>("machine", () =>
            RaftNode.Start(id, cluster, new InMemoryNetwork(cluster).Wire(id), new InMemoryDisk(), machine));

        Assert.Contains($"cannot be written into a snapshot and read again: {why}", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_applied_before_the_command_that_cannot_be_is_told_and_the_log_loses_nothing()
    {
        var trio = Trio.Led();
        trio.Result(trio.Leader.ProposeAsync("a"));
        var leader = trio.Leader;

        var asked = leader.ProposeAsync("b");
        _ = leader.ProposeAsync(Notes.Unapplicable);

        Assert.Equal(2, trio.Result(asked));
        trio.Until(() => leader.Completion.IsFaulted, "the node halts");
        Assert.Equal(["a", "b", Notes.Unapplicable], Trio.TakenIn(trio.Disk(leader.Self)));
    }

    [Fact]
    public void A_node_with_a_machine_that_can_goes_on_where_the_one_that_could_not_halted()
    {
        var trio = Trio.Led();
        var node = trio.Leader;
        _ = node.ProposeAsync(Notes.Unapplicable);
        trio.Until(() => trio.All.Filter(one => one.Completion.IsFaulted).Count == 2, "a quorum halts, being the same machine");

        foreach (var one in trio.All)
        {
            one.StopAtOnce();
            trio.Start(one.Self, new Notes { Forgiving = true });
        }

        trio.Until(() => trio.All.ForAll(one => Trio.Taken(one) is [Notes.Unapplicable]), "it is applied after all");
        Assert.Equal(2, trio.Result(trio[1].ProposeAsync("b")));
    }

    [Fact]
    public void A_state_that_cannot_be_written_into_a_snapshot_halts_the_node_and_the_reason_names_the_place()
    {
        var trio = Trio.Led(settings => settings with { Snapshots = new() { Entries = 5, Trailing = 0 } });
        var leader = trio.Leader;
        trio.Result(leader.ProposeAsync(Notes.Unkeepable));
        foreach (var n in Enumerable.Range(0, 5)) _ = leader.ProposeAsync($"{n}");

        trio.Until(() => leader.Completion.IsFaulted, "the node halts");

        Assert.Matches(
            $"^The state machine cannot write its snapshot at T1#[0-9]+: {Notes.Unkeepable}$",
            leader.Completion.Exception!.InnerException!.Message);
        Assert.Equal(Notes.Unkeepable, Trio.TakenIn(trio.Disk(leader.Self))[0]);           // the log is what it was
    }

    [Fact]
    public void A_snapshot_that_cannot_be_read_halts_the_node_as_it_starts()
    {
        var trio = Trio.Led(settings => settings with { Snapshots = new() { Entries = 5, Trailing = 0 } });
        trio.Result(Task.WhenAll(Enumerable.Range(0, 20).Select(n => trio.Leader.ProposeAsync($"{n}"))));
        var node = trio.Leader;
        trio.Until(() => node.State.Snapshot.Last.Index > LogIndex.Zero, "a snapshot");
        trio.Pass(100);
        node.StopAtOnce();

        var next = trio.Start(node.Self, new Notes { Blind = true });
        trio.Until(() => next.Completion.IsFaulted, "the node halts");

        Assert.Equal(
            $"The state machine cannot read the snapshot at {next.State.Snapshot.Last}: blind",
            next.Completion.Exception!.InnerException!.Message);
    }

    [Fact]
    public void A_function_that_throws_fails_its_own_read_and_nothing_else()
    {
        var trio = Trio.Led();
        trio.Result(trio.Leader.ProposeAsync("a"));

        var bad = trio.Leader.ReadAsync<int>(_ => throw new InvalidOperationException("mine"));
        var good = trio.Leader.ReadAsync(state => state.Count);

        Assert.Equal(1, trio.Result(good));
        Assert.Equal("mine", trio.Failure<InvalidOperationException>(bad).Message);
        Assert.Equal(2, trio.Result(trio.Leader.ProposeAsync("b")));
        Assert.False(trio.Leader.Completion.IsCompleted);
    }

    [Fact]
    public void Without_a_machine_a_wire_a_disk_or_a_cluster_there_is_no_node()
    {
        var (id, cluster, disk) = (new NodeId(1), Configuration.Of(1), new InMemoryDisk());
        var wire = new InMemoryNetwork(cluster).Wire(id);

        Assert.Throws<ArgumentNullException>("machine", () => RaftNode.Start<int, int, int>(id, cluster, wire, disk, null!));
        Assert.Throws<ArgumentNullException>("machine", () => RaftNode.Join<int, int, int>(id, wire, disk, null!));
        Assert.Throws<ArgumentNullException>("wire", () => RaftNode.Start(id, cluster, null!, disk));
        Assert.Throws<ArgumentNullException>("disk", () => RaftNode.Start(id, cluster, wire, null!));
        Assert.Throws<ArgumentNullException>("configuration", () => RaftNode.Start(id, null!, wire, disk));
        Assert.Throws<ArgumentNullException>("cluster", () => new InMemoryNetwork(null!));
    }
}
