using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Reactive.Linq;
using System.Threading.Tasks;

namespace RxRaft.Tests.Replaying;

/// <summary>A node that is recorded can be had again, state for state: in simulated worlds, in memory and over TCP.</summary>
public sealed class ReplayTests
{
    private static readonly SnapshotPolicy Often = new() { Entries = 20, Trailing = 5 };

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Nodes_of_a_simulated_world_are_replayed_through_crashes_snapshots_and_changes_of_members(ulong seed)
    {
        using var recorded = new Recorded(toSeq(Range(1, 4)).Map(id => new NodeId((ulong)id)));
        var last = Lived(recorded, seed);

        recorded.Close();
        foreach (var (node, state) in last)
        {
            var told = recorded.Replay(node);
            Assert.Equal(state, Assert.IsType<Replayed.Ended>(told.Last).State);
            Assert.Equal(told.Count(one => one is Replayed.Began), told.Count(one => one is Replayed.Ended));
        }

        Assert.Contains(last.Keys, node => recorded.Replay(node).Count(one => one is Replayed.Began { IsStart: true }) > 1);
        Assert.Contains(recorded.Replay(new NodeId(4)), one => one is Replayed.Stepped step
            && step.Step.Reasons.Exists(reason => reason is Reason.SnapshotInstalled));
    }

    [Fact]
    public async Task Nodes_of_a_real_cluster_in_memory_are_replayed()
    {
        var cluster = Configuration.Of(1, 2, 3);
        var network = new InMemoryNetwork(cluster);
        using var recorded = new Recorded(toSeq(cluster.Members));

        await Live(recorded, cluster.Members.Select(id => RaftNode.Start(
            id, cluster, network.Wire(id), new InMemoryDisk(), KeyValueMachine.Instance,
            Settings.Default with { Snapshots = Often }, journal: recorded[id])));
    }

    [Fact]
    public async Task Nodes_of_a_real_cluster_over_TCP_are_replayed()
    {
        var cluster = Configuration.Of(1, 2, 3);
        var name    = new ClusterId("recorded");
        var wires   = cluster.Members.ToDictionary(
            id => id, id => TcpWire.Start(new TcpWireOptions(name, id, new(IPAddress.Loopback, 0))));
        foreach (var (id, wire) in wires)
            foreach (var other in wires.Keys.Where(other => other != id)) wire.AddPeer(other, wires[other].LocalEndPoint);
        using var recorded = new Recorded(toSeq(cluster.Members));

        await Live(recorded, cluster.Members.Select(id => RaftNode.Start(
            id, cluster, wires[id], new InMemoryDisk(), KeyValueMachine.Instance,
            Settings.Default with { Snapshots = Often }, journal: recorded[id])));

        foreach (var wire in wires.Values) await wire.DisposeAsync();
    }

    [Fact]
    public void A_changed_algorithm_is_reported_at_the_first_step_that_it_takes_differently()
    {
        using var recorded = new Recorded(Seq1(new NodeId(1)));
        Lived(recorded, seed: 1);
        recorded.Close();
        var path  = recorded.Of(new(1));
        var steps = Replay.Of(path).OfType<Replayed.Stepped>().ToArray();
        var place = System.Array.FindIndex(steps, step => step.Step.Reasons.Exists(reason => reason is Reason.VoteGranted));
        Assert.True(place >= 0);

        var differed = Replay.Of(path, Grudging).OfType<Replayed.Differed>().First();
        var compared = Replay.Compare(path, Raft.Step, Grudging).Single();

        Assert.True(Replay.Compare(path, Raft.Step, Raft.Step).IsNone);
        Assert.Equal(steps[place].Number, differed.Number);
        Assert.Equal((steps[place].Number, steps[place].Input, steps[place].Offset), (compared.Number, compared.Input, compared.Offset));
        Assert.Equal(["VotedFor", "Effects"], compared.Fields.Map(field => field.Path).ToArray());
        Assert.Contains("VotedFor: ", $"{compared}", StringComparison.Ordinal);
    }

    [Fact]
    public void A_changed_algorithm_that_only_says_something_else_is_reported_too()
    {
        using var recorded = new Recorded(Seq1(new NodeId(1)));
        Lived(recorded, seed: 2);
        recorded.Close();
        Transition Quiet(NodeState state, Input input) => Raft.Step(state, input) is var step && step.Reasons.IsEmpty
            ? step
            : step with { Reasons = [] };

        var compared = Replay.Compare(recorded.Of(new(1)), Raft.Step, Quiet).Single();

        Assert.Equal(["Reasons"], compared.Fields.Map(field => field.Path).ToArray());
        Assert.DoesNotContain(Replay.Of(recorded.Of(new(1)), Quiet), one => one is Replayed.Differed);
    }

