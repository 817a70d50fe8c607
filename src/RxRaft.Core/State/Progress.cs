namespace RxRaft;

/// <summary>One follower as its leader sees it.</summary>
/// <remarks>Figure 3.1's nextIndex and matchIndex, and what the leader knows of their meaning.</remarks>
public abstract record Progress
{
    private Progress(Round answered) => Answered = answered;

    /// <summary>The latest round that the follower has answered in this term. Older answers are ignored.</summary>
    public Round Answered { get; init; }

    /// <summary>The logs' last common entry is being looked for. Appends carry no entries until it is found.</summary>
    /// <param name="Answered">See <see cref="Progress.Answered"/>.</param>
    /// <param name="NextIndex">Where the logs may part: it only moves back.</param>
    public sealed record Probe(Round Answered, LogIndex NextIndex) : Progress(Answered);

    /// <summary>The logs agree, and entries flow.</summary>
    /// <param name="Answered">See <see cref="Progress.Answered"/>.</param>
    /// <param name="MatchIndex">
    /// Inclusive: the follower is known to have our entries through here. It only moves forward.
    /// </param>
    /// <param name="NextIndex">
    /// What to send next: everything before it has been sent. What was lost is found by the follower's refusal of the
    /// next append, which takes the leader back to probing.
    /// </param>
    public sealed record Replicate(Round Answered, LogIndex MatchIndex, LogIndex NextIndex) : Progress(Answered);
}
