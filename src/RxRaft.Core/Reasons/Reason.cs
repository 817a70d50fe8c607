namespace RxRaft;

/// <summary>Why a node did what it did in a step: what the log, the transcript and the console show.</summary>
/// <remarks>Data first; <see cref="object.ToString"/> puts it into an English sentence.</remarks>
public abstract record Reason
{
    private Reason() { }

    /// <summary>The node started with what its disk remembered.</summary>
    public sealed record Started(NodeId Self, Term CurrentTerm, Option<NodeId> VotedFor, LogPosition LastLog) : Reason;

    /// <summary>The node runs with settings that work but are not wise.</summary>
    public sealed record Warned(string Warning) : Reason;

    /// <summary>No leader for an election timeout: time to campaign (§3.4).</summary>
    /// <param name="Leader">Who was the leader as far as the node knew.</param>
    /// <param name="Silence">
    /// Since the leader was last heard, or since the start of a node that never heard one.
    /// </param>
    public sealed record LeaderSilent(Option<NodeId> Leader, TimeSpan Silence) : Reason;

    /// <summary>
    /// The campaign before this one ended without a leader: votes were split, lost or refused (§3.4).
    /// </summary>
    /// <param name="Term">The term that was campaigned for.</param>
    /// <param name="Granted">Who would vote, or has voted, for the node.</param>
    /// <param name="Refused">Who would not, or has not.</param>
    public sealed record CampaignUndecided(Term Term, Seq<NodeId> Granted, Seq<NodeId> Refused) : Reason;

    /// <summary>Asks whether it would win an election, without raising its term (§9.6).</summary>
    public sealed record PreElectionStarted(NodeId Candidate, Term NextTerm) : Reason;

    /// <summary>Would win: raises its term, votes for itself, asks everybody (§3.4).</summary>
    public sealed record ElectionStarted(NodeId Candidate, Term Term, Seq<NodeId> PreVotes) : Reason;

    /// <summary>Asks those again who have not answered; requests and replies may be lost (§3.3).</summary>
    public sealed record AskedAgain(Seq<NodeId> Unanswered) : Reason;

    /// <summary>An answer to the question of a pre-candidate was counted (§9.6).</summary>
    public sealed record PreVoteCounted(NodeId Voter, bool Granted) : Reason;

    /// <summary>A ballot was counted (§3.4); the candidate's own when it is durable (§3.8).</summary>
    public sealed record VoteCounted(NodeId Voter, bool Granted) : Reason;

    /// <summary>A quorum voted for the node (§3.4).</summary>
    /// <param name="Winner">The new leader.</param>
    /// <param name="Term">Its term.</param>
    /// <param name="Votes">Who voted for it, itself first.</param>
    /// <param name="Took">Since the campaign began.</param>
    public sealed record ElectionWon(NodeId Winner, Term Term, Seq<NodeId> Votes, TimeSpan Took) : Reason;

    /// <summary>
    /// A quorum answered the leader for the first time in its term: nobody else can be elected for a while (§6.4.1).
    /// </summary>
    public sealed record LeaseGained(NodeId Leader, Term Term) : Reason;

    /// <summary>A leader gave up its office.</summary>
    public sealed record SteppedDown(NodeId Leader, Term Term, StepDownCause Cause) : Reason;

    /// <summary>A newer term was heard of: adopted, with nobody voted for in it yet (§3.3).</summary>
    /// <param name="Old">The term before.</param>
    /// <param name="New">The term now.</param>
    /// <param name="From">Who told.</param>
    public sealed record TermAdopted(Term Old, Term New, NodeId From) : Reason;

    /// <summary>The term's leader was heard for the first time (§3.4).</summary>
    public sealed record LeaderRecognised(NodeId Leader, Term Term) : Reason;

    /// <summary>Gave its one vote of this term (§3.4), or gave it once more to the same candidate.</summary>
    public sealed record VoteGranted(NodeId Candidate, Term Term) : Reason;

