using System.Buffers;
using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Tests;

/// <summary>
/// A few whole nodes on one clock: disks with snapshots, a diary each, and clients. What happens, happens at once;
/// messages arrive in order, unless the test loses them; a node crashes where the test says.
/// </summary>
internal sealed class Company
{
    private sealed class Member
    {
        public required NodeState State { get; set; }
        public PersistentState Disk { get; set; } = PersistentState.Fresh;
        public Dictionary<LogPosition, byte[]> Shelf { get; } = [];
        public Replica<string, string?> Replica { get; set; } = RxRaft.Replica.Of(Diary.Machine);
        public TimeSpan BootedAt { get; set; }
        public bool Down { get; set; }
        public int Life { get; set; }
    }

    private readonly SortedDictionary<NodeId, Member> members = [];
    private readonly Queue<(NodeId Node, int? Life, Input Input)> coming = [];      // echoes end with the life
    private readonly Settings settings;
    private TimeSpan now;
    private ulong requests;

    public Company(Settings settings, params NodeId[] founders)
    {
        this.settings = settings;
        foreach (var founder in founders) Start(founder, Configuration.OfNodes(toSeq(founders)));
    }

    /// <summary>Which messages get lost.</summary>
    public Func<NodeId, NodeId, Message, bool> Loses { get; set; } = (_, _, _) => false;

    /// <summary>After which of its effects from now on a node crashes, and starts again at once.</summary>
    public (NodeId Node, int Effects)? Crash { get; set; }

    public List<(NodeId From, NodeId To, Message Message)> Sent { get; } = [];

    public List<(NodeId Node, RequestId Request, Outcome Outcome)> Told { get; } = [];

    public List<(NodeId Node, RequestId Request, string State)> Seen { get; } = [];

    public List<(NodeId Node, Reason Reason)> Story { get; } = [];

    public NodeState this[NodeId node] => members[node].State;

    public Replica<string, string?> Replica(NodeId node) => members[node].Replica;

    public NodeId Leader => members.Values.Where(member => !member.Down && member.State.Role is Role.Leader)
        .MaxBy(member => member.State.CurrentTerm)?.State.Self ?? throw new InvalidOperationException("nobody leads");

    /// <summary>A node starts for the first time, or again with a new disk.</summary>
    public void Start(NodeId node, Configuration configuration)
    {
        members[node] = new() { State = Given.Started() };
        Boot(node, configuration);
    }

    public void Stop(NodeId node) => (members[node].Down, members[node].Life) = (true, members[node].Life + 1);

    /// <summary>It starts with what its disk remembers.</summary>
    public void Restart(NodeId node)
    {
        Stop(node);
        members[node].Down = false;
        members[node].Replica = RxRaft.Replica.Of(Diary.Machine);
        Boot(node, Configuration.Nobody);
    }

    /// <summary>Lets time pass, and everything happen that is due in it.</summary>
    public void Run(double milliseconds)
    {
        var end = now + Ms(milliseconds);
        Deliver();
        for (var next = Due(); next.At <= end; next = Due())
        {
            now = next.At > now ? next.At : now;
            Step(next.Node, new Input.Tick());
            Deliver();
        }

        now = end;
    }

    /// <summary>Until somebody leads, and has committed something.</summary>
    public NodeId Elect()
    {
        for (var patience = 0; patience < 100; patience++)
        {
            Run(50);
            var leads = members.Values.Where(member => !member.Down && member.State.Role is Role.Leader).ToList();
            if (leads is [{ State: { Role: Role.Leader leader } state }] && state.CommitIndex >= leader.FirstIndex) return state.Self;
        }

        throw new InvalidOperationException("nobody leads after five seconds");
    }

    public void Happen(NodeId node, Input input)
    {
        Step(node, input);
        Deliver();
    }

    /// <summary>Clients write so many letters at the leader.</summary>
    public void Write(int letters)
    {
        for (var i = 0; i < letters; i++)
            Happen(Leader, new Input.Propose(Seq1(new Proposal(Diary.Write(SessionId.None, ++requests, Letter(requests))))));
    }

    private static string Letter(ulong number) => $"{(char)('a' + number % 26)}";

