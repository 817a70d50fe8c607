namespace RxRaft;

/// <summary>What clients and operators want of a leader, and have not got yet. It ends with the office.</summary>
/// <param name="Reads">Reads that wait for a quorum to answer their round, oldest first.</param>
/// <param name="NextReads">
/// Reads that wait for those, or for the term's first commit; one round will do for all.
/// </param>
/// <param name="Change">The change of members under way.</param>
/// <param name="Transfer">The hand-over under way.</param>
/// <param name="Told">
/// Whoever was told to stand may do so at any moment, and be elected, lease or not, by those who have not heard a later
/// round than this.
/// </param>
public sealed record Office(
    Seq<PendingReads> Reads, Seq<Reader> NextReads, Option<Change> Change, Option<Transfer> Transfer,
    Round Told)
{
    /// <summary>Nothing.</summary>
    public static readonly Office Idle = new([], [], None, None, Round.Zero);
}

/// <summary>Reads that share a round.</summary>
/// <param name="Round">
/// It began after they were asked. Once a quorum has answered it, or a later one, they may read.
/// </param>
/// <param name="Index">What they must see, at least: the commit index when the round began.</param>
/// <param name="Readers">Who reads.</param>
/// <remarks>§6.4, steps 1 to 4.</remarks>
public sealed record PendingReads(Round Round, LogIndex Index, Seq<Reader> Readers);

/// <summary>Somebody who wants to read.</summary>
public abstract record Reader
{
    private Reader() { }

    /// <summary>A client of the leader's own node.</summary>
    public sealed record Local(RequestId Request) : Reader;

    /// <summary>A follower, with a question of its own (§6.4).</summary>
    public sealed record Remote(NodeId Follower, Round Round) : Reader;
}

/// <summary>A change of members under way.</summary>
/// <param name="Request">Who asked for it.</param>
/// <param name="Voters">The goal.</param>
/// <param name="Learners">The goal.</param>
/// <param name="Deadline">When newcomers that have not caught up are given up.</param>
/// <remarks>§4.</remarks>
public sealed record Change(RequestId Request, Set<NodeId> Voters, Set<NodeId> Learners, Instant Deadline)
{
    /// <summary>The configuration in which it ends.</summary>
    public Configuration Goal => new Configuration.Simple(Voters, Learners);
}

/// <summary>A hand-over of leadership under way.</summary>
/// <param name="Request">Who asked for it.</param>
/// <param name="Target">Who is to lead.</param>
/// <param name="Deadline">When it is given up.</param>
/// <param name="Told">Whether the target was told to stand, since it had caught up.</param>
/// <param name="Held">Proposals that wait until it is decided who leads.</param>
/// <param name="HeldSize">Of the entries that they would be, after <see cref="Entry.Size"/>, in bytes.</param>
/// <remarks>§3.10.</remarks>
public sealed record Transfer(
    RequestId Request, NodeId Target, Instant Deadline, bool Told, Seq<(Option<NodeId> From, Proposal Proposal)> Held,
    long HeldSize);

/// <summary>Requests of a follower's clients that the leader has to answer.</summary>
/// <param name="Proposals">Forwarded, each with when it is given up unless it is applied before.</param>
/// <param name="Asked">The question of <paramref name="Asking"/>, and when it is given up.</param>
/// <param name="Asking">Reads whose question is under way.</param>
/// <param name="NextReads">Reads that came since, for the next question.</param>
/// <param name="Answered">Reads that wait until this place is committed here.</param>
/// <remarks>They end when the leader changes.</remarks>
public sealed record Relayed(
    Map<RequestId, Instant> Proposals, Option<(Round Round, Instant Deadline)> Asked, Seq<RequestId> Asking,
    Seq<RequestId> NextReads, Seq<(LogIndex Index, Seq<RequestId> Requests)> Answered)
{
    /// <summary>None.</summary>
    public static readonly Relayed Nothing = new([], None, [], [], []);

    /// <summary>
    /// Who asked this node, when it led, to hand over, and to whom: it has voted for that node, and waits to see it
    /// lead.
    /// </summary>
    public Option<(RequestId Request, NodeId Target)> HandedOver { get; init; }
}
