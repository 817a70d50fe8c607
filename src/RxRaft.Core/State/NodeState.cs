namespace RxRaft;

/// <summary>
/// Everything a node knows: Figure 3.1's state, in its order, and the clock and chance that come with the inputs.
/// </summary>
/// <param name="Self">The node's own id.</param>
/// <param name="CurrentTerm">Latest term the node has seen. Persistent.</param>
/// <param name="VotedFor">Candidate that received its vote in the current term. Persistent.</param>
/// <param name="Log">The log entries. Persistent.</param>
/// <param name="CommitIndex">Inclusive: the highest entry known to be committed.</param>
/// <param name="Configuration">The members, and which of them are a quorum.</param>
/// <param name="Role">What the node is at the moment.</param>
/// <param name="Now">When the last input was taken up.</param>
/// <param name="LeaderContact">
/// When a leader of the then current term was last heard; at first, when the node started.
/// </param>
/// <param name="ElectionDeadline">When the node, unless it leads, stops waiting for a leader.</param>
/// <param name="Round">The last round the node has begun since it started.</param>
/// <param name="Randomness">Where its timeouts come from.</param>
/// <param name="Settings">What the operator chose.</param>
public sealed record NodeState(
    NodeId Self,
    Term CurrentTerm,
    Option<NodeId> VotedFor,
    Log Log,
    LogIndex CommitIndex,
    Configuration Configuration,
    Role Role,
    Instant Now,
    Instant LeaderContact,
    Instant ElectionDeadline,
    Round Round,
    Randomness Randomness,
    Settings Settings)
{
    /// <summary>A node that starts, or starts again, as a follower with what its disk remembered.</summary>
    /// <param name="self">The node's own id, a member of the configuration.</param>
    /// <param name="configuration">The members.</param>
    /// <param name="settings">Without <see cref="Settings.Problems"/>.</param>
    /// <param name="recovered">What was on disk; <see cref="PersistentState.Fresh"/> on a new one.</param>
    internal static NodeState Boot(
        NodeId self, Configuration configuration, Settings settings, PersistentState recovered) =>
        new NodeState(
            self, recovered.CurrentTerm, recovered.VotedFor, recovered.Log, LogIndex.Zero, configuration,
            new Role.Follower(None), Instant.Zero, Instant.Zero, Instant.Zero, Round.Zero,
            Randomness.For(settings.Seed ?? 0, self), settings)
        .ResetElectionDeadline();

    /// <summary>Position of the last entry.</summary>
    public LogPosition LastLog => Log.Last;

    /// <summary>Whether the node may stand for election.</summary>
    public bool IsVoter => Configuration.IsVoter(Self);

    /// <summary>The leader of the current term, if the node knows it.</summary>
    public Option<NodeId> LeaderId => Role switch
    {
        Role.Follower follower => follower.LeaderId,
        Role.Leader => Self,
        Role.PreCandidate or Role.Candidate => None,
        _ => throw Unreachable.Case(Role),
    };

    /// <summary>The next moment at which the node has something to do of its own accord.</summary>
    public Instant NextDeadline => Role switch
    {
        Role.Follower or Role.PreCandidate => ElectionDeadline,
        Role.Candidate asking => Instant.Min(ElectionDeadline, asking.RetryDeadline),
        Role.Leader leader => Instant.Min(leader.HeartbeatDeadline, QuorumDeadline(leader)),
        _ => throw Unreachable.Case(Role),
    };

    /// <summary>
    /// Until when this node, if it leads, can be sure on its own clock that nobody else has been elected.
    /// </summary>
    /// <remarks>
    /// §6.4.1. A quorum heard from this leader when or after the round began, and refuses its votes for the minimum
    /// election timeout from then on. None before a first quorum has answered in this term.
    /// </remarks>
    public Option<Instant> LeaseEnd =>
        Role is Role.Leader { Confirmed: true } leader ? Some(leader.QuorumContact + Settings.LeaseDuration) : None;

    /// <summary>When a leader gives up unless a quorum answers a round (§6.2).</summary>
    /// <remarks>
    /// The longest election timeout: by then every follower has lost patience. The lease, which promises something to
    /// others, ends before the shortest.
    /// </remarks>
    internal Instant QuorumDeadline(Role.Leader leader) => leader.QuorumContact + Settings.ElectionTimeoutMax;

    /// <summary>Whether that moment has come. A quorum of one answers itself, however late it wakes.</summary>
    internal bool QuorumIsSilent(Role.Leader leader) =>
        Now >= QuorumDeadline(leader) && Configuration.Count(Map((Self, true))) is not Tally.Won;

    /// <summary>
    /// Whether the node refuses to help unseat a leader: it is one, or heard one, or may have just before it started.
    /// </summary>
    /// <remarks>§4.2.3. A leader that should not be one ends by <see cref="QuorumDeadline"/>.</remarks>
    internal bool HoldsVoteBack => Role is Role.Leader || Now < LeaderContact + Settings.ElectionTimeoutMin;

    /// <summary>
    /// Whether no leader has been heard since the node started; then its contact is the start itself.
    /// </summary>
    internal bool HasHeardNoLeader => LeaderContact == Instant.Zero;

    /// <summary>Waits for a leader anew, for a time drawn uniformly from the range of timeouts (§3.4).</summary>
    internal NodeState ResetElectionDeadline()
    {
        var (timeout, rest) = Randomness.Between(Settings.ElectionTimeoutMin, Settings.ElectionTimeoutMax);
        return this with { ElectionDeadline = Now + timeout, Randomness = rest };
    }
}
