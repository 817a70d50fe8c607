using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Testing;

/// <summary>What happened as a picture: sequence diagrams in the language of Mermaid.</summary>
public static class Diagrams
{
    /// <summary>Who said what to whom, and what happened to whom.</summary>
    /// <param name="told">
    /// In order: from whom, to whom, and what; to nobody is a note beside the one that it is from.
    /// </param>
    public static string Mermaid(IEnumerable<(TimeSpan At, NodeId From, Option<NodeId> To, string Text)> told)
    {
        var all   = told.ToList();
        var drawn = new SequenceDiagram(
            all.SelectMany(each => each.To.AsEnumerable().Append(each.From)).Distinct().Order());
        foreach (var (at, from, to, text) in all)
        {
            var what = $"{Transcript.Time(at)} {text}";
            if (to.Case is NodeId other) drawn.Message(from, other, what);
            else drawn.Note(from, what);
        }

        return drawn.ToString();
    }

    /// <summary>Messages where they arrive, and reasons, starts and crashes as notes.</summary>
    public static string Mermaid(IEnumerable<WorldEvent> events) => Mermaid(events.SelectMany(Told));

    private static IEnumerable<(TimeSpan, NodeId, Option<NodeId>, string)> Told(WorldEvent happened) => happened switch
    {
        WorldEvent.Delivered e => [(e.At, e.From, e.To, Transcript.Of(e.Message))],
        WorldEvent.Started e => Noted(e.At, e.Node, e.Step.Reasons),
        WorldEvent.Stepped e => Noted(e.At, e.Node, e.Step.Reasons),
        WorldEvent.Crashed e => [(e.At, e.Node, None, "crashed")],
        WorldEvent.Paused e => [(e.At, e.Node, None, $"paused for {Transcript.Time(e.For)}")],
        WorldEvent.Halted e => [(e.At, e.Node, None, $"halted: {e.Reason.Message}")],
        _ => [],
    };

    private static IEnumerable<(TimeSpan, NodeId, Option<NodeId>, string)> Noted(
        TimeSpan at, NodeId node, Seq<Reason> reasons) =>
        reasons.AsEnumerable().Select(reason => (at, node, Option<NodeId>.None, $"{reason}"));
}
