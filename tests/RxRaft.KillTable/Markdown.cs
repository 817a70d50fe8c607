using System.Globalization;
using System.Text;

namespace RxRaft.KillTable;

/// <summary>The table as a page.</summary>
internal static class Markdown
{
    private const string Asked = "who was not asked has nothing there";

    private static readonly string Head =
        $"""
        # The kill table

        Eighty defects ([defects.txt](defects.txt)), each one line of the reducer or of the shell made wrong, planted in a copy
        of the sources one at a time; and who notices. This page is written by the program:

        ```sh
        dotnet run -c Release --project tests/RxRaft.KillTable -- --all --ledger kill.tsv --markdown tests/RxRaft.KillTable/README.md
        ```

        A dash is a defect that was not noticed, and why is below; {Asked}. Of the tests of the core, of
        worlds in virtual time, and of nodes, on threads and disks, the class of the first test that failed; the names are below,
        too. Of the swarm the first seed that failed (two runs at a time, of
        """;

    /// <summary>All that a ledger has.</summary>
    public static string Of(Seq<Defect> defects, Ledger ledger)
    {
        var page = new StringBuilder(Head.ReplaceLineEndings("\n")).Append('\n');
        page.Append(Runs());
        page.Append(Counts(defects, ledger));
        page.Append("\n| | defect | ").AppendJoin(" | ", Catcher.All.Map(catcher => catcher.Name)).Append(" |\n|---|---|");
        page.Insert(page.Length, "---|", Catcher.All.Count).Append('\n');
        foreach (var defect in defects)
            page.Append(CultureInfo.InvariantCulture, $"| {defect.Number} | {defect.Name} | ")
                .AppendJoin(" | ", Catcher.All.Map(catcher => Cell(ledger.Find(defect, catcher), catcher))).Append(" |\n");
        foreach (var catcher in Catcher.All) page.Append(Blind(catcher, defects, ledger));
        page.Append(Tests(defects, ledger));
        return page.ToString();
    }

    private static string Runs()
    {
        var of = toMap(Catcher.All.Map(catcher => (catcher.Name, catcher.Runs)));
        return $"`{string.Join("`, `", of["swarm"])}`), of the model checker the steps of the shortest way there, the states that "
            + "it had seen by then, and\nin which of its searches, the second only where the first finds nothing, and so on:\n\n"
            + string.Concat(of["checker"].Map((at, run) => $"- {Catcher.Letter(at)}: `{run}`\n"))
            + "\nSeconds are those of a processor, all threads together, "
            + "most often on a machine that was loaded: rough. The start of a\nprocess, a second or two, and of a test run, five, "
            + "is in each.\n\n";
    }

    private static string Counts(Seq<Defect> defects, Ledger ledger)
    {
        var noticed = defects.Map(defect => (Defect: defect, By: By(defect, ledger))).Strict();
        var lines   = Catcher.All.Map(catcher => Count(catcher, defects, ledger)).Filter(line => line.Length > 0);
        var alone   = noticed.Filter(each => each.By.Count == 1).Map(each => Say($"{each.Defect.Number} ({each.By[0]})"));
        var asked   = noticed.Filter(each => Catcher.All.Exists(catcher => ledger.Find(each.Defect, catcher).IsSome)).Strict();
        var nobody  = asked.Filter(each => each.By.IsEmpty).Map(each => Say($"{each.Defect.Number}"));
        var some    = asked.Count - nobody.Count;
        return Say($"Somebody was asked of {asked.Count} of {defects.Count} defects, and {some} are noticed: ")
            + $"{string.Join(", ", lines)}.\n"
            + (nobody.IsEmpty ? "" : $"Nobody of those who were asked notices {string.Join(", ", nobody)}.\n")
            + (alone.IsEmpty ? "" : $"One alone of those who were asked notices {string.Join(", ", alone)}.\n");
    }

    private static string Count(Catcher catcher, Seq<Defect> defects, Ledger ledger)
    {
        var said = defects.Map(defect => ledger.Find(defect, catcher)).Somes().Strict();
        return said.IsEmpty ? "" : Say($"{said.Count(answer => answer.Noticed.IsSome)} of {said.Count} by {catcher.Name}");
    }

    private static Seq<string> By(Defect defect, Ledger ledger) => Catcher.All
        .Filter(catcher => ledger.Find(defect, catcher).Exists(answer => answer.Noticed.IsSome))
        .Map(catcher => catcher.Name).Strict();

    private static string Cell(Option<Answer> said, Catcher catcher) => said.Match(
        answer => answer.Noticed.Match(
            what => Say($"{(catcher.IsOfTests ? what.Split('.')[0] : what)}, {answer.Took.TotalSeconds:F0} s"), () => "–"),
        () => "");

    /// <summary>What a catcher does not notice, and why.</summary>
    private static string Blind(Catcher catcher, Seq<Defect> defects, Ledger ledger)
    {
        var missed = defects.Filter(defect => ledger.Find(defect, catcher).Exists(answer => answer.Noticed.IsNone)).Strict();
        return missed.IsEmpty
            ? ""
            : $"\n## Not noticed by {catcher.Name}\n\n" + string.Concat(missed.Map(defect =>
                $"- {defect}: {defect.Blind.Find(catcher.Name).IfNone(Otherwise(catcher))}.\n"));
    }

    private static string Otherwise(Catcher catcher) => catcher.Name switch
    {
        "swarm" => "not in these seeds",
        "checker" => "not within these bounds",
        _ => "no test fails",
    };

    private static string Tests(Seq<Defect> defects, Ledger ledger)
    {
        var first = defects
            .Map(defect => (Defect: defect, Tests: Catcher.All.Filter(catcher => catcher.IsOfTests)
                .Bind(catcher => ledger.Find(defect, catcher).Bind(answer => answer.Noticed).ToSeq()).Strict()))
            .Filter(each => !each.Tests.IsEmpty);
        return "\n## The tests that failed first\n\n"
            + string.Concat(first.Map(each => Say($"- {each.Defect.Number}: {string.Join("; ", each.Tests)}\n")));
    }

    private static string Say(FormattableString text) => FormattableString.Invariant(text);
}
