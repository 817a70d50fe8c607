using Spectre.Console.Rendering;
using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>A picture on the screen.</summary>
/// <param name="Picture">Of the cluster.</param>
/// <param name="Selected">The node that keys are about.</param>
/// <param name="Speed">Of the cluster's time against ours.</param>
internal sealed record View(Picture Picture, NodeId Selected, double Speed)
{
    private static readonly Seq<string> Glossary =
        Seq1("  log: last entry; count: state machine; at 0: asks for votes, lease ends");

    /// <inheritdoc cref="Screen.Draw"/>
    public IRenderable Draw(int width, int height) => new Screen(
        Title, room => NodeTable.Draw(Picture.Nodes, Selected, room), Glossary, Picture.Headlines,
        Picture.Violation.IfNone(() =>
            Invariant($"{Picture.Counts.Messages} messages, and every property of Raft has held")),
        Picture.Violation.IsSome ? "bold red" : "green", Controls.Legend).Draw(width, height);

    private string Title => Invariant($"RxRaft: five nodes in one process, {Pace}: {Picture.At.TotalSeconds:0.00} s");

    private string Pace => Speed switch
    {
        < 1 => Invariant($"{1 / Speed:0.##} times slower than real"),
        > 1 => Invariant($"{Speed:0.##} times faster than real"),
        _ => "real time",
    };
}
