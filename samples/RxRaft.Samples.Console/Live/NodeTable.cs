using Spectre.Console;
using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>One line a node: readable without colour, and easier with it.</summary>
internal static class NodeTable
{
    private const int LeastBar = 3;
    private const int LeastOfTwo = 14;  // of the room for each, when a leader waits for two things
    private const int Others = 67;      // what all columns but the countdowns take

    public static Table Draw(Seq<NodePicture> nodes, NodeId selected, int width)
    {
        var room = width - Others;
        var table = new Table { Border = TableBorder.None, ShowRowSeparators = false };
        table.AddColumns(
            Column("node", 5), Column("role", 9), Column("term", 4), Column("vote", 4), Column("leader", 6),
            Column("log", 8), Column("commit", 6), Column("count", 5).RightAligned(),
            Column("wait (ms)", room), Column("msg/s", 5).RightAligned(), Column("link", 4));

        foreach (var node in nodes) table.AddRow(Row(node, node.State.Self == selected, room));
        return table;
    }

    public static TableColumn Column(string title, int width) =>
        new TableColumn($"[grey]{title}[/]") { Width = width, NoWrap = true, Padding = new Padding(0, 0, 1, 0) };

    private static Markup[] Row(NodePicture node, bool selected, int room) =>
    [
        new(selected ? $"[bold invert]> {node.State.Self} [/]" : $"  {node.State.Self}"),
        new(RoleOf(node)),
        new($"{node.State.CurrentTerm}"),
        new(Name(node.State.VotedFor)),
        new(node.Condition == Condition.Down ? "-" : Name(node.State.LeaderId)),
        new($"{node.State.LastLog}"),
        new(node.Condition == Condition.Down ? "-" : $"{node.State.CommitIndex}"),
        new(node.Count.Match(count => Invariant($"{count}"), () => "-")),
        new(Bars(node.Countdowns, room)),
        new(Invariant($"{node.Rate:0}")),
        new(node.Condition switch
        {
            Condition.Up => "up",
            Condition.Cut => "[bold red]cut[/]",
            _ => "[bold red]down[/]",
        }),
    ];

    private static string RoleOf(NodePicture node) => node.State.Role switch
    {
        _ when node.Condition == Condition.Down => "[red]crashed[/]",
        Role.Leader => "[bold green]LEADER[/]",
        Role.Candidate => "[yellow]candidate[/]",
        Role.PreCandidate => "[yellow]pre-cand.[/]",
        _ => "[blue]follower[/]",
    };

    private static string Name(Option<NodeId> node) => node.Match(id => id.ToString(), () => "-");

    /// <summary>As many as there is room for.</summary>
    public static string Bars(Seq<Countdown> waits, int room)
    {
        var shown = waits.Take(Math.Max(1, room / LeastOfTwo)).Strict();
        return string.Join(' ', shown.Map(wait => Bar(wait, (room + 1) / shown.Count - 1)));
    }

    /// <summary>election ██████░░░░ 187, or where that is too long, ███░░ 187.</summary>
    private static string Bar(Countdown wait, int room)
    {
        var left   = Invariant($" {Math.Max(0, wait.Left.TotalMilliseconds),3:0}");
        var label  = room - left.Length - LeastBar > wait.For.Length ? $"{wait.For} " : "";
        var length = room - left.Length - label.Length;
        var full   = (int)Math.Round(length * wait.Share);

        return $"[grey]{label}[/]{new string('█', full)}[grey]{new string('░', length - full)}[/]{left}";
    }
}