    [Fact]
    public void A_changed_algorithm_that_sends_other_bytes_is_reported_too()
    {
        using var recorded = new Recorded(toSeq(Range(1, 3)).Map(id => new NodeId((ulong)id)));
        var leader = Lived(recorded, seed: 1).Values.First(state => state.Role is Role.Leader).Self;
        recorded.Close();

        var compared = Replay.Compare(recorded.Of(leader), Raft.Step, Garbling).Single();

        Assert.Equal(["Effects"], compared.Fields.Map(field => field.Path).ToArray());
        Assert.EndsWith(", with other bytes", compared.Fields[0].Second, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_state_of_a_storm_is_read_as_it_was_written()
    {
        var states = new List<NodeState>();
        for (var seed = 1UL; seed <= 3; seed++)
            Storm.Blow((state, input) =>
            {
                var step = Raft.Step(state, input);
                if (states.Count < 20_000) states.Add(step.State);
                return step;
            }, seed).Dispose();

        Assert.All(states, state =>
        {
            var (tree, entries) = (TreeCodec.Write(state), state.Log.After(state.Log.Base.Index));
            var read = TreeCodec.Read<NodeState>(tree);
            read = read with { Log = LogCodec.Whole(read.Log, entries) };
            Assert.Equal(state, read);
            Assert.Equal(tree, TreeCodec.Write(read));
            Assert.Equal((state.Log.ConfiguredAt, state.Log.Size), (read.Log.ConfiguredAt, read.Log.Size));
        });
        foreach (var role in typeof(Role).GetNestedTypes()) Assert.Contains(states, state => state.Role.GetType() == role);
    }

    [Fact]
    public void States_are_compared_field_by_field()
    {
        using var recorded = new Recorded(Seq1(new NodeId(1)));
        Lived(recorded, seed: 1);
        recorded.Close();
        var won = Replay.Of(recorded.Of(new(1))).OfType<Replayed.Stepped>()
            .First(step => step.Step.Reasons.Exists(reason => reason is Reason.CommitAdvanced));

        var fields = StateDifference.Between(won.Before, won.Step.State);

        var commit = Assert.Single(fields, field => field.Path == "CommitIndex");
        Assert.Equal((won.Before.CommitIndex.ToString(), won.Step.State.CommitIndex.ToString()), (commit.First, commit.Second));
        Assert.All(fields, field => Assert.NotEqual(field.First, field.Second));
        Assert.Empty(StateDifference.Between(won.Before, won.Before));
        Assert.Contains($"Self: {won.Before.Self}", StateDifference.Lines(won.Before));
    }

    /// <summary>Votes are said, and not given.</summary>
    private static Transition Grudging(NodeState state, Input input)
    {
        var step = Raft.Step(state, input);
        return step.Reasons.Exists(reason => reason is Reason.VoteGranted)
            ? step with { State = step.State with { VotedFor = None }, Effects = [] }
            : step;
    }

    /// <summary>What a leader sends of a command is as long as the command.</summary>
    private static Transition Garbling(NodeState state, Input input) =>
        Raft.Step(state, input) is var step
            ? step with { Effects = step.Effects.Map(Garbled).Strict() }
            : default;

    private static Effect Garbled(Effect effect) => effect is Effect.Send { Message: Message.AppendEntries append } send
        ? send with
        {
            Message = append with
            {
                Entries = append.Entries.Map(entry => entry.Payload is Payload.Command command
                    ? entry with { Payload = command with { Bytes = new byte[command.Bytes.Length] } }
                    : entry).Strict(),
            },
        }
        : effect;

    /// <summary>Elections, commands, crashes, a newcomer: what states the nodes ended with.</summary>
    private static Map<NodeId, NodeState> Lived(Recorded recorded, ulong seed)
    {
        using var store = new KeyValueCluster(WorldOptions.Of(3, seed) with
        {
            Newcomers = toSet(Seq1(new NodeId(4))),
            Settings  = Settings.Default with { Snapshots = Often },
            Journal   = node => recorded.Has(node) ? recorded[node] : null,
        }).Led();
        for (var i = 0; i < 30; i++) store.Result(store.Put(store.Leader, $"k{i % 7}", $"{i}"));
        var leader = store.Leader;
        store.World.Crash(leader);
        store.Expect(world => world.Leader.IsSome, TimeSpan.FromSeconds(5), "another leader");
        store.World.Restart(leader);
        store.Pass(500);
        var added = store[store.Leader].AddAsync(new NodeId(4));
        store.Expect(_ => added.IsCompleted, TimeSpan.FromSeconds(5), "outcome");
        for (var i = 0; i < 30; i++) store.Result(store.Put(store.World.Nodes[i % 3], $"k{i % 7}", $"{i}"));
        for (var i = 0; i < 5; i++) store.Result(store.Get(store.World.Nodes[i % 4], "k1"));
        store.Pass(1_000);
        return toMap(store.World.Nodes.Filter(recorded.Has).Map(node => (node, store.World.StateOf(node))).Strict());
    }

    /// <summary>Fifty commands by real time, and then every node is replayed.</summary>
    private static async Task Live(
        Recorded recorded, IEnumerable<RaftNode<Map<string, string>, KeyValueCommand, Option<string>>> starting)
    {
        var nodes = starting.ToArray();
        await Task.WhenAll(Enumerable.Range(0, 50).Select(i =>
            nodes[i % nodes.Length].ProposeAsync(new KeyValueCommand.Put($"k{i}", $"{i}"))));
        Assert.Equal("49", await nodes[0].ReadAsync(state => state["k49"]));
        foreach (var node in nodes) await node.DisposeAsync();

        recorded.Close();
        foreach (var node in nodes)
            Assert.Equal(node.State, Assert.IsType<Replayed.Ended>(recorded.Replay(node.Self).Last).State);
    }
}
