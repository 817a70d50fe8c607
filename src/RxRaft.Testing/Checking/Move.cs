namespace RxRaft.Testing.Checking;

/// <summary>Something that the checker lets happen.</summary>
/// <param name="Node">To whom.</param>
public abstract record Move(NodeId Node)
{
    /// <summary>
    /// The node crashes while it carries out what the step asked for: the write of this number, counted from 0, is not
    /// made, and nothing behind it. It starts again with what was on its disk.
    /// </summary>
    public Option<int> Cut { get; init; }

    /// <summary>Which of the messages on their way will not arrive, now that there are too many.</summary>
    public Seq<Letter> Lost { get; init; } = [];

    /// <summary>A message arrives.</summary>
    /// <param name="Node">Where.</param>
    /// <param name="Letter">Which.</param>
    /// <param name="Late">How long after the node heard a leader, or passed something on.</param>
    /// <param name="Again">A copy of it is still on its way.</param>
    public sealed record Arrive(NodeId Node, Letter Letter, Lateness Late, bool Again) : Move(Node);

    /// <summary>A deadline of the node has passed.</summary>
    public sealed record Wake(NodeId Node, Alarm Alarm) : Move(Node);

    /// <summary>A client asks the node for something.</summary>
    /// <param name="Node">Whom.</param>
    /// <param name="Input">A proposal, a read, a change of members, a hand-over.</param>
    public sealed record Ask(NodeId Node, Input Input) : Move(Node);

    /// <summary>The node crashes between two steps, and starts again with what was on its disk.</summary>
    /// <remarks>How long it is down does not matter: it is as if nothing had happened to it meanwhile.</remarks>
    public sealed record Crash(NodeId Node) : Move(Node);
}

/// <summary>A message with its ends.</summary>
/// <param name="From">Who sent it.</param>
/// <param name="To">To whom.</param>
/// <param name="Message">What it says.</param>
public sealed record Letter(NodeId From, NodeId To, Message Message);

/// <summary>How long a message took, as far as its receiver can tell.</summary>
public enum Lateness
{
    /// <summary>The receiver has lost patience with nobody.</summary>
    InTime,

    /// <summary>The minimum election timeout has passed at the receiver since it heard a leader.</summary>
    Impatient,

    /// <summary>What the receiver passed on to its leader has waited for too long.</summary>
    GivenUp,
}

/// <summary>Which of a node's deadlines has passed.</summary>
public enum Alarm
{
    /// <summary>It has waited for a leader, or for votes, for too long.</summary>
    Election,

    /// <summary>Time to ask those again who have not answered.</summary>
    Retry,

    /// <summary>A leader's heartbeats are due.</summary>
    Heartbeat,

    /// <summary>The same, and what was asked of the leader has taken too long.</summary>
    LateHeartbeat,

    /// <summary>No quorum has answered the leader for too long.</summary>
    Quorum,
}
