namespace RxRaft;

/// <summary>
/// Everything a node knows: Figure 3.1's state, in its order, and the clock and chance that come with the inputs.
/// </summary>
/// <param name="Self">The node's own id.</param>
/// <param name="CurrentTerm">Latest term the node has seen. Persistent.</param>
/// <param name="VotedFor">Candidate that received its vote in the current term. Persistent.</param>
/// <param name="Log">The log entries, and the snapshot that stands for those before. Persistent.</param>
/// <param name="CommitIndex">
/// Inclusive: the highest entry known to be committed. All entries through it have been handed to the state machine.
/// </param>
/// <param name="LastApplied">Inclusive: how far the state machine says it has come.</param>
/// <param name="AppliedSize">Bytes of the log through there; see <see cref="Log.Size"/>.</param>
/// <param name="Durable">Inclusive: how far the log is on the node's own disk.</param>
/// <param name="Role">What the node is at the moment.</param>
/// <param name="Now">When the last input was taken up.</param>
/// <param name="LeaderContact">
/// When a leader of the then current term was last heard; at first, when the node started.
/// </param>
/// <param name="LeaderTerm">
/// The latest term a leader of which was heard, whether it was lost sight of since or not.
/// </param>
/// <param name="LeaderRound">The latest round heard of that leader.</param>
/// <param name="ElectionDeadline">When the node, unless it leads, stops waiting for a leader.</param>
/// <param name="Round">The last round the node has begun since it started.</param>
/// <param name="Compaction">Snapshots that are being taken or received.</param>
/// <param name="Relayed">Requests of clients here that the leader has to answer.</param>
/// <param name="Randomness">Where its timeouts come from.</param>
/// <param name="Settings">What the operator chose.</param>
public sealed record NodeState(
    NodeId Self,
    Term CurrentTerm,
    Option<NodeId> VotedFor,
    Log Log,
    LogIndex CommitIndex,
    LogIndex LastApplied,
    long AppliedSize,
    LogIndex Durable,
    Role Role,
    Instant Now,
    Instant LeaderContact,
    Term LeaderTerm,
    Round LeaderRound,
    Instant ElectionDeadline,
    Round Round,
    CompactionState Compaction,
    Relayed Relayed,
    Randomness Randomness,
    Settings Settings)
{
    /// <summary>A node that starts, or starts again, as a follower with what its disk remembered.</summary>
    /// <param name="self">The node's own id.</param>
    /// <param name="configuration">The first members of the cluster: they count only on a disk that has none.</param>
    /// <param name="settings">Without <see cref="Settings.Problems(NodeId, Configuration)"/>.</param>
    /// <param name="recovered">What was on disk; <see cref="PersistentState.Fresh"/> on a new one.</param>
    internal static NodeState Boot(
        NodeId self, Configuration configuration, Settings settings, PersistentState recovered)
    {
        var log = recovered.Log.Configuration.IsNobody && !configuration.IsNobody
            ? recovered.Log.OnTopOf(Snapshot.Beginning(configuration), LogPosition.Zero)
            : recovered.Log;

        return new NodeState(
            self, recovered.CurrentTerm, recovered.VotedFor, log,
            CommitIndex: log.Snapshot.Last.Index, LastApplied: LogIndex.Zero,
            AppliedSize: log.SizeThrough(log.Base.Index), Durable: log.LastIndex,
            new Role.Follower(None), Instant.Zero, Instant.Zero, Term.Zero, Round.Zero, Instant.Zero, Round.Zero,
            CompactionState.Idle, Relayed.Nothing, Randomness.For(settings.Seed ?? 0, self), settings)
            .ResetElectionDeadline();
    }

    /// <summary>The members in force, and which of them are a quorum: the latest in the log (§4.1).</summary>
    public Configuration Configuration => Log.Configuration;

    /// <summary>What stands for the beginning of the log.</summary>
    public Snapshot Snapshot => Log.Snapshot;

    /// <summary>Whether the node has never been part of a cluster. It waits for a leader, and does not vote.</summary>
    public bool IsBlank => Log.Configuration.IsNobody;

    /// <summary>Bytes of entries that the state machine has not applied yet; see <see cref="Limits"/>.</summary>
    public long Backlog => Log.Size - AppliedSize;

    /// <summary>Position of the last entry.</summary>
    public LogPosition LastLog => Log.Last;

    /// <summary>Whether the node's own vote counts.</summary>
    public bool IsVoter => Configuration.IsVoter(Self);

    /// <summary>Whether the node may stand for election: a voter, or one that leaves but has not left yet.</summary>
    /// <remarks>
    /// §4.2.2: who is not in its latest configuration "might still be needed until the Cnew entry is committed", since
    /// those who stay may lack that entry. It does not count its own vote.
    /// </remarks>
    internal bool MayStand => IsVoter || (Log.ConfiguredAt > CommitIndex
        && Log.ConfigurationAt(Log.ConfiguredAt.Previous).IsVoter(Self));

    /// <summary>
    /// Whether it was taken out of the cluster, as far as it knows: who is about to be a member hears a leader.
    /// </summary>
    internal bool HasLeft => !IsBlank && LeaderId.IsNone
        && Log.ConfiguredAt <= CommitIndex && !Configuration.Members.Contains(Self);

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
    /// election timeout from then on. None before a first quorum has answered in this term, and none from when a node
    /// was told to take over (§3.10) until a quorum has answered a round after that was withdrawn.
    /// </remarks>
    public Option<Instant> LeaseEnd =>
        Role is Role.Leader { Confirmed: true } leader
        && (leader.Office.Told == Round.Zero || QuorumRound(leader) > leader.Office.Told)
            ? Some(leader.QuorumContact + Settings.LeaseDuration)
            : None;

    /// <summary>The latest round that a quorum has answered, the leader itself the latest there is.</summary>
    internal Round QuorumRound(Role.Leader leader) => Configuration.Reached(
        static (voter, at) => voter == at.Self ? at.Round
            : at.Followers.Find(voter).Case is Progress follower ? follower.Answered
            : Round.Zero,
        (Self, Round, leader.Followers));

    /// <summary>When a leader gives up unless a quorum answers a round (§6.2).</summary>
    /// <remarks>
    /// The longest election timeout: by then every follower has lost patience. The lease, which promises something to
    /// others, ends before the shortest.
    /// </remarks>
    internal Instant QuorumDeadline(Role.Leader leader) => leader.QuorumContact + Settings.ElectionTimeoutMax;

    /// <summary>
    /// Whether <see cref="QuorumDeadline"/> has passed. A quorum of one answers itself, however late it wakes.
    /// </summary>
    internal bool QuorumIsSilent(Role.Leader leader) =>
        Now >= QuorumDeadline(leader) && Configuration.Count(Map((Self, true))) is not Tally.Won;

    /// <summary>
    /// Whether the node refuses to help unseat a leader: it is one, or heard one, or may have just before it started.
    /// </summary>
    /// <remarks>§4.2.3. A leader that should not be one ends by <see cref="QuorumDeadline"/>.</remarks>
    internal bool HoldsVoteBack => Role is Role.Leader || Now < LeaderContact + Settings.ElectionTimeoutMin;

    /// <summary>
    /// Whether the leader wants this candidate elected, so that its being alive is no reason against it.
    /// </summary>
    /// <remarks>
    /// §4.2.3's last sentence; not if the leader has withdrawn that, to count on its lease again (§6.4.1). Who has
    /// heard a later round of it knows; who has just started may have forgotten.
    /// </remarks>
    internal bool LetsPass(Message.RequestVote request)
    {
        if (request.Transfer.IsNone || HasJustStarted) return false;

        var latest = Role is Role.Leader && CurrentTerm.Next == request.Term ? Round
            : LeaderTerm.Next == request.Term ? LeaderRound
            : Round.Zero;
        return request.Transfer.IfNone(Round.Zero) >= latest;
    }

    /// <summary>Whether a leader may still hold a lease that the node gave it in its life before.</summary>
    internal bool HasJustStarted => Now < Instant.Zero + Settings.ElectionTimeoutMin;

    /// <summary>
    /// Whether no leader has been heard since the node started; then its contact is the start itself.
    /// </summary>
    internal bool HasHeardNoLeader => LeaderContact == Instant.Zero;

    /// <summary>Waits for a leader anew, for a time drawn uniformly from the range of timeouts (§3.4).</summary>
    internal NodeState ResetElectionDeadline()
    {
        var (deadline, rest) = NewElectionDeadline();
        return this with { ElectionDeadline = deadline, Randomness = rest };
    }

    /// <summary>The same, for a state that is about to change in other ways too.</summary>
    internal (Instant Deadline, Randomness Left) NewElectionDeadline()
    {
        var (timeout, rest) = Randomness.Between(Settings.ElectionTimeoutMin, Settings.ElectionTimeoutMax);
        return (Now + timeout, rest);
    }
}
