using System.Net;
using System.Threading.Tasks;

namespace RxRaft.Samples;

/// <summary>The node of this process, and those in the processes that it has started, if it has.</summary>
/// <param name="member">The node of this process.</param>
/// <param name="port">Where one more may listen; none when this is a node on its own, that starts no others.</param>
/// <remarks>One thread at a time gives orders.</remarks>
internal sealed class Crew(Member member, Option<Func<int>> port) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private Seq<Child> children = [];
    private Seq<NodeOrder> newcomers = [];                                  // whom those before do not know

    public Member Member => member;

    /// <summary>The processes in words; none when this is a node on its own.</summary>
    public Option<string> Processes => port.Map(_ =>
        $"  processes: {member.Self} this one{string.Concat(children.Map(child => $", {child}"))}");

    /// <summary>Starts a node in a process of its own.</summary>
    public void Start(NodeOptions options)
    {
        var child = new Child(options, (text, tone) => member.Tell(text, tone));
        children = children.Add(child);
        child.Start(orders: []);
    }

    /// <summary>Asks this node.</summary>
    public void AskIt(NodeId node, NodeOrder order)
    {
        if (Of(node).Case is Child child) child.Ask(order);
        else if (node == member.Self || port.IsNone) _ = member.Obey(order);
    }

    /// <summary>Asks whoever leads, if that is one of ours; else this node, which says who does.</summary>
    public void AskLeader(NodeOrder order) => AskIt(
        member.Look().State.LeaderId.Filter(leader => Of(leader).IsSome).IfNone(member.Self), order);

    public void Kill(NodeId node) => ToChild(node, child => child.Kill());

    public void Restart(NodeId node) => ToChild(node, child => child.Start(newcomers));

    /// <summary>Starts one more process, whose node is no member yet, and lets all the others know of it.</summary>
    public void Begin()
    {
        if (port.Case is not Func<int> free) return;

        var id = new NodeId(member.Look().Nodes.Map(node => node.Value).Max() + 1);
        if (id.Value > ClusterDirectory.MostNodes)
        {
            member.Tell($"{ClusterDirectory.MostNodes} nodes are as many as there are keys", Tone.Busy);
            return;
        }

        var at   = new IPEndPoint(IPAddress.Loopback, free());
        var peer = new NodeOrder.Peer(id, at);
        var root = ClusterDirectory.Beside(member.Options.Data, id);
        var all  = newcomers.Choose(other => other is NodeOrder.Peer known ? Some((known.Node, known.At)) : None)
            .Fold(member.Options.Cluster, (known, other) => known.Add(other.Node, other.At)).Add(id, at);

        _ = member.Obey(peer);
        children.Filter(child => child.IsRunning).Iter(child => child.Ask(peer));
        newcomers = newcomers.Add(peer);
        Start(member.Options with
        {
            Self = id,
            Listen = at,
            Data = root,
            Cluster = all,
            Join = true,
            Journal = member.Options.Journal.Map(own => ClusterDirectory.Beside(own, id)),
        });
    }

    /// <summary>Ends all that was started here, each gently at first.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(children.Map(child => child.End(Patience))).ConfigureAwait(false);
        children.Iter(child => child.Dispose());
    }

    private void ToChild(NodeId node, Action<Child> order)
    {
        if (Of(node).Case is Child child) order(child);
        else member.Tell($"{node} is not in a process that was started here", Tone.Busy);
    }

    private Option<Child> Of(NodeId node) => children.Find(child => child.Node == node);
}
