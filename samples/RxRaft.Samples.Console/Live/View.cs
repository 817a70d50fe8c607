using Spectre.Console;
using Spectre.Console.Rendering;
using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>A picture on the screen.</summary>
/// <param name="Picture">Of the cluster.</param>
/// <param name="Selected">The node that keys are about.</param>
/// <param name="Speed">Of the cluster's time against ours.</param>
internal sealed record View(Picture Picture, NodeId Selected, double Speed)
{
    private const int LeastWidth = 76;
    private const int LeastHeight = 16;

    /// <summary>Exactly as many lines as there is room for, but the last, which a terminal would scroll away.</summary>
    public IRenderable Draw(int width, int height)
    {
        if (width < LeastWidth || height < LeastHeight)
            return new Text($"{width} x {height} is too small: {LeastWidth} x {LeastHeight} at least");

        var nodes = NodeTable.Draw(Picture.Nodes, Selected, width);
        var above = Seq<IRenderable>(Ruled(Title, "bold"), nodes, Glossary, Ruled("What happened, and why", "bold"));
        var below = Seq1<IRenderable>(Safety).Concat(Controls.Legend.Map(Keys));
        var room  = height - 1 - (above.Count + nodes.Rows.Count + below.Count);

        return new Rows(above.Concat(Range(0, room).Map(line => Told(line, room, width))).Concat(below));
    }

    private static Markup Glossary =>
        new("[grey]  log: last entry; count: state machine; at 0: asks for votes, lease ends[/]");

    private string Title => Invariant($"RxRaft: five nodes in one process, {Pace}: {Picture.At.TotalSeconds:0.00} s");

    private string Pace => Speed switch
    {
        < 1 => Invariant($"{1 / Speed:0.##} times slower than real"),
        > 1 => Invariant($"{Speed:0.##} times faster than real"),
        _ => "real time",
    };

    private Rule Safety => Picture.Violation.Match(
        violation => Ruled(violation, "bold red"),
        () => Ruled(Invariant($"{Picture.Counts.Messages} messages, and every property of Raft has held"), "green"));

    private static Rule Ruled(string title, string style) => new Rule($"[{style}]{title.EscapeMarkup()}[/]")
    {
        Justification = Justify.Left,
        Style = Style.Parse("grey"),
    };

    /// <summary>The headlines fill the room from above, and then move up.</summary>
    private Markup Told(int line, int room, int width)
    {
        var index = Math.Max(0, Picture.Headlines.Count - room) + line;
        if (index >= Picture.Headlines.Count) return new Markup(" ");

        var headline = Picture.Headlines[index];
        return new Markup(Fit($"{headline}", width).EscapeMarkup(), StyleOf(headline.Tone));
    }

    private static string Fit(string text, int width) => text.Length < width ? text : text[..(width - 4)] + "...";

    private static Style StyleOf(Tone tone) => tone switch
    {
        Tone.Good => new Style(Color.Green),
        Tone.Busy => new Style(Color.Yellow),
        Tone.Bad => new Style(Color.Red),
        _ => Style.Plain,
    };

    private static Markup Keys(Seq<(string Key, string Does)> legend) =>
        new(string.Join("   ", legend.Map(entry => $"[bold invert] {entry.Key} [/] {entry.Does}")));
}
