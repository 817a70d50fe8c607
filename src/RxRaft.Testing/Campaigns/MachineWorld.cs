using System.Collections.Generic;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Threading.Tasks;

namespace RxRaft.Testing;

/// <summary>A world of nodes with a replicated state machine, all of which must go through the same states.</summary>
/// <typeparam name="TState">The machine's state.</typeparam>
/// <typeparam name="TCommand">What clients ask of it.</typeparam>
/// <typeparam name="TResult">What they get.</typeparam>
public class MachineWorld<TState, TCommand, TResult> : IDisposable
{
    private readonly Dictionary<LogIndex, TState> states = [];
    private readonly IEqualityComparer<TState> same;
    private readonly ISerializer<TState> serializer;

    /// <summary>Builds a world in which nobody runs yet.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="machine">Runs on every node.</param>
    /// <param name="scheduler">Virtual time.</param>
    /// <param name="same">
    /// Which states are the same; by default those that their own equality says are, which collections of .NET do not
    /// have by value.
    /// </param>
    public MachineWorld(
        WorldOptions options, IMachine<TState, TCommand, TResult> machine, IScheduler scheduler,
        IEqualityComparer<TState>? same = null)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(machine);
        serializer = machine.States;
        this.same = same ?? EqualityComparer<TState>.Default;
        World = new World(options.With(machine), scheduler);
        World.Events.OfType<WorldEvent.Started>().Subscribe(started => Watch(started.Node));
    }

    /// <summary>The world itself.</summary>
    public World World { get; }

    /// <summary>The leader of the latest term that has one.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public NodeId Leader =>
        World.Leader.IfNone(() => throw new InvalidOperationException($"no leader, seed {World.Seed}"));

    /// <summary>A node that runs, as the dice have it.</summary>
    public NodeId Any(Dice dice) => World.Running[dice.Below(World.Running.Count)];

    /// <summary>The last state that each node's machine went through, and where.</summary>
    public Map<NodeId, (LogIndex Index, TState State)> Latest { get; private set; } = [];

    /// <summary>A running node.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public RaftNode<TState, TCommand, TResult> this[NodeId node] => World.Node<TState, TCommand, TResult>(node);

    /// <summary>Started, and with a leader that all know.</summary>
    /// <exception cref="LivenessException">There is none within 10 s.</exception>
    public void Lead()
    {
        World.Start();
        Expect(AllFollowOne, TimeSpan.FromSeconds(10), "a leader");
    }

    /// <summary>Lets virtual time pass.</summary>
    public void Pass(double milliseconds) => World.RunFor(TimeSpan.FromMilliseconds(milliseconds));

    /// <summary>Lets time pass until something is so.</summary>
    /// <exception cref="LivenessException">It is not, within the limit.</exception>
    public void Expect(Func<World, bool> condition, TimeSpan limit, string what)
    {
        if (!World.RunUntil(condition, limit))
            throw new LivenessException(Say.Invariant($"no {what} within {limit.TotalSeconds} s, seed {World.Seed}"));
    }

    /// <summary>A moment of virtual time for a client to be idle in.</summary>
    public Task Idle(TimeSpan span)
    {
        var over = new TaskCompletionSource();
        World.After(span, () => over.TrySetResult());
        return over.Task;
    }

    /// <summary>All running members have applied all that the leader has committed, which is all that it has.</summary>
    public bool AllAgree(World world) => world.Leader.Exists(leader => MembersOf(leader).ForAll(node =>
        Latest.Find(node).Exists(latest => latest.Index == world.StateOf(leader).CommitIndex)
        && world.StateOf(node).CommitIndex == world.StateOf(leader).Log.LastIndex));

    /// <summary>All running members know one leader.</summary>
    public bool AllFollowOne(World world) => world.Leader.Exists(leader =>
        MembersOf(leader).ForAll(node => world.StateOf(node).LeaderId.Exists(known => known == leader)));

    /// <inheritdoc/>
    public void Dispose()
    {
        World.Dispose();
        GC.SuppressFinalize(this);
    }

    private Seq<NodeId> MembersOf(NodeId leader) =>
        World.Running.Filter(World.StateOf(leader).Configuration.Members.Contains);

    private void Watch(NodeId node)
    {
        Latest = Latest.Remove(node);
        this[node].States.Subscribe(now => Seen(node, now.Index, now.State), _ => { });
    }

    /// <summary>An observer that throws halts the node, and a node that halts is a violation.</summary>
    private void Seen(NodeId node, LogIndex index, TState state)
    {
        Latest = Latest.AddOrUpdate(node, (index, state));
        if (states.TryAdd(index, state) || same.Equals(states[index], state)) return;

        throw new InvalidOperationException(Bytes(state).SequenceEqual(Bytes(states[index]))
            ? $"{node}'s state after {index} and another's are written in the same bytes, but their equality tells "
                + $"them apart: states have to be compared by value, by {typeof(TState)} "
                + "or by the trial's States"
            : $"{node}'s state after {index} is {state}, another's is {states[index]}");
    }

    private ReadOnlySpan<byte> Bytes(TState state) => Draft.Of(serializer, state).Span;
}
