using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Tests;

/// <summary>A cluster in which anything may happen next; after each thing, the walk checks what must hold.</summary>
/// <remarks>
/// Effects wait in a lane of each node until they are done one by one, so a crash may come between any two of them;
/// what may go at once does. All clocks run at the same rate, so that the leases of different nodes can be compared.
/// Snapshots are frequent, and their bytes are zeros.
/// </remarks>
internal sealed class Walk
{
    private sealed class Node(NodeId id)
    {
        public NodeId Id { get; } = id;
        public required NodeState State { get; set; }
        public PersistentState Disk { get; set; } = PersistentState.Fresh;
        public Queue<Effect> Lane { get; } = [];
        public Queue<Effect> Machine { get; } = [];
        public LogIndex Applied { get; set; }
        public TimeSpan BootedAt { get; set; }

        public Instant Clock(TimeSpan now) => new(now - BootedAt);

        public TimeSpan LeaseEnd => State.LeaseEnd.Match(end => BootedAt + end.SinceStart, TimeSpan.MinValue);
    }

    private static readonly Settings Settings = Given.Settings with
    {
        Snapshots = new() { Entries = 4, Trailing = 1 },
        Limits = new() { SnapshotChunkBytes = 2, MaxInflightChunks = 2, MaxInflightAppends = 3, MaxAppendBytes = 100 },
    };

    private readonly Node[] nodes;
    private readonly List<(NodeId From, NodeId To, Message Message)> wire = [];
    private readonly SortedDictionary<Term, NodeId> leaders = [];
    private readonly SortedDictionary<(NodeId Voter, Term Term), NodeId> ballots = [];
    private readonly SortedDictionary<LogIndex, Entry> committed = [];
    private Node? stalled;
    private TimeSpan now;
    private ulong requests;

    public Walk(int size)
    {
        nodes = [.. ClusterOf(size).Members.Select(id => new Node(id) { State = Given.Started() })];
        foreach (var node in nodes) Boot(node);
    }

    /// <summary>Every leader there was, by term.</summary>
    public IReadOnlyDictionary<Term, NodeId> Leaders => leaders;

    /// <summary>How many entries were committed.</summary>
    public int Committed => committed.Count;

    /// <summary>How many leases were gained.</summary>
    public int Leases { get; private set; }

    /// <summary>How many nodes crashed.</summary>
    public int Crashes { get; private set; }

    /// <summary>How many snapshots were installed.</summary>
    public int Installed { get; private set; }

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
            case 3 when pick % 16 == 1: HandOver(node, pick); break;
            case 3 when pick % 16 < 5: stalled = stalled is null ? LeaderOr(node) : null; break;     // its disk is slow
            case 3: Propose(pick); break;
            case 4 or 5: WakeTheNextDue(); break;
            case 6: Work(node, all: false); break;
            case 7 or 8: Work(node, all: true); break;
            default:
                foreach (var each in nodes.Where(each => each != stalled)) Work(each, all: true);
                for (var letter = 0; letter < nodes.Length; letter++) Deliver(pick);
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

    private void Propose(int pick)
    {
        var proposals = Enumerable.Range(0, pick % 4 + 1).Select(_ => Samples.Proposal(++requests, bytes: 10));
        Happen(LeaderOr(nodes[0]), new Input.Propose(toSeq(proposals.ToArray())));
    }

    private void HandOver(Node node, int pick) =>
        Happen(LeaderOr(node), new Input.TransferTo(Samples.Request(++requests), nodes[pick % nodes.Length].Id));

