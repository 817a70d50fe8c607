using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace RxRaft.Architecture;

/// <summary>Limits on everything, so that every file can be read in one sitting.</summary>
public sealed class SourceTests
{
    private const int MostLines = 250;
    private const int MostColumns = 120;
    private const int MostColumnsInTests = 140;     // names are sentences, and tables are wide

    private static readonly (string Pattern, string Why)[] Nowhere =
    [
        (@"#\s*region\b", "a region hides what should be short"),
        (@"\b(T[O]DO|F[I]XME|H[A]CK)\b", "what is left to do is an issue"),
        (@"\bNot[I]mplementedException\b", "what is not there is not there"),
        (@"#\s*pragma\s+warning\s+disable\b", "a warning is fixed, or off for all with a reason in .editorconfig"),
    ];

    private static readonly (string Pattern, string Why)[] NotByHand =
    [
        (@"\bpartial\s+(class|record|struct|interface)\b", "a partial type splits a file and not a concept"),
    ];

    private static readonly (string Pattern, string Why)[] NotInTests =
    [
        (@"\bThread\s*\.\s*Sleep\b", "tests wait for what happens, in virtual time if it takes long"),
        (@"\bTask\s*\.\s*Delay\b", "tests wait for what happens, in virtual time if it takes long"),
        (@"\bSkip\s*=\s*""", "a test that does not run is no test"),
    ];

    [Fact]
    public void There_are_sources_to_look_at() => Assert.True(Everything.Count > 20);

    [Fact]
    public void No_file_is_longer_than_250_lines() => Findings.None(Everything.SelectMany(TooLong));

    [Fact]
    public void No_line_is_longer_than_120_columns_and_in_tests_140() => Findings.None(Everything.SelectMany(TooWide));

    [Fact]
    public void No_source_uses_what_hides_or_postpones() => Findings.None(Everything.SelectMany(file => Uses(file, Nowhere)));

    [Fact]
    public void No_type_is_partial_but_those_that_a_generator_completes() =>
        Findings.None(Everything.Where(file => !IsCompletedByAGenerator(file)).SelectMany(file => Uses(file, NotByHand)));

    [Fact]
    public void No_test_sleeps_and_none_is_skipped() =>
        Findings.None(Repository.Files("*.cs", "tests").SelectMany(file => Uses(file, NotInTests)));

    [Theory]
    [InlineData("#reg" + "ion Fields")]
    [InlineData("internal static par" + "tial class A;")]
    [InlineData("// TO" + "DO later")]
    [InlineData("throw new NotImple" + "mentedException();")]
    [InlineData("#pragma warn" + "ing disable CA1000")]
    [InlineData("System.Threading.Thread.Sl" + "eep(1);")]
    [InlineData("await Task.De" + "lay(1);")]
    [InlineData("[Fact(Sk" + "ip = \"flaky\")]")]
    public void What_these_tests_look_for_they_find(string line)
    {
        var file = new SourceFile("F.cs", "\n" + line + "\n");

        Assert.StartsWith("F.cs:2 ", Assert.Single(Uses(file, [.. Nowhere, .. NotByHand, .. NotInTests])), StringComparison.Ordinal);
        Assert.False(IsCompletedByAGenerator(file));
        Assert.True(IsCompletedByAGenerator(file with { Text = "    [LoggerMessage" + "(1, LogLevel.Debug, \"it\")]" }));
    }

    [Fact]
    public void The_limits_are_inclusive()
    {
        Assert.Empty(TooLong(Lines(MostLines, 1)).Concat(TooWide(Lines(1, MostColumns))));
        Assert.Empty(TooWide(Lines(1, MostColumnsInTests) with { Path = "tests/F.cs" }));
        Assert.Single(TooWide(Lines(1, MostColumnsInTests + 1) with { Path = "tests/F.cs" }));
        Assert.Equal(["F.cs has 251 lines"], TooLong(Lines(MostLines + 1, 1)));
        Assert.Equal(["F.cs:1 has 121 columns"], TooWide(Lines(1, MostColumns + 1)));
    }

    private static IReadOnlyList<SourceFile> Everything => Repository.Files("*.cs", "src", "tests", "samples");

    private static SourceFile Lines(int count, int columns) =>
        new("F.cs", string.Concat(Enumerable.Repeat(new string('x', columns) + "\n", count)));

    private static bool IsCompletedByAGenerator(SourceFile file) =>
        Regex.IsMatch(file.Text, @"^\s*\[LoggerMessage\(", RegexOptions.Multiline);

    private static IEnumerable<string> TooLong(SourceFile file) =>
        file.Lines.Count() is > MostLines and var lines ? [$"{file.Path} has {lines} lines"] : [];

    private static IEnumerable<string> TooWide(SourceFile file) =>
        from line in file.Lines
        where line.Line.Length > (file.Path.StartsWith("tests/", StringComparison.Ordinal) ? MostColumnsInTests : MostColumns)
        select $"{line.Where} has {line.Line.Length} columns";

    private static IEnumerable<string> Uses(SourceFile file, (string Pattern, string Why)[] rules) =>
        from line in file.Lines
        from rule in rules
        where Regex.IsMatch(line.Line, rule.Pattern)
        select $"{line.Where} {line.Line.Trim()}: {rule.Why}";
}