    private (NodeId Node, TimeSpan At) Due() => members.Where(member => !member.Value.Down)
        .Select(member => (member.Key, member.Value.BootedAt + member.Value.State.NextDeadline.SinceStart)).MinBy(due => due.Item2);

    private void Boot(NodeId node, Configuration configuration)
    {
        members[node].BootedAt = now;
        Take(node, Raft.Boot(node, configuration, settings, members[node].Disk));
    }

    private void Deliver()
    {
        while (coming.TryDequeue(out var next))
            if (members.TryGetValue(next.Node, out var member) && !member.Down && (next.Life ?? member.Life) == member.Life)
                Step(next.Node, next.Input);
    }

    private void Step(NodeId node, Input input) => Take(node, Raft.Step(
        members[node].State, input with { At = new Instant(now - members[node].BootedAt) }));

    private void Take(NodeId node, Transition step)
    {
        var (member, life) = (members[node], members[node].Life);
        member.State = step.State;
        Story.AddRange(step.Reasons.Map(reason => (node, reason)));
        foreach (var effect in step.Effects)
        {
            if (member.Life != life) return;
            if (Crash is { } crash && crash.Node == node)
            {
                Crash = crash.Effects == 0 ? null : (node, crash.Effects - 1);
                if (crash.Effects == 0) Restart(node);
                if (crash.Effects == 0) return;
            }

            Do(node, member, effect);
        }
    }

    private void Do(NodeId node, Member member, Effect effect)
    {
        switch (effect)
        {
            case Effect.Persist write:
                if (write.Snapshot.Case is Snapshot named) Assert.Equal(named.Size, Bytes(member, named.Last).Length);
                member.Disk = member.Disk.After(write);
                Echo(node, new Input.Persisted(write.CurrentTerm, write.VotedFor, write.LastLog));
                break;
            case Effect.Send(var to, var message): Send(node, to, message); break;
            case Effect.SendChunk part:
                var bytes = Bytes(member, part.Snapshot.Last).AsMemory((int)part.Offset, part.Length);
                Send(node, part.To, new Message.InstallSnapshot(part.Term, part.Round, part.Snapshot, part.Offset, bytes));
                break;
            case Effect.StoreChunk part:
                var before = part.Offset == 0 ? [] : Bytes(member, part.Snapshot.Last);
                Assert.Equal(part.Offset, before.Length);
                member.Shelf[part.Snapshot.Last] = [.. before, .. part.Data.Span];
                break;
            case Effect.Answer(var request, var outcome): Told.Add((node, request, outcome)); break;
            default: Work(node, member, effect); break;
        }
    }

    /// <summary>What the state machine does.</summary>
    private void Work(NodeId node, Member member, Effect effect)
    {
        switch (effect)
        {
            case Effect.Apply(var entries):
                foreach (var entry in entries) (member.Replica, _) = Diary.Machine.Apply(member.Replica, entry);
                Echo(node, new Input.Applied(member.Replica.Applied));
                break;
            case Effect.Read(var readers):
                Seen.AddRange(readers.Map(reader => (node, reader, member.Replica.State)));
                break;
            case Effect.TakeSnapshot(var last, var configuration):
                var buffer = new ArrayBufferWriter<byte>();
                ReplicaFormat.Write(Diary.Machine, member.Replica, buffer);
                member.Shelf[last] = buffer.WrittenSpan.ToArray();
                Echo(node, new Input.Snapshotted(new Snapshot(last, configuration, buffer.WrittenCount)));
                break;
            case Effect.RestoreSnapshot(var snapshot):
                member.Replica = ReplicaFormat.Read(Diary.Machine, Bytes(member, snapshot.Last));
                Assert.Equal(snapshot.Last.Index, member.Replica.Applied);
                Echo(node, new Input.Applied(snapshot.Last.Index));
                break;
            default: throw new InvalidOperationException($"{effect}");
        }
    }

    private static byte[] Bytes(Member member, LogPosition last) => member.Shelf.GetValueOrDefault(last, []);

    private void Send(NodeId from, NodeId to, Message message)
    {
        Sent.Add((from, to, message));
        if (!Loses(from, to, message)) coming.Enqueue((to, null, new Input.Receive(from, message)));
    }

    private void Echo(NodeId node, Input input) => coming.Enqueue((node, members[node].Life, input));
}
