using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace RxRaft.Testing;

/// <summary>The wires between all nodes of a world.</summary>
public sealed class SimulatedWire
{
    private readonly IScheduler scheduler;
    private readonly IStopwatch watch;
    private readonly Dice dice;
    private readonly Map<NodeId, Subject<Input.Receive>> inboxes;
    private readonly Action<WorldEvent> tell;
    private Set<(NodeId From, NodeId To)> cut = [];
    private Set<NodeId> cutOff = [];
    private Map<(NodeId From, NodeId To), TimeSpan> lastArrival = [];

    internal SimulatedWire(
        IScheduler scheduler, IStopwatch watch, Dice dice, WireFaults faults, Seq<NodeId> nodes,
        Action<WorldEvent> tell)
    {
        (this.scheduler, this.watch, this.dice, this.tell, Faults) = (scheduler, watch, dice, tell, faults);
        inboxes = toMap(nodes.Map(node => (node, new Subject<Input.Receive>())).Strict());
    }

    /// <summary>What happens to messages; may be changed at any time, for messages sent from then on.</summary>
    public WireFaults Faults { get; set; }

    /// <summary>What has been carried since the world began.</summary>
    public WireCounts Counts { get; private set; }

    /// <summary>Whether messages pass from one node to another at the moment.</summary>
    public bool Passes(NodeId from, NodeId to) =>
        !cut.Contains((from, to)) && !IsCutOff(from) && !IsCutOff(to);

    /// <summary>Whether a node is cut off as a whole.</summary>
    public bool IsCutOff(NodeId node) => cutOff.Contains(node);

    /// <summary>Cuts one direction of a link, also for what is on its way.</summary>
    public void Cut(NodeId from, NodeId to) => Change(cut.AddOrUpdate((from, to)), cutOff, $"{from} to {to} cut");

    /// <summary>Heals one direction of a link. It stays silent while a node at either end is cut off.</summary>
    public void Heal(NodeId from, NodeId to) => Change(cut.Remove((from, to)), cutOff, $"{from} to {to} healed");

    /// <summary>Cuts a node off from all others, both ways, also for what is on its way.</summary>
    public void CutOff(NodeId node) => Change(cut, cutOff.AddOrUpdate(node), $"{node} cut off");

    /// <summary>Lets a node that was cut off return. Links that were cut one by one stay cut.</summary>
    public void Rejoin(NodeId node) => Change(cut, cutOff.Remove(node), $"{node} is back");

    /// <summary>Heals everything.</summary>
    public void HealAll() => Change([], [], "all links healed");

    internal IWire Of(NodeId node) => new OneWire(this, node);

    private void Change(Set<(NodeId, NodeId)> links, Set<NodeId> nodes, string what)
    {
        if (links.Equals(cut) && nodes.Equals(cutOff)) return;

        (cut, cutOff) = (links, nodes);
        tell(new WorldEvent.LinksChanged(watch.Elapsed, what));
    }

    private void Send(NodeId from, NodeId to, Message message)
    {
        Count(message);
        tell(new WorldEvent.Sent(watch.Elapsed, from, to, message));

        var lost = dice.Chance(Faults.Loss);
        var twice = dice.Chance(Faults.Duplication);
        if (!Passes(from, to)) Lose(from, to, message, LossCause.Cut);
        else if (lost) Lose(from, to, message, LossCause.Chance);
        else
        {
            Deliver(from, to, message, heldUp: dice.Chance(Faults.Reordering));
            if (twice) Deliver(from, to, message, heldUp: true);
        }
    }

    private void Deliver(NodeId from, NodeId to, Message message, bool heldUp)
    {
        var arrival = watch.Elapsed + dice.Between(Faults.LatencyMin, Faults.LatencyMax);
        if (heldUp) arrival += dice.Between(TimeSpan.Zero, Faults.HeldUpMax);
        else
        {
            var before = lastArrival.Find((from, to)).IfNone(TimeSpan.Zero);
            arrival = arrival < before ? before : arrival;
            lastArrival = lastArrival.AddOrUpdate((from, to), arrival);
        }

        scheduler.Schedule(arrival - watch.Elapsed, () => Arrive(from, to, message));
    }

    private void Arrive(NodeId from, NodeId to, Message message)
    {
        if (!Passes(from, to)) Lose(from, to, message, LossCause.Cut);
        else if (!inboxes[to].HasObservers) Lose(from, to, message, LossCause.NodeDown);
        else
        {
            tell(new WorldEvent.Delivered(watch.Elapsed, from, to, message));
            inboxes[to].OnNext(new Input.Receive(from, message));
        }
    }

    private void Lose(NodeId from, NodeId to, Message message, LossCause cause)
    {
        Counts = Counts with { Lost = Counts.Lost + 1 };
        tell(new WorldEvent.Lost(watch.Elapsed, from, to, message, cause));
    }

    private void Count(Message message)
    {
        var request = message is Message.PreVote or Message.RequestVote or Message.AppendEntries
            or Message.InstallSnapshot or Message.TimeoutNow or Message.ReadIndex or Message.Forward;
        Counts = Counts with
        {
            Rpcs = Counts.Rpcs + (request ? 1 : 0),
            Bytes = Counts.Bytes + WireSize.Of(message),
            Messages = Counts.Messages + 1,
        };
    }

    private sealed class OneWire(SimulatedWire wire, NodeId self) : IWire
    {
        public NodeId Self => self;

        public IObservable<Seq<Input.Receive>> Received => wire.inboxes[self].Select(Seq1);

        public bool Knows(NodeId node) => wire.inboxes.ContainsKey(node);

        public void Send(NodeId to, Message message) => wire.Send(self, to, message);
    }
}
