using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>Three nodes that take notes, over one in-memory network, in the virtual time of the real TestScheduler.</summary>
internal sealed class Trio
{
    private readonly Dictionary<NodeId, RaftNode<Arr<string>, string, int>> nodes = [];
    private readonly Dictionary<NodeId, InMemoryDisk> disks = [];
    private readonly System.Collections.Generic.HashSet<NodeId> cutOff = [];
    private readonly Configuration founders = Configuration.Of(1, 2, 3);
    private readonly Settings settings;

    public Trio(Func<Settings, Settings>? change = null)
    {
        settings = (change ?? (same => same))(Harness.Seeded);
        Network = new(founders);
        foreach (var id in founders.Members) Start(id);
    }

    /// <summary>Started, and with a leader that all know.</summary>
    public static Trio Led(Func<Settings, Settings>? change = null)
    {
        var trio = new Trio(change);
        trio.Until(() => trio.nodes.Values.ForAll(node => node.State.LeaderId.IsSome), "a leader that all know");
        return trio;
    }

    public TestScheduler Time { get; } = new();

    public InMemoryNetwork Network { get; }

    public RaftNode<Arr<string>, string, int> this[NodeId id] => nodes[id];

    public RaftNode<Arr<string>, string, int> this[ulong id] => nodes[new NodeId(id)];

    /// <summary>Of the latest term.</summary>
    public RaftNode<Arr<string>, string, int> Leader => nodes.Values
        .Filter(node => node.State.Role is Role.Leader)
        .Fold(Option<RaftNode<Arr<string>, string, int>>.None, (latest, node) =>
            latest.Exists(other => other.State.CurrentTerm > node.State.CurrentTerm) ? latest : Some(node))
        .IfNone(() => throw new InvalidOperationException("nobody leads"));

    /// <summary>The one that does not lead, with the lowest id.</summary>
    public RaftNode<Arr<string>, string, int> Follower => Followers[0];

    public Seq<RaftNode<Arr<string>, string, int>> Followers => toSeq(founders.Members).Map(id => nodes[id])
        .Filter(node => node.State.Role is Role.Follower).Strict();

    public Seq<RaftNode<Arr<string>, string, int>> All => toSeq(nodes.Values).Strict();

    public RaftNode<Arr<string>, string, int> Start(NodeId id, Notes? machine = null, Func<Settings, Settings>? change = null) =>
        nodes[id] = RaftNode.Start(
            id, founders, Wire(id), Disk(id), machine ?? Notes.Machine, (change ?? (same => same))(settings), Time);

    public RaftNode<Arr<string>, string, int> Join(ulong id) => nodes[new NodeId(id)] =
        RaftNode.Join(new NodeId(id), Wire(new NodeId(id)), Disk(new NodeId(id)), Notes.Machine, settings, Time);

    /// <summary>Nothing that it sends arrives, nor what is sent to it.</summary>
    public void CutOff(RaftNode node) => cutOff.Add(node.Self);

    public void Rejoin(RaftNode node) => cutOff.Remove(node.Self);

    public InMemoryDisk Disk(NodeId id) => disks.TryGetValue(id, out var disk) ? disk : disks[id] = new();

    public void Pass(double milliseconds) => Time.AdvanceBy(TimeSpan.FromMilliseconds(milliseconds).Ticks);

    /// <summary>Lets time pass until something is so.</summary>
    public void Until(Func<bool> condition, string what, double seconds = 10)
    {
        for (var passed = 0; !condition() && passed < seconds * 1000; passed++) Pass(1);
        Assert.True(condition(), $"not within {seconds} s: {what}");
    }

    /// <summary>Lets time pass until somebody is answered.</summary>
    public T Result<T>(Task<T> asked, double seconds = 10)
    {
        Until(() => asked.IsCompleted, "an answer", seconds);
        return asked.GetAwaiter().GetResult();
    }

    /// <summary>Lets time pass until somebody is told that it failed.</summary>
    public TException Failure<TException>(Task asked, double seconds = 10) where TException : Exception
    {
        Until(() => asked.IsCompleted, "an answer", seconds);
        return Assert.ThrowsAny<TException>(asked.GetAwaiter().GetResult);
    }

    /// <summary>What a node's state machine has by now.</summary>
    public static string[] Taken(RaftNode<Arr<string>, string, int> node) => [.. Latest(node).State];

    /// <summary>The commands that a disk has in its log.</summary>
    public static string[] TakenIn(InMemoryDisk disk)
    {
        var log = disk.Recover().Log;
        var commands = new List<string>();
        for (var place = log.Base.Index.Next; place <= log.LastIndex; place = place.Next)
            if (log[place].Payload is Payload.Command command) commands.Add(Notes.Machine.Commands.Read(command.Bytes));
        return [.. commands.Distinct()];
    }

    /// <summary>The latest state, as a late subscriber gets it.</summary>
    public static (LogIndex Index, Arr<string> State) Latest(RaftNode<Arr<string>, string, int> node)
    {
        var seen = new List<(LogIndex, Arr<string>)>();
        using var _ = node.States.Subscribe(seen.Add, _ => { });
        return Assert.Single(seen);
    }

    private Wired Wire(NodeId id) => new(Network.Wire(id), other => cutOff.Contains(id) || cutOff.Contains(other));

    private sealed class Wired(IWire wire, Func<NodeId, bool> isCut) : IWire
    {
        public NodeId Self => wire.Self;

        public IObservable<Seq<Input.Receive>> Received => wire.Received;

        public bool Knows(NodeId node) => wire.Knows(node);

        public void Send(NodeId to, Message message)
        {
            if (!isCut(to)) wire.Send(to, message);
        }
    }
}
