using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;

namespace RxRaft.Architecture;

/// <summary>Every match in the core names every case, and its last arm says so if one was forgotten.</summary>
/// <remarks>
/// Read from the text, one switch expression at a time; the compiler's view of the same rule is .ci/closed-check.
/// </remarks>
public sealed class MatchTests
{
    [Fact]
    public void Every_match_ends_in_the_canonical_arm_and_discards_nowhere_else() =>
        Findings.None(Repository.Files("*.cs", "src/RxRaft.Core").SelectMany(Faults));

    [Fact]
    public void The_core_has_matches_to_look_at() =>
        Assert.True(Repository.Files("*.cs", "src/RxRaft.Core").Sum(file => Regex.Count(file.Text, Canonical)) > 10);

    [Theory]
    [InlineData("x switch { A => 1, _ => throw Unreachable.Case(x), }", "")]
    [InlineData("s.Role switch { A a when a.B => 1, _ when b => 2, A => f(_ => 3, _ => 4), _ => throw Unreachable.Case(s.Role) }", "")]
    [InlineData("(x, y) switch { (A, B) => 1, _ => 2 }", "")]
    [InlineData("x switch { A => 1, B => 2 }", "F.cs:2 does not end in _ => throw Unreachable.Case(x)")]
    [InlineData("x switch { A => 1, _ => throw Unreachable.Case(y) }",
        "F.cs:2 does not end in _ => throw Unreachable.Case(x); F.cs:2 discards without a guard")]
    [InlineData("x switch { A => 1, _ => 2 }", "F.cs:2 does not end in _ => throw Unreachable.Case(x); F.cs:2 discards without a guard")]
    [InlineData("x switch { _ => 2, A => 1, _ => throw Unreachable.Case(x) }", "F.cs:2 discards without a guard")]
    [InlineData("x switch { A => 1, var y => 2, _ => throw Unreachable.Case(x) }", "F.cs:2 discards without a guard")]
    [InlineData("x switch { A => y switch { B => 2 }, _ => throw Unreachable.Case(x) }",
        "F.cs:2 does not end in _ => throw Unreachable.Case(y)")]
    [InlineData("f(x) switch { A => 1, _ => throw Unreachable.Case(f(x)) }", "F.cs:2 matches what has no name")]
    [InlineData("switch (x) { case A: break; }", "F.cs:2 is a switch statement")]
    public void What_this_test_looks_for_it_finds(string match, string faults) =>
        Assert.Equal(faults, string.Join("; ", Faults(new SourceFile("F.cs", "// x switch { }\n" + match))));

    private const string Canonical = @"\b_ => throw Unreachable\.Case\(([\w.]+)\)";

    private static IEnumerable<string> Faults(SourceFile file)
    {
        var code = new SourceFile(file.Path, Regex.Replace(file.Text, "//[^\n]*", ""));      // lines stay where they are

        return Regex.Matches(code.Text, @"\bswitch\s*[({]").SelectMany(found =>
            found.Value.EndsWith('(') ? [$"{code.At(found.Index)} is a switch statement"]
            : Subject(code.Text[..found.Index]) is not { } subject ? [$"{code.At(found.Index)} matches what has no name"]
            : subject.StartsWith('(') ? []                                                  // of tuples, not of a union
            : FaultsOf(code, subject, found.Index + found.Length));
    }

    private static string? Subject(string before) =>
        Regex.Match(before, @"(?<![\w.)\]])([\w.]+|\([^()]*\))\s+$") is { Success: true } subject ? subject.Groups[1].Value : null;

    private static IEnumerable<string> FaultsOf(SourceFile code, string subject, int start)
    {
        var arms = Arms(code.Text, start);
        var (last, lastText) = arms[^1];
        var canonical = lastText == $"_ => throw Unreachable.Case({subject})";

        if (!canonical) yield return $"{code.At(last)} does not end in _ => throw Unreachable.Case({subject})";
        foreach (var (at, arm) in canonical ? arms.SkipLast(1) : arms)
            if (Regex.IsMatch(arm, @"^(_|var \w+)\s*=>"))
                yield return $"{code.At(at)} discards without a guard";
    }

    /// <summary>What stands between the commas of a block, from behind its opening brace to its closing one.</summary>
    private static List<(int At, string Text)> Arms(string text, int start)
    {
        var arms = new List<(int, string)>();
        var (from, depth, quoted) = (start, 1, false);
        for (var i = start; depth > 0; i++)
        {
            if (text[i] == '"') quoted = !quoted;               // strings in an interpolated string come in pairs too
            if (text[i] is '(' or '[' or '{') depth++;
            if (text[i] is ')' or ']' or '}') depth--;
            if (depth > 0 && (depth > 1 || quoted || text[i] != ',')) continue;

            var arm = text[from..i];
            if (!string.IsNullOrWhiteSpace(arm)) arms.Add((from + arm.Length - arm.TrimStart().Length, arm.Trim()));
            from = i + 1;
        }

        return arms;
    }
}
