using System.Globalization;
using System.Net;

namespace RxRaft.Samples;

/// <summary>What a node can be asked to do, by a key or by a line.</summary>
internal abstract record NodeOrder
{
    private const int MostProposals = 10_000;

    private NodeOrder() { }

    /// <summary>So many commands at once, each of which counts one up.</summary>
    public sealed record Propose(int Times) : NodeOrder;

    /// <summary>The count, read linearizably.</summary>
    public sealed record Count : NodeOrder;

    /// <summary>What the node is, and knows.</summary>
    public sealed record State : NodeOrder;

    /// <summary>To hand leadership over.</summary>
    public sealed record Transfer(NodeId To) : NodeOrder;

    /// <summary>To make a node a member.</summary>
    public sealed record Add(NodeId Node) : NodeOrder;

    /// <summary>To take a node out.</summary>
    public sealed record Remove(NodeId Node) : NodeOrder;

    /// <summary>To know where a node listens.</summary>
    public sealed record Peer(NodeId Node, EndPoint At) : NodeOrder;

    /// <summary>To end.</summary>
    public sealed record Quit : NodeOrder;

    /// <returns>The order, or what is wrong with it in one line.</returns>
    public static Either<string, NodeOrder> Parse(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) switch
        {
            ["count"] => new Count(),
            ["state"] => new State(),
            ["quit"] => new Quit(),
            ["propose", var times] => TimesOf(times).Map(number => (NodeOrder)new Propose(number)),
            ["transfer", var node] => Of("transfer", node).Map(id => (NodeOrder)new Transfer(id)),
            ["add", var node] => Of("add", node).Map(id => (NodeOrder)new Add(id)),
            ["remove", var node] => Of("remove", node).Map(id => (NodeOrder)new Remove(id)),
            ["peer", var peer] => PeerAt(peer),
            _ => $"'{line.Trim()}' is not understood: propose N, count, state, transfer N, add N, remove N, "
                + "peer N=host:port, quit",
        };

    /// <summary>The line that asks for it.</summary>
    public sealed override string ToString() => this switch
    {
        Propose(var times) => string.Create(CultureInfo.InvariantCulture, $"propose {times}"),
        Count => "count",
        State => "state",
        Transfer(var to) => $"transfer {to.Value}",
        Add(var node) => $"add {node.Value}",
        Remove(var node) => $"remove {node.Value}",
        Peer(var node, var at) => $"peer {node.Value}={Address.Text(at)}",
        Quit => "quit",
        _ => throw new InvalidOperationException("an order without words"),
    };

    private static Either<string, int> TimesOf(string text) =>
        Arguments.Whole(text, 1, MostProposals)
            .ToEither($"propose needs a whole number from 1 to {MostProposals}, not '{text}'");

    private static Either<string, NodeId> Of(string order, string text) =>
        Address.NodeOf(text).ToEither($"{order} needs a node's number, not '{text}'");

    private static Either<string, NodeOrder> PeerAt(string text) =>
        Address.ParseOfNode(text).Match(
            peer => Right<string, NodeOrder>(new Peer(peer.Node, peer.At)),
            () => $"peer needs id={Address.Form}, not '{text}'");
}
