namespace RxRaft.Samples;

/// <summary>The keys of who watches a real node: which node is meant, and what is to be done now.</summary>
/// <param name="Selected">The node that orders are about.</param>
/// <param name="Order">What the last key asked for.</param>
/// <param name="Quit">Whether it was enough.</param>
internal sealed record MemberControls(NodeId Selected, Option<Action<Crew>> Order, bool Quit)
{
    private static readonly Seq<(string Key, string Does)> OfNode = Seq(
        ("↑↓", "select:"), ("p", "propose"), ("P", "x 100"), ("t", "transfer"), ("a", "add"), ("x", "remove"));

    private static readonly Seq<(string Key, string Does)> OfCrew = Seq(
        ("k", "kill -9"), ("r", "restart"), ("n", "new process"), ("q", "quit"));

    public static MemberControls Of(NodeId selected) => new(selected, None, Quit: false);

    /// <summary>What the keys do, in two lines.</summary>
    /// <param name="crew">Whether there are processes to kill.</param>
    public static Seq<Seq<(string Key, string Does)>> Legend(bool crew) =>
        Seq(OfNode, crew ? OfCrew : Seq1(("q", "hand over, and quit")));

    /// <param name="key">Which was pressed.</param>
    /// <param name="nodes">Those that can be selected, in their order.</param>
    public MemberControls After(ConsoleKeyInfo key, Seq<NodeId> nodes) => (key.Key, key.KeyChar) switch
    {
        (ConsoleKey.UpArrow, _) => Step(nodes, nodes.Count - 1),
        (ConsoleKey.DownArrow, _) => Step(nodes, 1),
        (_, >= '1' and <= '9' and var digit) when nodes.Contains(new NodeId((ulong)(digit - '0'))) =>
            Select(new NodeId((ulong)(digit - '0'))),
        (_, 'p') => Do(crew => crew.AskIt(Selected, new NodeOrder.Propose(1))),
        (_, 'P') => Do(crew => crew.AskIt(Selected, new NodeOrder.Propose(100))),
        (_, 't' or 'T') => Do(crew => crew.AskLeader(new NodeOrder.Transfer(Selected))),
        (_, 'a' or 'A') => Do(crew => crew.AskLeader(new NodeOrder.Add(Selected))),
        (_, 'x' or 'X') => Do(crew => crew.AskLeader(new NodeOrder.Remove(Selected))),
        (_, 'k' or 'K') => Do(crew => crew.Kill(Selected)),
        (_, 'r' or 'R') => Do(crew => crew.Restart(Selected)),
        (_, 'n' or 'N') => Do(crew => crew.Begin()),
        (_, 'q' or 'Q') or (ConsoleKey.Escape, _) => this with { Order = None, Quit = true },
        _ => this with { Order = None },
    };

    private MemberControls Step(Seq<NodeId> nodes, int by)
    {
        var place = Range(0, nodes.Count).Find(at => nodes[at] == Selected).IfNone(0);
        return Select(nodes[(place + by) % nodes.Count]);
    }

    private MemberControls Select(NodeId node) => this with { Selected = node, Order = None };

    private MemberControls Do(Action<Crew> order) => this with { Order = order };
}
