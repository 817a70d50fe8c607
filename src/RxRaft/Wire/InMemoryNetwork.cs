using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Threading;

namespace RxRaft;

/// <summary>Wires between the nodes of one process: every message arrives, once, in order.</summary>
/// <remarks>What is sent to a node that does not run, or that nobody has connected, is lost.</remarks>
public sealed class InMemoryNetwork
{
    private readonly Lock gate = new();
    private volatile Inboxes inboxes;

    /// <summary>A network between all members of a cluster, running or not; others may connect later.</summary>
    public InMemoryNetwork(Configuration cluster)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        inboxes = new(toMap(toSeq(cluster.Members).Map(node => (node, Inbox())).Strict()));
    }

    /// <summary>
    /// The wire of one node. A newcomer is connected by this: from then on the others know the way to it. For one
    /// running node at a time: of two under one name each hears what is said to the other.
    /// </summary>
    public IWire Wire(NodeId node)
    {
        lock (gate)
        {
            if (!inboxes.ByNode.ContainsKey(node)) inboxes = new(inboxes.ByNode.Add(node, Inbox()));
            return new OneWire(this, node, inboxes.ByNode[node]);
        }
    }

    /// <summary>From any thread: who is inside a node holds no lock while another node takes what it says.</summary>
    private static Subject<Seq<Input.Receive>> Inbox() => new();

    /// <summary>All of them at once, so that nobody who sends waits for one who connects.</summary>
    private sealed record Inboxes(Map<NodeId, Subject<Seq<Input.Receive>>> ByNode);

    private sealed class OneWire(InMemoryNetwork network, NodeId self, Subject<Seq<Input.Receive>> inbox) : IWire
    {
        public NodeId Self => self;

        public IObservable<Seq<Input.Receive>> Received => inbox.AsObservable();

        public bool Knows(NodeId node) => network.inboxes.ByNode.ContainsKey(node);

        public void Send(NodeId to, Message message) =>
            network.inboxes.ByNode.Find(to).IfSome(other => other.OnNext(Seq1(new Input.Receive(self, message))));
    }
}
