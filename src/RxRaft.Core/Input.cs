namespace RxRaft;

/// <summary>What can happen to a node.</summary>
public abstract record Input
{
    private Input() { }

    /// <summary>When the node took the input up, on its own clock. Never before the input that came before.</summary>
    public Instant At { get; init; }

    /// <summary>
    /// It is now <see cref="At"/>. Does something only if a deadline has passed; early and repeated ticks are
    /// harmless.
    /// </summary>
    public sealed record Tick : Input;

    /// <summary>A message arrived.</summary>
    /// <param name="From">Who sent it, as the wire knows it.</param>
    /// <param name="Message">What it said.</param>
    public sealed record Receive(NodeId From, Message Message) : Input;

    /// <summary>A <see cref="Effect.Persist"/> is durable: this is now on disk.</summary>
    /// <param name="CurrentTerm">The term on disk.</param>
    /// <param name="VotedFor">The vote on disk, given in that term.</param>
    public sealed record Persisted(Term CurrentTerm, Option<NodeId> VotedFor) : Input;
}
