using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>One line worth reading about something that happened.</summary>
/// <param name="At">World time.</param>
/// <param name="Node">To whom it happened, if to one node.</param>
/// <param name="Text">What, and why.</param>
/// <param name="Tone">How much it matters.</param>
/// <param name="Topic">What it is the latest of, if a later one makes it old.</param>
internal sealed record Headline(
    TimeSpan At, Option<NodeId> Node, string Text, Tone Tone, Option<string> Topic = default)
{
    /// <summary>The headlines of an event; none for what happens all the time.</summary>
    public static Seq<Headline> Of(WorldEvent happened) => happened switch
    {
        WorldEvent.Started e => Of(e.At, e.Node, e.Step),
        WorldEvent.Stepped e => Of(e.At, e.Node, e.Step),
        WorldEvent.Crashed e => Seq1(new Headline(e.At, e.Node, "Crashed", Tone.Bad)),
        WorldEvent.Paused e => Seq1(new Headline(e.At, e.Node, $"Paused for {e.For.TotalMilliseconds:0} ms", Tone.Bad)),
        WorldEvent.Halted e => Seq1(new Headline(e.At, e.Node, $"Halted: {e.Reason.Message}", Tone.Bad)),
        WorldEvent.LinksChanged e => Seq1(new Headline(e.At, None, $"Network: {e.What}", Tone.Bad)),
        WorldEvent.Sent or WorldEvent.Delivered or WorldEvent.Lost => [],
        _ => throw new InvalidOperationException($"{happened} is not told"),
    };

    /// <summary>1.234 s  S3  what and why.</summary>
    public override string ToString() => Invariant($"{At.TotalSeconds,8:0.000} s  {Who,-3} {Text}");

    /// <summary>Whether this makes another headline of the same node old: it goes on with the same.</summary>
    public bool Replaces(Headline other) => Topic.IsSome && Topic == other.Topic && Node == other.Node;

    /// <summary>The node, or that it is none.</summary>
    public string Who => Node.Match(node => node.ToString(), () => "--");

    /// <summary>The headlines of a step; none for what happens all the time.</summary>
    public static Seq<Headline> Of(TimeSpan at, NodeId node, Transition step)
    {
        var again = step.Reasons.Exists(reason => reason is Reason.CampaignUndecided);  // another campaign begins
        var leads = step.State.Role is Role.Leader;
        return step.Reasons
            .Filter(reason => !(again && reason is Reason.PreElectionStarted))
            .Choose(reason => ToneOf(reason, leads).Map(tone =>
                new Headline(at, node, $"{reason}", tone, TopicOf(reason, tone)))).Strict();
    }

    /// <summary>What a node says over and over: that it campaigns in vain, and how far it has come.</summary>
    private static Option<string> TopicOf(Reason reason, Tone tone) => reason switch
    {
        Reason.CommitAdvanced or Reason.LogCompacted or Reason.AppendConflicted => reason.GetType().Name,
        Reason.BackedUp r => $"log of {r.Follower}",
        _ => tone == Tone.Busy ? $"{reason}" : None,
    };

    // Single ballots and what was ignored are for the transcript, which tells everything.
    private static Option<Tone> ToneOf(Reason reason, bool leads) => reason switch
    {
        Reason.ElectionWon or Reason.LeaseGained => Tone.Good,
        Reason.SteppedDown or Reason.Warned => Tone.Bad,
        Reason.LeaderSilent or Reason.CampaignUndecided => Tone.Busy,
        Reason.PreElectionStarted or Reason.ElectionStarted => Tone.Busy,
        Reason.PreVoteCounted or Reason.VoteCounted or Reason.PreVoteGranted or Reason.AskedAgain => None,
        Reason.Ignored or Reason.FollowerMatched or Reason.SnapshotBegun => None,
        Reason.EntriesAppended => Tone.Routine,
        Reason.CommitAdvanced when !leads => Tone.Routine,      // the leader has said so before
        _ => Tone.Plain,
    };
}

/// <summary>How much a headline matters.</summary>
internal enum Tone
{
    /// <summary>What every command brings to every node.</summary>
    Routine,

    /// <summary>Business as usual.</summary>
    Plain,

    /// <summary>Somebody leads.</summary>
    Good,

    /// <summary>Somebody wants to lead.</summary>
    Busy,

    /// <summary>Something broke.</summary>
    Bad,
}
