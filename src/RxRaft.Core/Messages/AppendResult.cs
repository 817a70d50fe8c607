namespace RxRaft;

/// <summary>What came of an append at the follower.</summary>
public abstract record AppendResult
{
    private AppendResult() { }

    /// <summary>The follower contained the previous entry, and has appended the new ones.</summary>
    /// <param name="MatchIndex">
    /// Inclusive: through here the logs agree, as this append showed. The follower's log may well go on.
    /// </param>
    public sealed record Success(LogIndex MatchIndex) : AppendResult;

    /// <summary>
    /// The follower contains the previous entry, but has no room for more until its state machine catches up.
    /// </summary>
    /// <param name="MatchIndex">As in <see cref="Success"/>.</param>
    public sealed record Full(LogIndex MatchIndex) : AppendResult;

    /// <summary>The follower does not contain the previous entry.</summary>
    /// <param name="Hint">
    /// Its last entry that may agree with the leader's log: neither index nor term later than the previous entry's.
    /// </param>
    /// <remarks>§3.5: with it the leader backs up over whole terms, not entry by entry.</remarks>
    public sealed record Conflict(LogPosition Hint) : AppendResult;

    /// <summary>
    /// The follower has never been part of a cluster, as far as its disk knows: right for a new learner, and a wiped
    /// disk in anybody else.
    /// </summary>
    public sealed record Blank : AppendResult;

    /// <summary>The append came from a leader of an earlier term; nothing was checked.</summary>
    public sealed record StaleTerm : AppendResult;
}
