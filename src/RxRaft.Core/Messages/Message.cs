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
    /// <remarks>§3.4.</remarks>
    public sealed record RequestVote(Term Term, LogPosition LastLog) : Message(Term);

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
}
