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
    /// <param name="LastLog">
    /// Position of the last entry on disk. The node's log may have lost that very entry since, and have another there.
    /// </param>
    public sealed record Persisted(Term CurrentTerm, Option<NodeId> VotedFor, LogPosition LastLog) : Input;

    /// <summary>Clients here want entries in the log.</summary>
    /// <param name="Proposals">
    /// Each is answered once: by the state machine when it is applied, or by an <see cref="Effect.Answer"/>.
    /// </param>
    public sealed record Propose(Seq<Proposal> Proposals) : Input;

    /// <summary>Clients here want to read what is committed by now, or later.</summary>
    /// <param name="Requests">Each ends in an <see cref="Effect.Read"/> or an <see cref="Effect.Answer"/>.</param>
    public sealed record Read(Seq<RequestId> Requests) : Input;

    /// <summary>An operator wants other members. To be asked of the leader.</summary>
    /// <param name="Request">
    /// Ends in an <see cref="Effect.Answer"/>. Nobody passes it on: <see cref="Outcome.NotLeader"/> says who leads.
    /// </param>
    /// <param name="Change">Whom.</param>
    public sealed record Reconfigure(RequestId Request, MembershipChange Change) : Input;

    /// <summary>An operator wants another leader. To be asked of the present one.</summary>
    /// <param name="Request">
    /// Ends in an <see cref="Effect.Answer"/>. Nobody passes it on: <see cref="Outcome.NotLeader"/> says who leads.
    /// </param>
    /// <param name="Target">A voter.</param>
    public sealed record TransferTo(RequestId Request, NodeId Target) : Input;

    /// <summary>The state machine has come so far.</summary>
    /// <param name="Index">Inclusive.</param>
    public sealed record Applied(LogIndex Index) : Input;

    /// <summary>A snapshot that was asked for is durable, beside the one in use.</summary>
    public sealed record Snapshotted(Snapshot Snapshot) : Input;
}
