using System.Linq;

namespace RxRaft.Tests;

/// <summary>Which of the things that happen are part of a conversation: reasons, messages and other events, by their types.</summary>
/// <param name="Names">Of types.</param>
internal sealed record GoldenShow(Set<string> Names)
{
    public static readonly GoldenShow Nothing = new(Set<string>());

    private static readonly Seq<string> Known = toSeq(new[] { typeof(Reason), typeof(Message) }
        .SelectMany(union => union.GetNestedTypes()).Select(type => type.Name)
        .Concat([nameof(WorldEvent.Crashed), nameof(WorldEvent.LinksChanged), nameof(WorldEvent.Lost)])
        .Order(StringComparer.Ordinal).ToArray());

    /// <summary>Names, and beginnings of names, like Vote*.</summary>
    /// <exception cref="GoldenException">Nothing has such a name.</exception>
    public static GoldenShow Parse(GoldenCommand command, Seq<string> words) =>
        new(words.Bind(word => Matching(command, word)).Fold(Set<string>(), (names, name) => names.AddOrUpdate(name)));

    /// <summary>Lines in the form of <see cref="Transcript"/>; that a node halted is always told.</summary>
    public Seq<string> LinesOf(WorldEvent happened) => happened switch
    {
        WorldEvent.Started e => Transcript.LinesOf(e with { Step = Shown(e.Step) }, messages: false),
        WorldEvent.Stepped e => Transcript.LinesOf(e with { Step = Shown(e.Step) }, messages: false),
        WorldEvent.Halted => Transcript.LinesOf(happened, messages: false),
        WorldEvent.Sent e when Has(e.Message) => Transcript.LinesOf(e, messages: true),
        WorldEvent.Lost e when Has(e) && Has(e.Message) => Transcript.LinesOf(e, messages: true),
        WorldEvent.Crashed or WorldEvent.LinksChanged when Has(happened) => Transcript.LinesOf(happened, messages: false),
        _ => [],
    };

    private Transition Shown(Transition step) => step with { Reasons = step.Reasons.Filter(Has).Strict() };

    private bool Has(object one) => Names.Contains(one.GetType().Name);

    private static Seq<string> Matching(GoldenCommand command, string word) =>
        (word.EndsWith('*')
            ? Known.Filter(name => name.StartsWith(word[..^1], StringComparison.Ordinal))
            : Known.Filter(name => name == word)).Strict() is { IsEmpty: false } names
            ? names
            : throw command.Wrong($"nothing is called '{word}'; there are {string.Join(", ", Known)}");
}
