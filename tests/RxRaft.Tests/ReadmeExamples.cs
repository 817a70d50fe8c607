using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>The README's examples, compiled and run; ReadmeTests holds the page against this file.</summary>
public sealed class ReadmeExamples
{
    [Fact]
    public async Task Leader_election_in_fifteen_lines()
    {
        var store = new Store();

        // README: leader election
        var cluster = Configuration.Of(1, 2, 3);
        var network = new InMemoryNetwork(1, 2, 3);
        var nodes = cluster.Members
            .Select(id => RaftNode.Start(id, cluster, network.Wire(id), new InMemoryDisk())).ToList();

        foreach (var node in nodes)
        {
            node.Leadership.Subscribe(now => Console.WriteLine($"{node.Self} sees: {now}"));
            _ = node.WhileLeaderAsync(async (term, lost) =>             // on one node at a time
            {
                while (!lost.IsCancellationRequested)                   // cancelled before another can be elected
                    await store.WriteAsync("work of the leader", fencingToken: term.Value, lost);
            });
        }
        // README: end

        await store.Written.Task.WaitAsync(TimeSpan.FromSeconds(60));
        foreach (var node in nodes) await node.DisposeAsync();
        Assert.True(store.HighestToken >= 1);
    }

    // README: virtual time
    [Fact]
    public void Another_node_takes_over_from_a_leader_that_is_cut_off_and_it_steps_down()
    {
        using var world = new World(WorldOptions.Of(nodes: 5, seed: 42), new TestScheduler());
        world.Start();
        Assert.True(world.RunUntil(now => now.Leader.IsSome, TimeSpan.FromSeconds(2)));
        var old = world.Leader.Single();

        world.Wire.CutOff(old);
        world.RunFor(TimeSpan.FromSeconds(1));                          // takes about 5 ms

        var next = Assert.Single(world.Leaders);
        Assert.NotEqual(old, next);

        world.Wire.Rejoin(old);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(next, world.StateOf(old).LeaderId);                // its return disturbed nobody
    }
    // README: end

    /// <summary>A store that keeps the rule of fencing: no token lower than the highest it has seen.</summary>
    private sealed class Store
    {
        public TaskCompletionSource Written { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ulong HighestToken { get; private set; }

        public async Task WriteAsync(string what, ulong fencingToken, CancellationToken lost)
        {
            Assert.NotEmpty(what);
            Assert.True(fencingToken >= HighestToken);
            HighestToken = fencingToken;
            Written.TrySetResult();
            lost.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }
}