    private Node LeaderOr(Node node) =>
        nodes.Where(each => each.State.Role is Role.Leader).MaxBy(each => each.State.CurrentTerm) ?? node;

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
        node.Machine.Clear();
        node.BootedAt = now;
        Boot(node);
    }

    private void Boot(Node node)
    {
        var step = Raft.Boot(node.Id, ClusterOf(nodes.Length), Settings, node.Disk);
        node.State = step.State;
        node.Applied = LogIndex.Zero;
        foreach (var effect in step.Effects) node.Lane.Enqueue(effect);
    }

    private void Work(Node node, bool all)
    {
        do
        {
            if (node.Lane.TryDequeue(out var effect)) Do(node, effect);
            else if (node.Machine.TryDequeue(out var work)) Run(node, work);
            else return;
        }
        while (all);
    }

    private void Do(Node node, Effect effect)
    {
        if (effect is Effect.Persist write)
        {
            node.Disk = node.Disk.After(write);
            Happen(node, new Input.Persisted(write.CurrentTerm, write.VotedFor, write.LastLog));
        }

        if (effect is Effect.Send send) Leave(node, send);
        if (effect is Effect.Apply or Effect.TakeSnapshot or Effect.RestoreSnapshot) node.Machine.Enqueue(effect);
    }

    /// <summary>State Machine Safety: at every place every node applies the same entry, one after the other.</summary>
    private void Run(Node node, Effect work)
    {
        if (work is Effect.TakeSnapshot(var last, var configuration))
        {
            Assert.Equal(node.Applied, last.Index);
            Happen(node, new Input.Snapshotted(new Snapshot(last, configuration, Size: 5)));
            return;
        }

        if (work is Effect.RestoreSnapshot restore) node.Applied = restore.Snapshot.Last.Index;
        if (work is Effect.Apply apply)
            foreach (var entry in apply.Entries)
            {
                Assert.Equal(node.Applied.Next, entry.Index);
                Assert.Equal(committed[entry.Index], entry);
                node.Applied = entry.Index;
            }

        Happen(node, new Input.Applied(node.Applied));
    }

    private void Leave(Node node, Effect.Send send)
    {
        Properties.DurableBeforeSaid(node.Disk, node.Id, send);
        if (send.Message is Message.RequestVoteReply { VoteGranted: true } vote) Voted(node.Id, vote.Term, send.To);
        if (send.Message is Message.RequestVote request) Voted(node.Id, request.Term, node.Id);
        if (wire.Count >= 8 * nodes.Length) wire.RemoveAt(0);
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
        foreach (var effect in step.Effects)
            if (effect is Effect.SendChunk part) Leave(node, new(part.To, Chunk(part)));
            else if (effect is Effect.Send send && effect.IsAtOnce) Leave(node, send);
            else node.Lane.Enqueue(effect);

        Properties.HoldOfOneStep(before, input, step);
        if (before.Role is not Role.Leader && node.State.Role is Role.Leader) Elected(node);
        if (before.LeaseEnd.IsNone && node.State.LeaseEnd.IsSome) Leases++;
        Installed += step.Reasons.Count(reason => reason is Reason.SnapshotInstalled);
        for (var place = before.CommitIndex.Next; place <= node.State.CommitIndex; place = place.Next) Commit(node, place);
        if (nodes.Count(each => each.LeaseEnd > now) > 1) Assert.Fail($"two nodes hold a lease at {now}");
    }

    private static Message.InstallSnapshot Chunk(Effect.SendChunk part) =>
        new(part.Term, part.Round, part.Snapshot, part.Offset, new byte[part.Length]);

    private void Elected(Node node)
    {
        Assert.True(leaders.TryAdd(node.State.CurrentTerm, node.Id), $"two leaders of {node.State.CurrentTerm}");
        Assert.DoesNotContain(nodes, other => other != node && other.LeaseEnd > now);
        foreach (var entry in committed.Values)                 // Leader Completeness
            if (!node.State.Log.Contains(entry.Position)) Assert.Fail($"{node.Id} leads without {entry.Position}");
    }

    private void Commit(Node node, LogIndex place)
    {
        if (place <= node.State.Log.Base.Index) return;         // a snapshot brought it

        var entry = node.State.Log[place];
        var first = committed.TryAdd(place, entry);
        Assert.Equal(committed[place], entry);
        if (first && nodes.Count(each => each.Disk.Log.Contains(entry.Position)) <= nodes.Length / 2)
            Assert.Fail($"{entry.Position} is committed and not on most disks");
    }
}