    /// <summary>Did not vote for a candidate.</summary>
    public sealed record VoteRefused(NodeId Candidate, Term Term, VoteRefusal Cause) : Reason;

    /// <summary>Would vote for this node in the term after the one it named (§9.6).</summary>
    public sealed record PreVoteGranted(NodeId Candidate, Term NextTerm) : Reason;

    /// <summary>Would not vote for this node (§9.6).</summary>
    public sealed record PreVoteRefused(NodeId Candidate, Term NextTerm, VoteRefusal Cause) : Reason;

    /// <summary>A message changed nothing.</summary>
    public sealed record Ignored(NodeId From, Message Message, IgnoreCause Cause) : Reason;

    /// <summary>A request of an earlier term was refused with the newer one (§3.3).</summary>
    public sealed record StaleRequestRefused(NodeId From, Message Message, Term CurrentTerm) : Reason;

    /// <summary>The follower does not contain the entry that an append builds on (§3.5).</summary>
    public sealed record AppendConflicted(NodeId Leader, LogPosition PrevLog, LogPosition Hint) : Reason;

    /// <summary>Entries that conflicted with the leader's were deleted (§3.5).</summary>
    /// <param name="After">The last place kept.</param>
    /// <param name="Count">How many entries went.</param>
    public sealed record EntriesDeleted(LogIndex After, ulong Count) : Reason;

    /// <summary>The leader's entries were appended (§3.5).</summary>
    /// <param name="Leader">Whose.</param>
    /// <param name="Last">The last place now.</param>
    /// <param name="Count">How many were new.</param>
    public sealed record EntriesAppended(NodeId Leader, LogIndex Last, ulong Count) : Reason;

    /// <summary>The leader found where a follower's log agrees with its own (§3.5).</summary>
    public sealed record FollowerMatched(NodeId Follower, LogIndex MatchIndex) : Reason;

    /// <summary>The leader goes back in its log to find where a follower agrees (§3.5).</summary>
    public sealed record BackedUp(NodeId Follower, LogIndex From, LogIndex To) : Reason;

    /// <summary>More entries are known to be committed (§3.5).</summary>
    public sealed record CommitAdvanced(LogIndex CommitIndex) : Reason;

    /// <summary>Too much waits for the state machine here: the leader's entries were not taken (§3.5).</summary>
    /// <param name="Leader">Whose.</param>
    /// <param name="Backlog">Bytes of entries that wait, committed ones among them.</param>
    public sealed record AppendDeclined(NodeId Leader, long Backlog) : Reason;

    /// <summary>
    /// A follower has lost what it had acknowledged, or is new under the name of a voter: it gets nothing, and counts
    /// for nothing.
    /// </summary>
    /// <param name="Follower">Who.</param>
    /// <param name="Lost">Through where it had acknowledged entries to this leader.</param>
    public sealed record FollowerRefused(NodeId Follower, LogIndex Lost) : Reason;

    /// <summary>A follower needs entries that the leader's log no longer has (§5.1).</summary>
    public sealed record SnapshotNeeded(NodeId Follower, LogPosition Last) : Reason;

    /// <summary>The state machine takes a snapshot (§5.1).</summary>
    public sealed record SnapshotBegun(LogPosition Last) : Reason;

    /// <summary>A snapshot is durable, and entries that it stands for went from the log (§5.1).</summary>
    /// <param name="Last">The last entry in the snapshot.</param>
    /// <param name="Size">Of the snapshot, in bytes.</param>
    /// <param name="Dropped">How many entries went.</param>
    public sealed record LogCompacted(LogPosition Last, long Size, ulong Dropped) : Reason;

    /// <summary>The leader's snapshot took the place of the log through its last entry (§5.1).</summary>
    public sealed record SnapshotInstalled(NodeId Leader, LogPosition Last, long Size) : Reason;

    /// <summary>A snapshot came that holds nothing new (§5.1).</summary>
    /// <param name="From">The leader, or the node itself.</param>
    /// <param name="Last">The last entry in it.</param>
    /// <param name="Known">What was committed, or in a snapshot, already.</param>
    public sealed record SnapshotIgnored(NodeId From, LogPosition Last, LogIndex Known) : Reason;

