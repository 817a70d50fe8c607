using System.Collections.Generic;

namespace RxRaft.Benchmarks;

/// <summary>
/// The core of a few nodes and nothing else: every message arrives, in the order sent, and disks are instant.
/// </summary>
internal sealed class Cluster
{
    private readonly NodeState[] started;
    private readonly NodeState[] nodes;
    private readonly Queue<(NodeId From, NodeId To, Message Message)> wire = new();
    private Instant now;

    /// <summary>S1 to Sn, just started.</summary>
    public Cluster(int size)
    {
        var configuration = WorldOptions.Of(size, seed: 1).Configuration;
        started = [.. toSeq(configuration.Members).Map(id =>
            Raft.Boot(id, configuration, Settings.Default, PersistentState.Fresh).State)];
        nodes = [.. started];
    }

    /// <summary>One of the nodes, as it is.</summary>
    public NodeState this[NodeId node]
    {
        get => nodes[node.Value - 1];
        private set => nodes[node.Value - 1] = value;
    }

    /// <summary>
    /// Begins anew: S1's election timeout passes, and all that follows from it happens at once.
    /// </summary>
    public void Elect()
    {
        started.CopyTo(nodes, 0);
        now = started[0].NextDeadline;
        Step(started[0].Self, new Input.Tick { At = now });
        while (wire.TryDequeue(out var sent)) Step(sent.To, new Input.Receive(sent.From, sent.Message) { At = now });
    }

    /// <summary>Whether one node leads, and every other knows.</summary>
    public bool IsLedBy(NodeId leader) => toSeq(nodes).ForAll(node => node.LeaderId == leader);

    private void Step(NodeId node, Input input)
    {
        var (state, effects, _) = Raft.Step(this[node], input);
        this[node] = state;
        for (var i = 0; i < effects.Count; i++) Do(node, effects[i]);
    }

    private void Do(NodeId node, Effect effect)
    {
        switch (effect)
        {
            case Effect.Persist write:
                Step(node, new Input.Persisted(write.CurrentTerm, write.VotedFor, write.LastLog) { At = now });
                break;
            case Effect.Send(var to, var message):
                wire.Enqueue((node, to, message));
                break;
        }
    }
}
