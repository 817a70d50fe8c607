using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using static RxRaft.Tests.Wires;

namespace RxRaft.Tests;

/// <summary>Whole nodes over real sockets.</summary>
public sealed class ClusterOverTcpTests
{
    private static readonly Configuration Founders = Configuration.Of(1, 2, 3);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Three_nodes_elect_a_leader_and_apply_what_is_proposed_at_each_of_them(bool secure)
    {
        await using var cluster = new Cluster(secure);
        await cluster.Propose("a", 50);

        await cluster.Restart(new NodeId(2));
        await cluster.Propose("b", 50);

        var read = await Task.WhenAll(cluster.Nodes.Values.Select(node => node.ReadAsync(state => state))).WaitAsync(Generous);
        Assert.All(read, state => Assert.Equal((300, 300), (state.Count, state.Distinct().Count())));

        // One that is introduced to the others may be dialled by them before they are introduced to it.
        Assert.All(cluster.Wires.Values, wire =>
            Assert.Equal(Map<WireRefusal, long>(), wire.Wire.Counters.Refused.Remove(WireRefusal.UnknownNode)));
    }

    private sealed class Cluster : IAsyncDisposable
    {
        private readonly Dictionary<NodeId, InMemoryDisk> disks = [];
        private readonly bool secure;

        public Cluster(bool secure)
        {
            this.secure = secure;
            foreach (var id in Founders.Members) Wires[id] = Wire(id, 0);
            Introduce([.. Wires.Values]);
            foreach (var id in Founders.Members) Start(id);
        }

        public Dictionary<NodeId, Wires> Wires { get; } = [];

        public Dictionary<NodeId, RaftNode<Arr<string>, string, int>> Nodes { get; } = [];

        public Task Propose(string name, int each) =>
            Task.WhenAll(Nodes.Values.SelectMany(node => Enumerable.Range(0, each)
                .Select(n => Task.Run(() => node.ProposeAsync($"{name} {n} at {node.Self}"))))).WaitAsync(Generous);

        public async Task Restart(NodeId id)
        {
            var port = Wires[id].Wire.LocalEndPoint.Port;
            await Nodes[id].DisposeAsync();
            await Wires[id].DisposeAsync();
            Wires[id] = Wire(id, port);
            Introduce([.. Wires.Values]);
            Start(id);
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var node in Nodes.Values) await node.DisposeAsync();
            foreach (var wire in Wires.Values) await wire.DisposeAsync();
        }

        private void Start(NodeId id)
        {
            if (!disks.TryGetValue(id, out var disk)) disks[id] = disk = new();
            Nodes[id] = RaftNode.Start(id, Founders, Wires[id].Wire, disk, Notes.Machine);
        }

        private Wires Wire(NodeId id, int port) =>
            Tests.Wires.Start(Options(id, port) with { Tls = secure ? TlsTests.OfNode(id) : null });
    }
}
