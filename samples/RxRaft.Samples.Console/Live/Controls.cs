namespace RxRaft.Samples;

/// <summary>The keys, as far as they have been pressed: which node is meant, and what is to be done now.</summary>
/// <param name="Selected">The node that orders are about.</param>
/// <param name="Order">What the last key asked for.</param>
/// <param name="Quit">Whether it was enough.</param>
internal sealed record Controls(NodeId Selected, Option<Action<World>> Order, bool Quit)
{
    private const ulong Nodes = 5;

    public static readonly Controls Untouched = new(new NodeId(1), None, Quit: false);

    /// <summary>What the keys do, in two lines.</summary>
    public static readonly Seq<Seq<(string Key, string Does)>> Legend = Seq(
        Seq(("1-5 ↑↓", "select a node:"), ("p", "propose"), ("P", "x 100"), ("c", "cut off"), ("h", "heal")),
        Seq(("k", "crash"), ("r", "restart"), ("l", "cut off the leader"), ("a", "all well"), ("q", "quit")));

    public Controls After(ConsoleKeyInfo key) => (key.Key, char.ToLowerInvariant(key.KeyChar)) switch
    {
        (ConsoleKey.UpArrow, _) => Select((Selected.Value + Nodes - 2) % Nodes + 1),
        (ConsoleKey.DownArrow, _) => Select(Selected.Value % Nodes + 1),
        (_, >= '1' and <= '5' and var digit) => Select((ulong)(digit - '0')),
        (_, 'p') => Do(world => world.ProposeIfUp(Selected, times: key.KeyChar == 'P' ? 100 : 1)),
        (_, 'c') => Do(world => world.Wire.CutOff(Selected)),
        (_, 'h') => Do(world => world.Wire.Rejoin(Selected)),
        (_, 'k') => Do(world => world.CrashIfUp(Selected)),
        (_, 'r') => Do(world => world.RestartIfDown(Selected)),
        (_, 'l') => Do(world => world.IsolateLeader()),
        (_, 'a') => Do(world => world.MakeAllWell()),
        (_, 'q') or (ConsoleKey.Escape, _) => this with { Order = None, Quit = true },
        _ => this with { Order = None },
    };

    private Controls Select(ulong node) => this with { Selected = new NodeId(node), Order = None };

    private Controls Do(Action<World> order) => this with { Order = order };
}
