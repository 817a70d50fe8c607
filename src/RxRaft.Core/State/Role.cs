namespace RxRaft;

/// <summary>What a node is at the moment, with what it needs only for that.</summary>
/// <remarks>§3.3, Figure 3.3; pre-candidates §9.6.</remarks>
public abstract record Role
{
    private Role() { }

    /// <summary>Answers requests, and waits for a leader to fall silent.</summary>
    /// <param name="LeaderId">The leader of the current term, once it has been heard.</param>
    public sealed record Follower(Option<NodeId> LeaderId) : Role;

    /// <summary>Asks whether an election could be won, before it disturbs anybody with one.</summary>
    /// <param name="Round">The question; answers to earlier ones do not count.</param>
    /// <param name="Votes">Answers by node: granted or refused.</param>
    /// <param name="Since">When the campaign began.</param>
    public sealed record PreCandidate(Round Round, Map<NodeId, bool> Votes, Instant Since) : Role;

    /// <summary>Stands for election in the current term.</summary>
    /// <param name="Votes">Ballots by voter: granted or refused. Its own counts once it is durable.</param>
    /// <param name="Since">When the campaign began, with the question of the pre-candidate.</param>
    /// <param name="RetryDeadline">When to ask those again who have not answered.</param>
    /// <param name="Transfer">If the leader before asked it to (§3.10): the round of that.</param>
    public sealed record Candidate(
        Map<NodeId, bool> Votes, Instant Since, Instant RetryDeadline, Option<Round> Transfer = default) : Role;

    /// <summary>Was elected in the current term.</summary>
    /// <param name="Followers">Every other member.</param>
    /// <param name="Rounds">Rounds begun and not yet answered by a quorum, oldest first, with when they began.</param>
    /// <param name="QuorumContact">
    /// When the latest round began that a quorum has answered: then, a quorum still followed. At first, when the
    /// election was won.
    /// </param>
    /// <param name="Confirmed">Whether any round of this term has been answered by a quorum.</param>
    /// <param name="HeartbeatDeadline">When the next round of heartbeats is due.</param>
    /// <param name="FirstIndex">
    /// Of this term: its no-op. Until it is committed, nobody knows what else is (§6.4).
    /// </param>
    /// <param name="Office">What clients and operators want of it.</param>
    public sealed record Leader(
        Map<NodeId, Progress> Followers,
        Seq<(Round Round, Instant Began)> Rounds,
        Instant QuorumContact,
        bool Confirmed,
        Instant HeartbeatDeadline,
        LogIndex FirstIndex,
        Office Office) : Role;
}
