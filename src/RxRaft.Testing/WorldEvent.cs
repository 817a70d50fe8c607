namespace RxRaft.Testing;

/// <summary>Something that happened in the world.</summary>
/// <param name="At">World time since the world began.</param>
public abstract record WorldEvent(TimeSpan At)
{
    /// <summary>A node started, or started again.</summary>
    public sealed record Started(TimeSpan At, NodeId Node, Transition Step) : WorldEvent(At);

    /// <summary>A node took a step.</summary>
    public sealed record Stepped(TimeSpan At, NodeId Node, NodeState Before, Transition Step) : WorldEvent(At);

    /// <summary>A node lost everything but its disk.</summary>
    public sealed record Crashed(TimeSpan At, NodeId Node) : WorldEvent(At);

    /// <summary>A node's process stands still for a while, and then goes on as if nothing had been.</summary>
    public sealed record Paused(TimeSpan At, NodeId Node, TimeSpan For) : WorldEvent(At);

    /// <summary>A node stopped because of what must not be.</summary>
    public sealed record Halted(TimeSpan At, NodeId Node, Exception Reason) : WorldEvent(At);

    /// <summary>A message left a node.</summary>
    public sealed record Sent(TimeSpan At, NodeId From, NodeId To, Message Message) : WorldEvent(At);

    /// <summary>A message arrived.</summary>
    public sealed record Delivered(TimeSpan At, NodeId From, NodeId To, Message Message) : WorldEvent(At);

    /// <summary>A message will not arrive.</summary>
    public sealed record Lost(TimeSpan At, NodeId From, NodeId To, Message Message, LossCause Cause) : WorldEvent(At);

    /// <summary>Somebody cut or healed links.</summary>
    public sealed record LinksChanged(TimeSpan At, string What) : WorldEvent(At);
}

/// <summary>Why a message did not arrive.</summary>
public enum LossCause
{
    /// <summary>Bad luck.</summary>
    Chance,

    /// <summary>The link was cut when it left or when it should have arrived.</summary>
    Cut,

    /// <summary>Nobody was there to receive it.</summary>
    NodeDown,
}
