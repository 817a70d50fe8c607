using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>One line worth reading about something that happened.</summary>
/// <param name="At">World time.</param>
/// <param name="Node">To whom it happened, if to one node.</param>
/// <param name="Text">What, and why.</param>
/// <param name="Tone">How much it matters.</param>
internal sealed record Headline(TimeSpan At, Option<NodeId> Node, string Text, Tone Tone)
{
    /// <summary>The headlines of an event; none for what happens all the time.</summary>
    public static Seq<Headline> Of(WorldEvent happened) => happened switch
    {
        WorldEvent.Started e => Of(e.At, e.Node, e.Step.Reasons),
        WorldEvent.Stepped e => Of(e.At, e.Node, e.Step.Reasons),
        WorldEvent.Crashed e => Seq1(new Headline(e.At, e.Node, "Crashed", Tone.Bad)),
        WorldEvent.Halted e => Seq1(new Headline(e.At, e.Node, $"Halted: {e.Reason.Message}", Tone.Bad)),
        WorldEvent.LinksChanged e => Seq1(new Headline(e.At, None, $"Network: {e.What}", Tone.Bad)),
        WorldEvent.Sent or WorldEvent.Delivered or WorldEvent.Lost => [],
        _ => throw new InvalidOperationException($"{happened} is not told"),
    };

    /// <summary>1.234 s  S3  what and why.</summary>
    public override string ToString() => Invariant($"{At.TotalSeconds,8:0.000} s  {Who,-3} {Text}");

    /// <summary>Whether this is a node that goes on trying what another headline says it tried.</summary>
    public bool Repeats(Headline other) => Tone == Tone.Busy && this with { At = other.At } == other;

    private string Who => Node.Match(node => node.ToString(), () => "--");

    private static Seq<Headline> Of(TimeSpan at, NodeId node, Seq<Reason> reasons)
    {
        var again = reasons.Exists(reason => reason is Reason.CampaignUndecided);   // says that another campaign begins
        return reasons
            .Filter(reason => !(again && reason is Reason.PreElectionStarted))
            .Choose(reason => ToneOf(reason).Map(tone => new Headline(at, node, $"{reason}", tone))).Strict();
    }

    // Single ballots and what was ignored are for the transcript, which tells everything.
    private static Option<Tone> ToneOf(Reason reason) => reason switch
    {
        Reason.ElectionWon or Reason.LeaseGained => Tone.Good,
        Reason.SteppedDown or Reason.Warned => Tone.Bad,
        Reason.LeaderSilent or Reason.CampaignUndecided => Tone.Busy,
        Reason.PreElectionStarted or Reason.ElectionStarted => Tone.Busy,
        Reason.PreVoteCounted or Reason.VoteCounted or Reason.PreVoteGranted or Reason.AskedAgain => None,
        Reason.Ignored or Reason.FollowerMatched => None,
        _ => Tone.Plain,
    };
}

/// <summary>How much a headline matters.</summary>
internal enum Tone
{
    /// <summary>Business as usual.</summary>
    Plain,

    /// <summary>Somebody leads.</summary>
    Good,

    /// <summary>Somebody wants to lead.</summary>
    Busy,

    /// <summary>Something broke.</summary>
    Bad,
}
