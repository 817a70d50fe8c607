using Spectre.Console;
using Spectre.Console.Rendering;

namespace RxRaft.Samples;

/// <summary>A table of nodes above, what keys do below, and between them as much news as there is room for.</summary>
/// <param name="Nodes">The table, for a width.</param>
/// <param name="Glossary">What its words mean, a line each.</param>
/// <param name="Headlines">The news, oldest first.</param>
/// <param name="Footer">A line below them.</param>
/// <param name="Style">Of that line.</param>
internal sealed record Screen(
    string Title, Func<int, Table> Nodes, Seq<string> Glossary, Seq<Headline> Headlines, string Footer, string Style,
    Seq<Seq<(string Key, string Does)>> Legend)
{
    private const int LeastWidth = 76;
    private const int LeastHeight = 16;

    /// <summary>Exactly as many lines as there is room for, but the last, which a terminal would scroll away.</summary>
    public IRenderable Draw(int width, int height)
    {
        if (width < LeastWidth || height < LeastHeight)
            return new Text($"{width} x {height} is too small: {LeastWidth} x {LeastHeight} at least");

        var nodes = Nodes(width);
        var above = Seq<IRenderable>(Ruled(Fit(Title, width - 4), "bold"), nodes)
            .Concat(Glossary.Map(line => (IRenderable)new Markup($"[grey]{Fit(line, width).EscapeMarkup()}[/]")))
            .Add(Ruled("What happened, and why", "bold")).Strict();
        var below = Seq1<IRenderable>(Ruled(Fit(Footer, width - 4), Style)).Concat(Legend.Map(Keys));
        var room  = height - 1 - (above.Count + nodes.Rows.Count + below.Count);

        return new Rows(above.Concat(Range(0, room).Map(line => Told(line, room, width))).Concat(below));
    }

    private static Rule Ruled(string title, string style) => new Rule($"[{style}]{title.EscapeMarkup()}[/]")
    {
        Justification = Justify.Left,
        Style = Spectre.Console.Style.Parse("grey"),
    };

    /// <summary>The headlines fill the room from above, and then move up.</summary>
    private Markup Told(int line, int room, int width)
    {
        var index = Math.Max(0, Headlines.Count - room) + line;
        if (index >= Headlines.Count) return new Markup(" ");

        var headline = Headlines[index];
        return new Markup(Fit($"{headline}", width).EscapeMarkup(), StyleOf(headline.Tone));
    }

    private static string Fit(string text, int width) => text.Length < width ? text : text[..(width - 4)] + "...";

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Busy => new Style(Color.Yellow),
        Tone.Bad => new Style(Color.Red),
        _ => Spectre.Console.Style.Plain,
    };

    private static Markup Keys(Seq<(string Key, string Does)> legend) =>
        new(string.Join("   ", legend.Map(entry => $"[bold invert] {entry.Key} [/] {entry.Does}")));
}
