using Spectre.Console.Rendering;
using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>What one node sees, on the screen.</summary>
/// <param name="Options">Of the node.</param>
/// <param name="Sight">What it sees.</param>
/// <param name="Rate">Messages a second that it sends.</param>
/// <param name="Headlines">What happened to it.</param>
/// <param name="Selected">The node that keys are about.</param>
/// <param name="Children">The processes that this one has started, in words; none for a node on its own.</param>
internal sealed record MemberView(
    NodeOptions Options, Sight Sight, double Rate, Seq<Headline> Headlines, NodeId Selected, Option<string> Children)
{
    /// <inheritdoc cref="Screen.Draw"/>
    public IRenderable Draw(int width, int height) => new Screen(
        Title, room => MemberTable.Draw(Sight, Selected, room), Seq1(Glossary).Concat(Children.ToSeq()).Strict(),
        Headlines, Footer, "green", MemberControls.Legend(crew: Children.IsSome)).Draw(width, height);

    private const string Glossary = "  of others: what this node knows; log: how far theirs agrees, if it leads";

    private string Title => Invariant(
        $"RxRaft: {Options.Self} of cluster {Options.Name}, on {Options.Listen}: {Sight.At.TotalSeconds:0.0} s");

    private string Footer => Invariant($"{Rate:0} messages/s; {Sight.Wire.FramesSent} sent, ")
        + Invariant($"{Sight.Wire.FramesReceived} received; data in {Options.Data}");
}
