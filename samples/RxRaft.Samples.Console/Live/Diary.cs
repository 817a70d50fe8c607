namespace RxRaft.Samples;

/// <summary>What a watcher remembers of a world: the latest headlines, and who has just sent messages.</summary>
internal sealed record Diary(Seq<Headline> Headlines, Seq<(TimeSpan At, NodeId From)> Sent)
{
    private const int MostHeadlines = 100;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(500);

    public static readonly Diary Empty = new([], []);

    public Diary After(WorldEvent happened) => happened switch
    {
        WorldEvent.Sent sent => this with
        {
            Sent = Sent.Filter(before => before.At > sent.At - Moment).Strict().Add((sent.At, sent.From)),
        },
        WorldEvent.Delivered or WorldEvent.Lost => this,
        _ => this with { Headlines = Headline.Of(happened).Fold(Headlines, Told) },
    };

    /// <summary>Messages a second that a node sends at the moment.</summary>
    public double RateOf(NodeId node, TimeSpan now) =>
        Sent.Count(sent => sent.From == node && sent.At > now - Moment) / Moment.TotalSeconds;

    /// <summary>What a node says over and over is told once, as it said it last; what the table shows, never.</summary>
    public static Seq<Headline> Told(Seq<Headline> headlines, Headline headline) =>
        headline.Tone == Tone.Routine
            ? headlines
            : Latest(headlines.Filter(before => !headline.Replaces(before)).Add(headline).Strict());

    private static Seq<Headline> Latest(Seq<Headline> headlines) =>
        headlines.Count > MostHeadlines ? headlines.Skip(headlines.Count - MostHeadlines).Strict() : headlines;
}
