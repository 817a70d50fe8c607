using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Testing;

/// <summary>Writes down what happens in a world, so that it can be played again without one, and in part.</summary>
/// <remarks>
/// The world's algorithm has to be what <see cref="Around"/> gives, and <see cref="Watch"/> has to come before its
/// start.
/// </remarks>
public sealed class RunRecorder
{
    private readonly List<Happening> happenings = [];
    private readonly Dictionary<(ByReference What, NodeId From, NodeId To), Origin> sent = [];
    private readonly Dictionary<(NodeId From, NodeId To, Round Round, long Offset), Origin> chunks = [];
    private readonly Dictionary<NodeId, Known> known = [];
    private World? world;
    private bool looksOn;                   // at an algorithm
    private bool overlooked;                // a step

    /// <summary>What has happened so far.</summary>
    /// <exception cref="InvalidOperationException">
    /// It watches no world, or the world's algorithm is not what <see cref="Around"/> gave.
    /// </exception>
    public RecordedRun Recorded => world is not { } seen
        ? throw new InvalidOperationException("No world was watched")
        : overlooked ? throw new InvalidOperationException("The world's algorithm is not the one that Around gave")
        : new(
            seen.Nodes, toMap(seen.Nodes.Map(node => (node, seen.ClockRate(node)))), seen.Seed,
            toSeq(happenings).Strict())
        {
            Starts = toSeq(happenings.OfType<Happening.Starts>()).Fold(
                Map<NodeId, Happening.Starts>(), (all, start) => all.TryAdd(start.Node, start)),
        };

    /// <summary>An algorithm, and the same with this looking on.</summary>
    public Func<NodeState, Input, Transition> Around(Func<NodeState, Input, Transition> step) => (state, input) =>
    {
        Takes(state, input);
        return step(state, input);
    };

    /// <summary>Looks on, from now until the world's end.</summary>
    public RunRecorder Watch(World observed)
    {
        ArgumentNullException.ThrowIfNull(observed);
        world = observed;
        foreach (var node in world.Nodes) known[node] = new Known { Disk = PersistentState.Fresh };
        world.Events.Subscribe(Happens);
        return this;
    }

    private World World =>
        world ?? throw new InvalidOperationException("The algorithm runs in a world that is not watched");

    private int Next => happenings.Count;

    private int Add(Happening happening)
    {
        happenings.Add(happening);
        return happening.Number;
    }

    private void Happens(WorldEvent happened)
    {
        switch (happened)
        {
            case WorldEvent.Started started: Starts(started); break;
            case WorldEvent.Stepped stepped:
                overlooked |= !looksOn;
                Remember(stepped.Node, stepped.Step);
                break;
            case WorldEvent.Crashed crashed: Crashes(crashed); break;
            case WorldEvent.Sent sending: LookAtDisk(sending.From); break;
        }
    }

    private void Starts(WorldEvent.Started started)
    {
        var (node, disk, state) = (known[started.Node], World.Durable(started.Node), started.Step.State);
        var prepared = ReferenceEquals(disk, node.Disk) ? Option<PersistentState>.None : disk;
        if (disk.Log.Configuration.IsNobody)                                // else it does not matter who they were
            node.Founders = state.IsBlank ? None : Some(state.Configuration);
        node.Disk    = disk;
        node.Current = Add(new Happening.Starts(
            Next, started.At, started.Node, node.Founders, state.Settings, prepared));
        Remember(started.Node, started.Step);
    }

    private void Crashes(WorldEvent.Crashed crashed)
    {
        var (node, disk) = (known[crashed.Node], World.Durable(crashed.Node));
        Add(new Happening.Crashes(Next, crashed.At, crashed.Node, WriteMade: !ReferenceEquals(disk, node.Disk)));
        node.Disk = disk;
    }

    /// <summary>Of a write one sees first what waited for it to be durable.</summary>
    private void LookAtDisk(NodeId id)
    {
        var (node, disk) = (known[id], World.Durable(id));
        if (ReferenceEquals(disk, node.Disk)) return;

        node.Disk  = disk;
        node.Wrote = Add(new Happening.Writes(Next, World.Now, id, Heard: false));
    }

    private void Takes(NodeState state, Input input)
    {
        var (id, at) = (state.Self, World.Now);
        looksOn = true;
        LookAtDisk(id);
        known[id].Current = input switch
        {
            Input.Tick => input.At < state.NextDeadline ? -1 : Add(new Happening.Ticks(Next, at, id)),
            Input.Receive(var from, var message) =>
                Add(new Happening.Arrives(Next, at, id, from, OriginOf(from, id, message))),
            Input.Persisted => Hears(known[id].Wrote),
            Input.Applied => Add(new Happening.Applies(Next, at, id)),
            Input.Snapshotted(var snapshot) => Add(new Happening.Snapshots(Next, at, id, snapshot.Size)),
            Input.Propose or Input.Read or Input.Reconfigure or Input.TransferTo =>
                Add(new Happening.Asks(Next, at, id, input)),
            _ => throw Unreachable.Case(input),
        };
    }

    private int Hears(int wrote)
    {
        happenings[wrote] = (Happening.Writes)happenings[wrote] with { Heard = true };
        return wrote;
    }

    private Origin OriginOf(NodeId from, NodeId to, Message message) =>
        sent.TryGetValue((new(message), from, to), out var origin) ? origin
        : message is Message.InstallSnapshot part
            && chunks.TryGetValue((from, to, part.Round, part.Offset), out var chunk) ? chunk
        : throw new InvalidOperationException($"{from} was never asked to send {to} a {Transcript.Of(message)}");

    private void Remember(NodeId node, Transition step)
    {
        for (var i = 0; i < step.Effects.Count; i++)
        {
            var origin = new Origin(known[node].Current, i);
            if (step.Effects[i] is Effect.Send send) sent[(new(send.Message), node, send.To)] = origin;
            if (step.Effects[i] is Effect.SendChunk part) chunks[(node, part.To, part.Round, part.Offset)] = origin;
        }
    }

    private sealed class Known
    {
        public required PersistentState Disk { get; set; }

        public Option<Configuration> Founders { get; set; }

        /// <summary>The number of what happens to it at the moment.</summary>
        public int Current { get; set; } = -1;

        /// <summary>That of its last write.</summary>
        public int Wrote { get; set; } = -1;
    }
}

/// <summary>A thing itself, and not what is equal to it.</summary>
internal readonly struct ByReference(object what) : IEquatable<ByReference>
{
    private readonly object what = what;

    public bool Equals(ByReference other) => ReferenceEquals(what, other.what);

    public override bool Equals(object? obj) => obj is ByReference other && Equals(other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(what);
}
