namespace RxRaft.Testing;

/// <summary>Something that happens to one node: the other half of a run, besides the algorithm.</summary>
/// <remarks>
/// What is not in a schedule does not happen: a message that is not delivered is lost, a deadline without its tick is
/// one that the node sleeps through, a write that does not end is one under way.
/// </remarks>
public abstract record Happening
{
    private Happening(int number, TimeSpan at, NodeId node) => (Number, At, Node) = (number, at, node);

    /// <summary>Its name in the schedule, whatever is left out.</summary>
    public int Number { get; init; }

    /// <summary>World time.</summary>
    public TimeSpan At { get; init; }

    /// <summary>To whom.</summary>
    public NodeId Node { get; init; }

    /// <summary>A node starts.</summary>
    /// <param name="Founders">The first members of the cluster, if it knows them.</param>
    /// <param name="Settings">With the seed of its timeouts.</param>
    /// <param name="Disk">What somebody has put on its disk before; else it has what it had.</param>
    public sealed record Starts(
        int Number, TimeSpan At, NodeId Node, Option<Configuration> Founders, Settings Settings,
        Option<PersistentState> Disk) : Happening(Number, At, Node);

    /// <summary>A node loses all but its disk.</summary>
    /// <param name="WriteMade">Whether the write that was under way has just made it.</param>
    public sealed record Crashes(int Number, TimeSpan At, NodeId Node, bool WriteMade)
        : Happening(Number, At, Node);

    /// <summary>A node's timer rings, if a deadline has passed.</summary>
    public sealed record Ticks(int Number, TimeSpan At, NodeId Node) : Happening(Number, At, Node);

    /// <summary>A message arrives.</summary>
    /// <param name="From">Who has sent it.</param>
    /// <param name="Message">Which.</param>
    public sealed record Arrives(int Number, TimeSpan At, NodeId Node, NodeId From, Origin Message)
        : Happening(Number, At, Node);

    /// <summary>The write that is under way is durable, and what waited for that goes on.</summary>
    /// <param name="Heard">Whether the node hears of it at once, and not only before what happens to it next.</param>
    public sealed record Writes(int Number, TimeSpan At, NodeId Node, bool Heard) : Happening(Number, At, Node);

    /// <summary>The state machine has applied what it was given first.</summary>
    public sealed record Applies(int Number, TimeSpan At, NodeId Node) : Happening(Number, At, Node);

    /// <summary>The state machine has taken the snapshot that it was asked for first.</summary>
    /// <param name="Size">In bytes.</param>
    public sealed record Snapshots(int Number, TimeSpan At, NodeId Node, long Size) : Happening(Number, At, Node);

    /// <summary>Somebody asks for something: a command, a read, other members, another leader.</summary>
    public sealed record Asks(int Number, TimeSpan At, NodeId Node, Input Input) : Happening(Number, At, Node);
}

/// <summary>Which message: that which a node was asked to send because of something.</summary>
/// <param name="Happening">The number of what happened to the sender.</param>
/// <param name="Effect">Counts what that step asked for, from 0.</param>
public readonly record struct Origin(int Happening, int Effect);

/// <summary>Everything that happened in a run, in order, which can be played again: also in part.</summary>
/// <param name="Nodes">Who there is.</param>
/// <param name="ClockRates">Each node's own time per world time.</param>
/// <param name="Seed">Of the run that it is from.</param>
/// <param name="Happenings">In order of their times.</param>
public sealed record RecordedRun(
    Seq<NodeId> Nodes, Map<NodeId, double> ClockRates, ulong Seed, Seq<Happening> Happenings)
{
    /// <summary>How each node started the first time, whether or not that is among what happens here.</summary>
    public Map<NodeId, Happening.Starts> Starts { get; init; } = [];
}
