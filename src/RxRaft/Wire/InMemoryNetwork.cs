using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace RxRaft;

/// <summary>Wires between the nodes of one process: every message arrives, once, in order.</summary>
/// <remarks>What is sent to a node that does not run is lost.</remarks>
public sealed class InMemoryNetwork
{
    private readonly Map<NodeId, ISubject<Input.Receive>> inboxes;

    /// <summary>A network between all members of a cluster, running or not.</summary>
    public InMemoryNetwork(Configuration cluster) =>
        inboxes = toMap(toSeq(cluster.Members)
            .Map(node => (node, Subject.Synchronize(new Subject<Input.Receive>()))).Strict());

    /// <summary>The wire of one node.</summary>
    /// <exception cref="ArgumentException">The network does not know it.</exception>
    public IWire Wire(NodeId node) => inboxes.ContainsKey(node)
        ? new OneWire(this, node)
        : throw new ArgumentException($"{node} is not in this network", nameof(node));

    private sealed class OneWire(InMemoryNetwork network, NodeId self) : IWire
    {
        public NodeId Self => self;

        public IObservable<Input.Receive> Received => network.inboxes[self].AsObservable();

        public bool Knows(NodeId node) => network.inboxes.ContainsKey(node);

        public void Send(NodeId to, Message message) => network.inboxes[to].OnNext(new Input.Receive(self, message));
    }
}
