namespace RxRaft.Samples;

/// <summary>The two connections between this node and another.</summary>
/// <param name="Out">Whether there is one that this node has made, and sends over.</param>
/// <param name="In">Whether there is one that the other has made, and sends over.</param>
internal readonly record struct Link(bool Out, bool In)
{
    public static Map<NodeId, Link> After(Map<NodeId, Link> links, WireEvent happened) => happened switch
    {
        WireEvent.Connected e => links.AddOrUpdate(e.Peer, Of(links, e.Peer).With(e.Direction, there: true)),
        WireEvent.Lost e => links.AddOrUpdate(e.Peer, Of(links, e.Peer).With(e.Direction, there: false)),
        _ => links,
    };

    public static Link Of(Map<NodeId, Link> links, NodeId node) => links.Find(node).IfNone(default(Link));

    public override string ToString() => (Out, In) switch
    {
        (true, true) => "up",
        (true, false) => "out",
        (false, true) => "in",
        _ => "down",
    };

    private Link With(WireDirection way, bool there) =>
        way == WireDirection.Out ? this with { Out = there } : this with { In = there };
}
