using Spectre.Console;
using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>One line a node, as one of them sees it: of itself everything, of the others what it knows.</summary>
internal static class MemberTable
{
    private const int Others = 65;      // what all columns but the one with room take

    public static Table Draw(Sight sight, NodeId selected, int width)
    {
        var room = width - Others;
        var table = new Table { Border = TableBorder.None, ShowRowSeparators = false };
        table.AddColumns(
            NodeTable.Column("node", 5), NodeTable.Column("role", 9), NodeTable.Column("term", 4),
            NodeTable.Column("vote", 4), NodeTable.Column("leader", 6), NodeTable.Column("log", 9),
            NodeTable.Column("commit", 7), NodeTable.Column("count", 7).RightAligned(),
            NodeTable.Column("wait (ms)", room), NodeTable.Column("link", 4));

        foreach (var node in sight.Nodes)
            table.AddRow(node == sight.State.Self ? Own(sight, selected, room) : Other(sight, node, selected, room));
        return table;
    }

    private static Markup[] Own(Sight sight, NodeId selected, int room) =>
    [
        Name(sight.State.Self, selected),
        new(Coloured(sight.Role)),
        new($"{sight.State.CurrentTerm}"),
        new(Sight.Name(sight.State.VotedFor)),
        new(Sight.Name(sight.State.LeaderId)),
        new($"{sight.State.LastLog}"),
        new($"{sight.State.CommitIndex}"),
        new(Invariant($"{sight.Count}")),
        new(NodeTable.Bars(sight.Countdowns, room)),
        new("self"),
    ];

    private static Markup[] Other(Sight sight, NodeId node, NodeId selected, int room)
    {
        var progress = sight.ProgressOf(node);
        var leads    = sight.State.LeaderId == node;
        var link     = Link.Of(sight.Links, node);
        return
        [
            Name(node, selected),
            new(Coloured(sight.RoleOf(node))),
            new(leads ? $"{sight.State.CurrentTerm}" : "-"),
            new("-"),
            new("-"),
            new(progress.Match(known => $"{known.MatchIndex}", () => "-")),
            new((progress.Case as Progress.Replicate)?.CommitSent is { } commit ? $"{commit}" : "-"),
            new("-"),
            new($"[grey]{progress.Match(known => Sent(known, room), () => "")}[/]"),
            new(link is { Out: true, In: true } ? $"{link}" : $"[bold red]{link}[/]"),
        ];
    }

    private static Markup Name(NodeId node, NodeId selected) =>
        new(node == selected ? $"[bold invert]> {node} [/]" : $"  {node}");

    private static string Coloured(string role) => role switch
    {
        "LEADER" => "[bold green]LEADER[/]",
        "candidate" or "pre-cand." or "waiting" => $"[yellow]{role}[/]",
        "removed" or "outsider" => $"[red]{role}[/]",
        _ => $"[blue]{role}[/]",
    };

    /// <summary>What a leader sends, in the words that there is room for.</summary>
    private static string Sent(Progress progress, int room)
    {
        var (brief, more) = progress switch
        {
            Progress.Replicate { InFlight.IsEmpty: true } p => ("in step", $"next {p.NextIndex}, none in flight"),
            Progress.Replicate p =>
                (Invariant($"{p.InFlight.Count} sent"), Invariant($"next {p.NextIndex}, {p.InFlight.Count} in flight")),
            Progress.Probe p => ($"asks {p.NextIndex}", $"asks where logs agree, at {p.NextIndex}"),
            Progress.Install p =>
                (Invariant($"{p.Received} B"), Invariant($"snapshot: {p.Received} of {p.Snapshot.Size} bytes")),
            Progress.Refused => ("refused", "refused: it has lost entries"),
            _ => throw new InvalidOperationException($"{progress} is not shown"),
        };
        return more.Length <= room ? more : brief;
    }
}
