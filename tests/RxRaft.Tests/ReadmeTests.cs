using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace RxRaft.Tests;

/// <summary>What the README shows is what compiles and runs.</summary>
public sealed class ReadmeTests
{
    private static readonly string Root = Find();

    [Fact]
    public void Every_C_sharp_example_of_the_README_is_compiled_and_run()
    {
        var shown = Blocks(Read("README.md"), @"```csharp\n(.*?)```");
        var run = Blocks(Read("tests/RxRaft.Tests/ReadmeExamples.cs"), @"// README: (?!end)[^\n]*\n(.*?)// README: end");

        Assert.Equal(7, shown.Length);
        Assert.Equal(run, shown);
    }

    [Fact]
    public void Every_relative_link_of_the_README_leads_somewhere()
    {
        var links = Regex.Matches(Read("README.md"), @"\]\((?!http|#)([^)]+)\)").Select(link => link.Groups[1].Value).ToList();

        Assert.NotEmpty(links);
        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(Root, link)), link));
    }

    private static string[] Blocks(string text, string pattern) =>
        [.. Regex.Matches(text, pattern, RegexOptions.Singleline).Select(block => Plain(block.Groups[1].Value))];

    private static string Plain(string code) =>
        string.Join('\n', code.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0));

    private static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    private static string Find()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "RxRaft.sln"))) folder = Path.GetDirectoryName(folder)!;
        return folder;
    }
}
