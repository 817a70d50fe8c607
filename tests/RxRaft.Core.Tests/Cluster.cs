using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Tests;

/// <summary>A few nodes on one clock, in one thread: disks are instant, messages arrive at once or never.</summary>
internal sealed class Cluster
{
    private readonly SortedDictionary<NodeId, NodeState> nodes = [];
    private readonly Dictionary<NodeId, PersistentState> disks = [];
    private readonly Queue<(NodeId From, NodeId To, Message Message)> wire = [];
    private readonly System.Collections.Generic.HashSet<NodeId> cutOff = [];

    /// <summary>S1, S2 ... with these disks, just started.</summary>
    public Cluster(params PersistentState[] disks)
    {
        foreach (var (i, disk) in disks.Index())
        {
            var id = new NodeId((ulong)i + 1);
            this.disks[id] = disk;
            Take(id, Raft.Boot(id, ClusterOf(disks.Length), Given.Settings, disk));
        }
    }

    /// <summary>n nodes that have never run.</summary>
    public static Cluster Of(int size) => new([.. Enumerable.Repeat(PersistentState.Fresh, size)]);

    public NodeState this[NodeId node] => nodes[node];

    public Instant Now { get; private set; }

    public List<Reason> Story { get; } = [];

    /// <summary>Who leads; if several think so, in the newest term.</summary>
    public NodeState Leader =>
        nodes.Values.Where(node => node.Role is Role.Leader).MaxBy(node => node.CurrentTerm)
        ?? throw new InvalidOperationException($"nobody leads: {string.Join("; ", nodes.Values)}");

    public PersistentState Disk(NodeId node) => disks[node];

    public void CutOff(NodeId node) => cutOff.Add(node);

    public void Heal(NodeId node) => cutOff.Remove(node);

    /// <summary>Lets time pass, and everything happen that is due in it.</summary>
    public void Run(TimeSpan span)
    {
        var end = Now + span;
        for (var next = Due(); next.NextDeadline <= end; next = Due())
        {
            Now = next.NextDeadline;
            Happen(next.Self, new Input.Tick());
        }

        Now = end;
    }

    /// <summary>Something happens to a node, and everything that follows from it at once.</summary>
    public void Happen(NodeId node, Input input)
    {
        Step(node, input);
        while (wire.TryDequeue(out var letter)) Step(letter.To, new Input.Receive(letter.From, letter.Message));
    }

    private NodeState Due() => nodes.Values.MinBy(node => node.NextDeadline)!;

    private void Step(NodeId node, Input input) => Take(node, Raft.Step(nodes[node], input with { At = Now }));

    private void Take(NodeId node, Transition step)
    {
        nodes[node] = step.State;
        Story.AddRange(step.Reasons);
        foreach (var effect in step.Effects) Do(node, effect);
    }

    private void Do(NodeId node, Effect effect)
    {
        if (effect is Effect.Persist write)
        {
            disks[node] = disks[node].After(write);
            Step(node, new Input.Persisted(write.CurrentTerm, write.VotedFor, write.LastLog));
        }

        if (effect is Effect.Apply apply) Step(node, new Input.Applied(apply.Entries[apply.Entries.Count - 1].Index));
        if (effect is Effect.Send send && !cutOff.Contains(node) && !cutOff.Contains(send.To))
            wire.Enqueue((node, send.To, send.Message));
    }
}
