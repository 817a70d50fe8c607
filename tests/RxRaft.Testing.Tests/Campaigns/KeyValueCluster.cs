using System.Collections.Generic;
using System.Reactive.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>
/// A world of nodes with a replicated key-value store, which checks that all nodes go through the same states.
/// </summary>
internal sealed class KeyValueCluster : IDisposable
{
    private readonly Dictionary<LogIndex, Map<string, string>> states = [];

    public KeyValueCluster(WorldOptions options)
    {
        World = new World(options.With(KeyValueMachine.Instance), new TestScheduler());
        World.Events.OfType<WorldEvent.Started>().Subscribe(started => Watch(started.Node));
    }

    public World World { get; }

    public NodeId Leader => World.Leader.IfNone(() => throw new InvalidOperationException($"no leader, seed {World.Seed}"));

    /// <summary>A node that runs, as the dice have it.</summary>
    public NodeId Any(Dice dice) => World.Running[dice.Below(World.Running.Count)];

    /// <summary>The last state that each node's machine went through, and where.</summary>
    public Map<NodeId, (LogIndex Index, Map<string, string> State)> Latest { get; private set; } = [];

    public RaftNode<Map<string, string>, KeyValueCommand, Option<string>> this[NodeId node] =>
        World.Node<Map<string, string>, KeyValueCommand, Option<string>>(node);

    public KeyValueCluster Start()
    {
        World.Start();
        return this;
    }

    /// <summary>Started, and with a leader that all know.</summary>
    public KeyValueCluster Led()
    {
        Start();
        Expect(AllFollowOne, TimeSpan.FromSeconds(10), "a leader");
        return this;
    }

    public Task<Option<string>> Put(NodeId node, string key, string value, CancellationToken cancel = default) =>
        this[node].ProposeAsync(new KeyValueCommand.Put(key, value), cancel);

    public Task<Option<string>> Append(NodeId node, string key, string value, CancellationToken cancel = default) =>
        this[node].ProposeAsync(new KeyValueCommand.Append(key, value), cancel);

    public Task<Option<string>> Get(NodeId node, string key, CancellationToken cancel = default) =>
        this[node].ReadAsync(state => state.Find(key), cancel);

    public void Pass(double milliseconds) => World.RunFor(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Lets time pass until something is so.</summary>
    public void Expect(Func<World, bool> condition, TimeSpan limit, string what) =>
        Assert.True(World.RunUntil(condition, limit), $"no {what} within {limit.TotalSeconds} s, seed {World.Seed}");

    /// <summary>Lets time pass until somebody is answered.</summary>
    public T Result<T>(Task<T> asked, double seconds = 5)
    {
        Expect(_ => asked.IsCompleted, TimeSpan.FromSeconds(seconds), "answer");
        return asked.GetAwaiter().GetResult();
    }

    /// <summary>A moment of virtual time for a client to be idle in.</summary>
    public Task Idle(TimeSpan span)
    {
        var over = new TaskCompletionSource();
        World.After(span, () => over.TrySetResult());
        return over.Task;
    }

    /// <summary>All running members have applied all that the leader has committed, which is all that it has.</summary>
    public bool AllAgree(World world) =>
        world.Leader.Exists(leader => world.Running.Filter(world.StateOf(leader).Configuration.Members.Contains).ForAll(node =>
            Latest.Find(node).Exists(latest => latest.Index == world.StateOf(leader).CommitIndex)
            && world.StateOf(node).CommitIndex == world.StateOf(leader).Log.LastIndex));

    public static bool AllFollowOne(World world) =>
        world.Leader.Exists(leader => world.Running.Filter(world.StateOf(leader).Configuration.Members.Contains)
            .ForAll(node => world.StateOf(node).LeaderId.Exists(known => known == leader)));

    public void Dispose() => World.Dispose();

    private void Watch(NodeId node)
    {
        Latest = Latest.Remove(node);
        this[node].States.Subscribe(now => Seen(node, now.Index, now.State), _ => { });
    }

    private void Seen(NodeId node, LogIndex index, Map<string, string> state)
    {
        Latest = Latest.AddOrUpdate(node, (index, state));
        if (states.TryAdd(index, state) || states[index].Equals(state)) return;

        throw new InvalidOperationException($"{node}'s state after {index} is {state}, another's is {states[index]}");
    }
}