    /// <summary>Proposals were refused: too many, or too large (§6).</summary>
    public sealed record ProposalsRefused(int Count) : Reason;

    /// <summary>A change of members begins (§4).</summary>
    public sealed record ChangeBegun(Configuration Goal) : Reason;

    /// <summary>A change of members is committed, or given up (§4).</summary>
    public sealed record ChangeEnded(Configuration Goal, bool Reached) : Reason;

    /// <summary>The leader appended a configuration, which is in force from now on (§4.1).</summary>
    public sealed record Reconfigured(Configuration Configuration, LogIndex At) : Reason;

    /// <summary>A hand-over of leadership begins: the target catches up (§3.10).</summary>
    public sealed record TransferBegun(NodeId Leader, NodeId Target) : Reason;

    /// <summary>The target was told to stand for election (§3.10).</summary>
    public sealed record TransferTold(NodeId Leader, NodeId Target) : Reason;

    /// <summary>The target did not take over in time: the leader leads on (§3.10).</summary>
    public sealed record TransferGivenUp(NodeId Leader, NodeId Target) : Reason;

    /// <summary>Stands for election because the leader said so (§3.10).</summary>
    public sealed record TransferAccepted(NodeId Leader, Term Term) : Reason;

    /// <inheritdoc/>
    public sealed override string ToString() => Narration.Of(this);
}

/// <summary>Why a node does not vote, or would not.</summary>
public abstract record VoteRefusal
{
    private VoteRefusal() { }

    /// <summary>The candidate's term has passed (§3.4).</summary>
    public sealed record StaleTerm(Term CurrentTerm) : VoteRefusal;

    /// <summary>The vote of this term went to another (§3.4).</summary>
    public sealed record AlreadyVoted(NodeId For) : VoteRefusal;

    /// <summary>The voter's log is more up-to-date (§3.6.1).</summary>
    public sealed record LogBehind(LogPosition Theirs, LogPosition Ours) : VoteRefusal;

    /// <summary>The voter leads, or has heard from a leader within the minimum election timeout (§4.2.3).</summary>
    public sealed record LeaderAlive(Option<NodeId> Leader, TimeSpan HeardAgo) : VoteRefusal;

    /// <summary>
    /// The voter started less than the minimum election timeout ago: it may have heard a leader just before it
    /// crashed.
    /// </summary>
    public sealed record JustStarted(TimeSpan Ago) : VoteRefusal;

    /// <summary>The node has never been part of a cluster: it cannot know what it may have promised before.</summary>
    public sealed record Blank : VoteRefusal;

    /// <inheritdoc/>
    public sealed override string ToString() => Narration.Of(this);
}

/// <summary>Why a leader gives up its office.</summary>
public abstract record StepDownCause
{
    private StepDownCause() { }

    /// <summary>There is a newer term (§3.3).</summary>
    public sealed record NewerTerm(Term Term, NodeId From) : StepDownCause;

    /// <summary>No quorum has answered for an election timeout (§6.2).</summary>
    public sealed record QuorumSilent(TimeSpan Silence) : StepDownCause;

    /// <summary>The committed configuration does not have it as a voter (§4.2.2).</summary>
    public sealed record Removed : StepDownCause;

    /// <inheritdoc/>
    public sealed override string ToString() => Narration.Of(this);
}

/// <summary>Why a message changed nothing.</summary>
public enum IgnoreCause
{
    /// <summary>It answers a question of an earlier term.</summary>
    EarlierTerm,

    /// <summary>It answers an earlier question of this term, or one that has been answered.</summary>
    EarlierRound,

    /// <summary>It answers a question that the node, in its present role, is not asking.</summary>
    NotAsking,

    /// <summary>The sender's ballot has been counted.</summary>
    AlreadyCounted,

    /// <summary>The sender is no member of the cluster.</summary>
    NotAMember,

    /// <summary>The sender has lost what it had acknowledged.</summary>
    Refused,
}
