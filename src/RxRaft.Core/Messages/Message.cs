namespace RxRaft;

/// <summary>
/// What one node says to another: the RPCs of Figure 3.1, requests and replies alike as one-way messages.
/// </summary>
public abstract record Message
{
    private Message(Term term) => Term = term;

    /// <summary>
    /// The sender's current term; in a <see cref="PreVoteReply"/>, the newer of sender's and receiver's.
    /// </summary>
    public Term Term { get; init; }

    /// <summary>Would you vote for me in the term after this one? Changes nothing at the receiver.</summary>
    /// <param name="Term">The asker's current term, which it has not raised.</param>
    /// <param name="Round">Echoed by the reply.</param>
    /// <param name="LastLog">Position of the asker's last entry.</param>
    /// <remarks>§9.6.</remarks>
    public sealed record PreVote(Term Term, Round Round, LogPosition LastLog) : Message(Term);

    /// <summary>Yes or no, to a pre-candidate.</summary>
    /// <param name="Term">The newer of the asker's term and the replier's: a refusal teaches the newer term.</param>
    /// <param name="Round">That of the question.</param>
    /// <param name="VoteGranted">Whether the replier would vote for the asker.</param>
    /// <remarks>§9.6.</remarks>
    public sealed record PreVoteReply(Term Term, Round Round, bool VoteGranted) : Message(Term);

    /// <summary>Vote for me in this term.</summary>
    /// <param name="Term">The candidate's term.</param>
    /// <param name="LastLog">Position of the candidate's last entry: Figure 3.1's lastLogTerm and lastLogIndex.</param>
    /// <param name="Transfer">
    /// The leader itself asked the candidate to stand, so nobody holds a vote back for it, unless that was withdrawn:
    /// the round of its <see cref="TimeoutNow"/>.
    /// </param>
    /// <remarks>§3.4; the transfer is §4.2.3's last sentence.</remarks>
    public sealed record RequestVote(Term Term, LogPosition LastLog, Option<Round> Transfer = default)
        : Message(Term);

    /// <summary>A ballot.</summary>
    /// <param name="Term">The voter's term, which is the candidate's when the vote is granted.</param>
    /// <param name="VoteGranted">True means the candidate received the vote.</param>
    /// <remarks>§3.4.</remarks>
    public sealed record RequestVoteReply(Term Term, bool VoteGranted) : Message(Term);

    /// <summary>Entries to append, or none: then it is a heartbeat, which is nothing else.</summary>
    /// <param name="Term">The leader's term.</param>
    /// <param name="Round">Echoed by the reply.</param>
    /// <param name="PrevLog">Position of the entry just before the new ones: prevLogTerm and prevLogIndex.</param>
    /// <param name="Entries">Consecutive, from the place after <paramref name="PrevLog"/>.</param>
    /// <param name="LeaderCommit">The last index that the leader knows is committed.</param>
    /// <remarks>§3.5.</remarks>
    public sealed record AppendEntries(
        Term Term, Round Round, LogPosition PrevLog, Seq<Entry> Entries, LogIndex LeaderCommit) : Message(Term)
    {
        /// <summary>The last place that this append speaks of.</summary>
        public LogIndex LastIndex => PrevLog.Index + Entries.Count;
    }

    /// <summary>Whether the follower's log now agrees with the leader's through the append.</summary>
    /// <param name="Term">The follower's term, for a leader whose own has passed.</param>
    /// <param name="Round">That of the append.</param>
    /// <param name="Result">What came of it.</param>
    /// <remarks>§3.5.</remarks>
    public sealed record AppendEntriesReply(Term Term, Round Round, AppendResult Result) : Message(Term);

    /// <summary>A part of the leader's snapshot, for a follower that needs entries the leader no longer has.</summary>
    /// <param name="Term">The leader's term.</param>
    /// <param name="Round">Echoed by the reply.</param>
    /// <param name="Snapshot">What it is a part of.</param>
    /// <param name="Offset">Of its first byte.</param>
    /// <param name="Data">Its bytes; with the last of them the snapshot is complete.</param>
    /// <remarks>§5.1, Figure 5.3.</remarks>
    public sealed record InstallSnapshot(
        Term Term, Round Round, Snapshot Snapshot, long Offset, ReadOnlyMemory<byte> Data) : Message(Term);

    /// <summary>How much of the snapshot the follower has.</summary>
    /// <param name="Term">The follower's term.</param>
    /// <param name="Round">That of the part.</param>
    /// <param name="Last">Which snapshot, by its last entry.</param>
    /// <param name="Received">In bytes, from the beginning and without a gap.</param>
    /// <param name="Installed">Whether the follower's log agrees with the leader's through it, durably.</param>
    /// <remarks>§5.1.</remarks>
    public sealed record InstallSnapshotReply(
        Term Term, Round Round, LogPosition Last, long Received, bool Installed) : Message(Term);

    /// <summary>Stand for election at once: you are the one to lead.</summary>
    /// <param name="Term">The leader's term.</param>
    /// <param name="Round">Far ahead. To who hears a later one of the leader, the leader has withdrawn this.</param>
    /// <remarks>§3.10.</remarks>
    public sealed record TimeoutNow(Term Term, Round Round) : Message(Term);

    /// <summary>A follower has reads: up to where is committed?</summary>
    /// <param name="Term">The follower's term.</param>
    /// <param name="Round">Echoed by the reply. Drawn at random: no two lives of a follower ask the same.</param>
    /// <remarks>§6.4.</remarks>
    public sealed record ReadIndex(Term Term, Round Round) : Message(Term);

    /// <summary>What was committed when the follower asked, or that this node cannot tell.</summary>
    /// <param name="Term">The replier's term.</param>
    /// <param name="Round">That of the question.</param>
    /// <param name="Index">Inclusive; none from a node that does not lead, or is too busy.</param>
    /// <remarks>§6.4.</remarks>
    public sealed record ReadIndexReply(Term Term, Round Round, Option<LogIndex> Index) : Message(Term);

    /// <summary>Proposals of a follower's clients, for the leader.</summary>
    /// <param name="Term">The follower's term.</param>
    /// <param name="Proposals">At least one.</param>
    /// <remarks>§6.2: "the server can proxy the client's request to the leader".</remarks>
    public sealed record Forward(Term Term, Seq<Proposal> Proposals) : Message(Term);

    /// <summary>
    /// A forwarded proposal did not make it into the log, in this copy. One that did is answered where it is applied.
    /// </summary>
    /// <param name="Term">The replier's term.</param>
    /// <param name="Request">Which.</param>
    /// <param name="Outcome">Why.</param>
    public sealed record ForwardReply(Term Term, RequestId Request, Outcome Outcome) : Message(Term);
}
