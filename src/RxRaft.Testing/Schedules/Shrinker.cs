using System.Linq;

namespace RxRaft.Testing;

/// <summary>
/// Finds the least of a schedule that still breaks the same property, or fails in the same way as a whole:
/// <see cref="SwarmFailure.Kind"/>.
/// </summary>
/// <param name="algorithm">Makes the algorithm that is played, anew for each play.</param>
public sealed class Shrinker(Func<Func<NodeState, Input, Transition>> algorithm)
{
    /// <summary>
    /// Makes a property more than those of the paper, anew for each play: it gives its name when it does not hold. By
    /// default there is none.
    /// </summary>
    public Func<Func<WorldEvent, Option<string>>> Watch { get; init; } = () => _ => None;

    /// <summary>
    /// What is looked at when all has happened, besides the properties on the way. By default nothing.
    /// </summary>
    public RunJudge Judge { get; init; } = RunJudge.OfProperties;

    /// <summary>The property that a schedule breaks, if it does.</summary>
    public Option<string> Broken(RecordedRun schedule) => Play(schedule).Failure.Map(failure => failure.Property);

    /// <summary>The least of a schedule that fails in the same way; none if it does not fail.</summary>
    /// <remarks>
    /// None of what is left can be left out by itself. In what order things happen, and when, stays as it was.
    /// </remarks>
    public Option<Shrunk> Shrink(RecordedRun schedule)
    {
        var whole = Play(schedule);
        if (whole.Failure.Case is not SwarmFailure broken) return None;

        var plays = 1;
        var least = Minimal.Of(WithoutNodes(Applied([.. schedule.Happenings], whole), Still), Still);
        var last  = Play(Of(least));
        return new Shrunk(
            Of(least), last.Failure.IfNone(() => throw Unreachable.Case(last)),
            toSeq(last.Events).Strict(), schedule.Happenings.Count, plays);

        Option<Happening[]> Still(Happening[] part)
        {
            var played = Try(part);
            return Breaks(played) ? Applied(part, played) : None;
        }

        // Time passes with what happens to nobody, too: without it, it may be another run.
        Happening[] Applied(Happening[] part, Played played) =>
            played.Applied.Length < part.Length && Breaks(Try(played.Applied)) ? played.Applied : part;

        Played Try(Happening[] part)
        {
            plays++;
            return Play(Of(part));
        }

        RecordedRun Of(Happening[] part) => schedule with { Happenings = toSeq(part).Strict() };

        bool Breaks(Played played) => played.Failure.Exists(failure => failure.Kind == broken.Kind);
    }

    /// <summary>Whole nodes first: most of what happens is theirs alone.</summary>
    private static Happening[] WithoutNodes(Happening[] all, Func<Happening[], Option<Happening[]>> still)
    {
        foreach (var node in all.Select(happening => happening.Node).Distinct().ToList())
            if (still([.. all.Where(happening => happening.Node != node)]).Case is Happening[] left) all = left;
        return all;
    }

    private Played Play(RecordedRun schedule) =>
        Stage.Play(schedule, schedule.Happenings.AsEnumerable(), algorithm(), Watch(), Judge);
}

/// <summary>A shortest schedule, and what comes of it.</summary>
/// <param name="Run">It breaks the property; without any one of what happens it does not.</param>
/// <param name="Failure">What does not hold.</param>
/// <param name="Events">What comes of it, up to there.</param>
/// <param name="Of">How much happened in the whole run.</param>
/// <param name="Plays">How often a part was played to find it.</param>
public sealed record Shrunk(RecordedRun Run, SwarmFailure Failure, Seq<WorldEvent> Events, int Of, int Plays)
{
    /// <summary>What happens, line by line: what reaches a node, and what it says to it.</summary>
    public Seq<string> Transcript => Events.Filter(IsHeard)
        .Bind(happened => happened is WorldEvent.Delivered heard
            ? Seq1(Say.Invariant($"{Testing.Transcript.Time(heard.At),14}  {heard.From} -> {heard.To}  ")
                + Testing.Transcript.Of(heard.Message))
            : Testing.Transcript.LinesOf(happened, messages: false)).Strict();

    /// <summary>The same as a sequence diagram of Mermaid.</summary>
    public string Diagram => Diagrams.Mermaid(Events.Filter(IsHeard).AsEnumerable());

    /// <summary>What is only sent arrives nowhere.</summary>
    private static bool IsHeard(WorldEvent happened) => happened is not WorldEvent.Sent;
}
