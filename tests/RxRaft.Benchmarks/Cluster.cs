using System.Collections.Generic;

namespace RxRaft.Benchmarks;

/// <summary>
/// The core of a few nodes and nothing else: every message arrives, in the order sent, disks are instant, and state
/// machines count what they apply.
/// </summary>
internal sealed class Cluster
{
    private readonly NodeState[] started;
    private readonly NodeState[] nodes;
    private readonly Queue<(NodeId To, Input Input)> coming = new();
    private Instant now;

    /// <summary>S1 to Sn, just started.</summary>
    public Cluster(int size) : this(size, Settings.Default) { }

    /// <summary>S1 to Sn, just started.</summary>
    public Cluster(int size, Settings settings)
    {
        var configuration = WorldOptions.Of(size, seed: 1).Configuration;
        started = [.. toSeq(configuration.Members).Map(id =>
            Raft.Boot(id, configuration, settings, PersistentState.Fresh).State)];
        nodes = [.. started];
    }

    /// <summary>One of the nodes, as it is.</summary>
    public NodeState this[NodeId node]
    {
        get => nodes[node.Value - 1];
        private set => nodes[node.Value - 1] = value;
    }

    /// <summary>Commands that S1's state machine has applied.</summary>
    public long Applied { get; private set; }

    /// <summary>Steps that all nodes together have taken.</summary>
    public long Steps { get; private set; }

    /// <summary>
    /// Begins anew: S1's election timeout passes, and all that follows from it happens at once.
    /// </summary>
    public void Elect()
    {
        started.CopyTo(nodes, 0);
        now = started[0].NextDeadline;
        Step(started[0].Self, new Input.Tick { At = now });
        Settle();
    }

    /// <summary>Whether one node leads, and every other knows.</summary>
    public bool IsLedBy(NodeId leader) => toSeq(nodes).ForAll(node => node.LeaderId == leader);

    /// <summary>Clients of S1 propose; what follows from it is still to come.</summary>
    public void Propose(Seq<Proposal> proposals) =>
        Step(started[0].Self, new Input.Propose(proposals) { At = now });

    /// <summary>Lets happen all that is still to come, and all that follows from it.</summary>
    public void Settle()
    {
        while (coming.TryDequeue(out var next)) Step(next.To, next.Input);
    }

    /// <summary>
    /// Lets happen what is still to come, but not yet what follows from it: as if every message took the same time.
    /// </summary>
    public void Round()
    {
        for (var left = coming.Count; left > 0; left--)
        {
            var (to, input) = coming.Dequeue();
            Step(to, input);
        }
    }

    private void Step(NodeId node, Input input)
    {
        var (state, effects, _) = Raft.Step(this[node], input);
        this[node] = state;
        Steps++;
        for (var i = 0; i < effects.Count; i++) Do(node, effects[i]);
    }

    private void Do(NodeId node, Effect effect)
    {
        switch (effect)
        {
            case Effect.Persist write:
                Echo(new Input.Persisted(write.CurrentTerm, write.VotedFor, write.LastLog) { At = now });
                break;
            case Effect.Send(var to, var message):
                coming.Enqueue((to, new Input.Receive(node, message) { At = now }));
                break;
            case Effect.Apply(var entries):
                if (node == started[0].Self) Applied += Commands(entries);
                Echo(new Input.Applied(entries[entries.Count - 1].Index) { At = now });
                break;
            case Effect.TakeSnapshot(var last, var configuration):
                Echo(new Input.Snapshotted(new Snapshot(last, configuration, Size: 8)) { At = now });
                break;
            default:
                throw new InvalidOperationException($"{node} asks for what was not foreseen here: {effect}");
        }

        void Echo(Input input) => coming.Enqueue((node, input));
    }

    private static long Commands(Seq<Entry> entries)
    {
        var commands = 0L;
        for (var i = 0; i < entries.Count; i++)
            if (entries[i].Payload is Payload.Command) commands++;
        return commands;
    }
}
