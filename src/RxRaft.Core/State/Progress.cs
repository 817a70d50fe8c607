namespace RxRaft;

/// <summary>One follower as its leader sees it.</summary>
/// <remarks>Figure 3.1's nextIndex and matchIndex, and what the leader knows of their meaning.</remarks>
public abstract record Progress
{
    private Progress(Round answered, LogIndex matchIndex) => (Answered, MatchIndex) = (answered, matchIndex);

    /// <summary>The latest round that the follower has answered in this term. Older answers are ignored.</summary>
    public Round Answered { get; init; }

    /// <summary>
    /// Inclusive: the follower is known to have our entries through here, durably. It only moves forward.
    /// </summary>
    public LogIndex MatchIndex { get; init; }

    /// <summary>
    /// The logs' last common entry is being looked for. Appends carry no entries until it is found, but for the
    /// leader's first, which most followers can take at once.
    /// </summary>
    /// <param name="Answered">See <see cref="Progress.Answered"/>.</param>
    /// <param name="MatchIndex">See <see cref="Progress.MatchIndex"/>.</param>
    /// <param name="NextIndex">Where the logs may part: it only moves back, and not to the match index.</param>
    /// <param name="Since">The round that asks at this place; answers to earlier ones say nothing about it.</param>
    public sealed record Probe(Round Answered, LogIndex MatchIndex, LogIndex NextIndex, Round Since)
        : Progress(Answered, MatchIndex);

    /// <summary>The logs agree, and entries flow.</summary>
    /// <param name="Answered">See <see cref="Progress.Answered"/>.</param>
    /// <param name="MatchIndex">See <see cref="Progress.MatchIndex"/>.</param>
    /// <param name="NextIndex">
    /// What to send next: everything before it has been sent. What was lost is found by the follower's refusal of the
    /// next append, which takes the leader back to probing.
    /// </param>
    /// <param name="InFlight">Appends with entries that are not acknowledged yet, oldest first.</param>
    /// <param name="CommitSent">The commit index that the follower was last told.</param>
    public sealed record Replicate(
        Round Answered, LogIndex MatchIndex, LogIndex NextIndex, Seq<Sent> InFlight, LogIndex CommitSent)
        : Progress(Answered, MatchIndex)
    {
        /// <summary>
        /// Inclusive: through here clients of the follower wait for entries to be committed, or did, so it is told at
        /// once; else a commit index can wait for the next append or heartbeat. Forgotten while the follower is probed.
        /// </summary>
        public LogIndex Awaits { get; init; }

        /// <summary>Nothing in flight yet.</summary>
        public Replicate(Round answered, LogIndex matchIndex, LogIndex nextIndex)
            : this(answered, matchIndex, nextIndex, [], LogIndex.Zero) { }
    }

    /// <summary>The follower lacks entries that only the snapshot still holds: it is sent, part by part.</summary>
    /// <param name="Answered">See <see cref="Progress.Answered"/>.</param>
    /// <param name="MatchIndex">See <see cref="Progress.MatchIndex"/>.</param>
    /// <param name="Snapshot">Which.</param>
    /// <param name="Received">Bytes that the follower has, as far as it has said.</param>
    /// <param name="SentTo">Bytes sent; what is between the two is in flight.</param>
    /// <param name="Moved">
    /// Whether it has received more since the last heartbeat; if not, what is in flight is lost, and one part is sent.
    /// </param>
    /// <remarks>§5.1.</remarks>
    public sealed record Install(
        Round Answered, LogIndex MatchIndex, Snapshot Snapshot, long Received, long SentTo, bool Moved)
        : Progress(Answered, MatchIndex);

    /// <summary>
    /// The follower has lost entries that it had acknowledged, or has a new disk under an old name: it gets nothing
    /// from this leader, and counts for nothing.
    /// </summary>
    /// <param name="Answered">The last round before.</param>
    public sealed record Refused(Round Answered) : Progress(Answered, LogIndex.Zero);
}

/// <summary>An append on its way.</summary>
/// <param name="Last">The last entry in it.</param>
/// <param name="Size">Of its entries, after <see cref="Entry.Size"/>, in bytes.</param>
public readonly record struct Sent(LogIndex Last, long Size);
