using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Tests;

/// <summary>A cluster in which anything may happen next; after each thing, the walk checks what must hold.</summary>
/// <remarks>
/// Effects wait in a lane of each node until they are done one by one, so a crash may come between any two of them.
/// All clocks run at the same rate, so that the leases of different nodes can be compared.
/// </remarks>
internal sealed class Walk
{
    private sealed class Node(NodeId id)
    {
        public NodeId Id { get; } = id;
        public required NodeState State { get; set; }
        public PersistentState Disk { get; set; } = PersistentState.Fresh;
        public Queue<Effect> Lane { get; } = [];
        public TimeSpan BootedAt { get; set; }

        public Instant Clock(TimeSpan now) => new(now - BootedAt);

        public TimeSpan LeaseEnd => State.LeaseEnd.Match(end => BootedAt + end.SinceStart, TimeSpan.MinValue);
    }

    private static readonly PersistentState Fresh = PersistentState.Fresh;

    private readonly Node[] nodes;
    private readonly List<(NodeId From, NodeId To, Message Message)> wire = [];
    private readonly SortedDictionary<Term, NodeId> leaders = [];
    private readonly SortedDictionary<(NodeId Voter, Term Term), NodeId> ballots = [];
    private TimeSpan now;

    public Walk(int size) =>
        nodes = [.. ClusterOf(size).Members.Select(id => new Node(id) { State = Boot(id, size, Fresh) })];

    /// <summary>Every leader there was, by term.</summary>
    public IReadOnlyDictionary<Term, NodeId> Leaders => leaders;

    /// <summary>How many leases were gained.</summary>
    public int Leases { get; private set; }

    /// <summary>How many nodes crashed.</summary>
    public int Crashes { get; private set; }

    /// <summary>One thing happens.</summary>
    /// <param name="draw">Which: of 16 kinds, and to whom.</param>
    public void Take(int draw)
    {
        var node = nodes[draw / 16 % nodes.Length];
        var pick = draw / 16;
        switch (draw % 16)
        {
            case 0: Drop(pick); break;
            case 1: Duplicate(pick); break;
            case 2: now += Ms(pick % 50); break;
            case 3 when pick % 16 == 0: Crash(node); break;
            case 4 or 5: WakeTheNextDue(); break;
            case 6: Work(node, all: false); break;
            case 7 or 8: Work(node, all: true); break;
            default:
                foreach (var each in nodes) Work(each, all: true);
                for (var letter = 0; letter < nodes.Length / 2; letter++) Deliver(pick);
                break;
        }
    }

    private void WakeTheNextDue()
    {
        var next = nodes.MinBy(node => node.BootedAt + node.State.NextDeadline.SinceStart)!;
        var due = next.BootedAt + next.State.NextDeadline.SinceStart;
        if (due > now) now = due;
        Happen(next, new Input.Tick());
    }

    private void Deliver(int pick)
    {
        if (wire.Count == 0) return;

        var letter = wire[pick % wire.Count];
        wire.RemoveAt(pick % wire.Count);
        now += Ms(0.1);
        Happen(nodes.First(node => node.Id == letter.To), new Input.Receive(letter.From, letter.Message));
    }

    private void Drop(int pick)
    {
        if (wire.Count > 0) wire.RemoveAt(pick % wire.Count);
    }

    private void Duplicate(int pick)
    {
        if (wire.Count > 0) wire.Add(wire[pick % wire.Count]);
    }

    private void Crash(Node node)
    {
        Crashes++;
        node.Lane.Clear();
        node.BootedAt = now;
        node.State = Boot(node.Id, nodes.Length, node.Disk);
    }

    private void Work(Node node, bool all)
    {
        do
        {
            if (!node.Lane.TryDequeue(out var effect)) return;

            if (effect is Effect.Persist write)
            {
                node.Disk = node.Disk.After(write);
                Happen(node, new Input.Persisted(write.CurrentTerm, write.VotedFor));
            }

            if (effect is Effect.Send send) Leave(node, send);
        }
        while (all);
    }

    private void Leave(Node node, Effect.Send send)
    {
        Properties.DurableBeforeSaid(node.Disk, node.Id, send);
        if (send.Message is Message.RequestVoteReply { VoteGranted: true } vote) Voted(node.Id, vote.Term, send.To);
        if (send.Message is Message.RequestVote request) Voted(node.Id, request.Term, node.Id);
        wire.Add((node.Id, send.To, send.Message));
    }

    private void Voted(NodeId voter, Term term, NodeId candidate)
    {
        ballots.TryAdd((voter, term), candidate);
        Assert.Equal(candidate, ballots[(voter, term)]);        // also over crashes
    }

    private void Happen(Node node, Input input)
    {
        var before = node.State;
        var step = Raft.Step(before, input with { At = node.Clock(now) });
        node.State = step.State;
        foreach (var effect in step.Effects) node.Lane.Enqueue(effect);

        Properties.HoldOfOneStep(before, input, step);
        if (before.Role is not Role.Leader && node.State.Role is Role.Leader) Elected(node);
        if (before.LeaseEnd.IsNone && node.State.LeaseEnd.IsSome) Leases++;
        Assert.True(nodes.Count(each => each.LeaseEnd > now) <= 1, $"two nodes hold a lease at {now}");
    }

    private void Elected(Node node)
    {
        Assert.True(leaders.TryAdd(node.State.CurrentTerm, node.Id), $"two leaders of {node.State.CurrentTerm}");
        Assert.DoesNotContain(nodes, other => other != node && other.LeaseEnd > now);
    }

    private static NodeState Boot(NodeId id, int size, PersistentState disk) =>
        NodeState.Boot(id, ClusterOf(size), Given.Settings, disk);
}
