using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace RxRaft.Architecture;

/// <summary>The map of the core, src/RxRaft.Core/README.md: section of the dissertation, file, test.</summary>
public sealed class MapTests
{
    private const string Core = "src/RxRaft.Core";
    private const string Tests = "tests/RxRaft.Core.Tests";

    private static readonly string[] Page = Repository.Read($"{Core}/README.md").Split('\n');

    [Fact]
    public void Everything_on_the_map_exists() =>
        Findings.None(Links(Page).Where(path => !Repository.Has(path)));

    [Fact]
    public void Every_link_leads_where_it_says() => Findings.None(Misleading(Page));

    [Fact]
    public void Every_conversation_of_the_protocol_is_on_the_map() =>
        Findings.None(Repository.Files("*.cs", $"{Core}/Protocol").Select(file => file.Path).Except(Links(Sections(Page))));

    [Fact]
    public void Every_test_of_the_core_is_on_the_map() =>
        Findings.None(Repository.Files("*Tests.cs", Tests).Select(file => file.Path).Except(Links(Page)));

    [Fact]
    public void Every_section_on_the_map_has_a_file_that_cites_it_and_a_test() =>
        Findings.None(Sections(Page).SelectMany(row => Unfounded(row, path => Repository.Has(path) ? Repository.Read(path) : "")));

    [Fact]
    public void What_these_tests_look_for_they_find()
    {
        string[] page =
        [
            "| §3.3 §3.4 | terms | [A.cs](A.cs) | [T](../../tests/RxRaft.Core.Tests/T.cs) |",
            "| chance | [B.cs](C.cs) | |",
        ];

        Assert.Equal(["src/RxRaft.Core/A.cs", "tests/RxRaft.Core.Tests/T.cs", "src/RxRaft.Core/C.cs"], Links(page));
        Assert.Equal(page[..1], Sections(page));
        Assert.Equal(["[B.cs](C.cs)"], Misleading(page));
        Assert.Equal(["§3.4 is cited by no file of its row"], Unfounded(page[0], _ => "see §3.3 and §3.4.1"));
        Assert.Equal(["§9 has no test"], Unfounded("| §9 | it | [A.cs](A.cs) | |", _ => "§9."));
    }

    /// <summary>The rows that speak of a section or a figure.</summary>
    private static IEnumerable<string> Sections(IEnumerable<string> page) =>
        page.Where(line => Regex.IsMatch(line, @"^\| (§|Figure )\d"));

    /// <summary>What a text links to, from the root.</summary>
    private static IEnumerable<string> Links(params IEnumerable<string> text) =>
        from line in text
        from Match link in Regex.Matches(line, @"\]\(([^)]+)\)")
        select Path.GetRelativePath("/", Path.GetFullPath($"/{Core}/{link.Groups[1].Value}")).Replace('\\', '/');

    private static IEnumerable<string> Misleading(IEnumerable<string> page) =>
        from line in page
        from Match link in Regex.Matches(line, @"\[([^]]+)\]\(([^)]+)\)")
        let says = link.Groups[1].Value
        where link.Groups[2].Value != says && link.Groups[2].Value != $"../../{Tests}/{says}.cs"
        select link.Value;

    private static IEnumerable<string> Unfounded(string row, Func<string, string> read)
    {
        var paths = Links(row).ToLookup(path => path.StartsWith(Tests, StringComparison.Ordinal));
        var files = paths[false].Select(read).ToList();
        var sections = Regex.Matches(row.Split('|')[1], @"(§|Figure )[\d.]+").Select(section => section.Value).ToList();

        foreach (var section in sections.Where(section => !files.Any(text => Cites(text, section))))
            yield return $"{section} is cited by no file of its row";
        if (!paths[true].Any()) yield return $"{string.Join(' ', sections)} has no test";
    }

    private static bool Cites(string text, string section) => Regex.IsMatch(text, Regex.Escape(section) + @"(?!\.?\d)");
}
