using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace RxRaft;

/// <summary>Wires between nodes of one process: every message arrives, once, in order.</summary>
public sealed class InMemoryNetwork
{
    private readonly Map<NodeId, ISubject<Input.Receive>> inboxes;

    /// <summary>A network between these nodes, running or not.</summary>
    /// <param name="nodes">Distinct.</param>
    public InMemoryNetwork(params ReadOnlySpan<ulong> nodes) =>
        inboxes = toMap(toSeq(Configuration.Of(nodes).Members)
            .Map(node => (node, Subject.Synchronize(new Subject<Input.Receive>()))).Strict());

    /// <summary>The wire of one node.</summary>
    /// <exception cref="ArgumentException">The network does not know it.</exception>
    public IWire Wire(NodeId node) => inboxes.ContainsKey(node)
        ? new OneWire(this, node)
        : throw new ArgumentException($"{nameof(node)} is {node}, which is not in this network", nameof(node));

    private sealed class OneWire(InMemoryNetwork network, NodeId self) : IWire
    {
        public IObservable<Input.Receive> Received => network.inboxes[self].AsObservable();

        public bool Knows(NodeId node) => network.inboxes.ContainsKey(node);

        public void Send(NodeId to, Message message) => network.inboxes[to].OnNext(new Input.Receive(self, message));
    }
}
