using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace RxRaft.Hosting;

/// <summary>What the page of this library says.</summary>
internal static class Readme
{
    /// <summary>The rows of the table of instruments: `name` | unit.</summary>
    public static IEnumerable<string> Instruments() =>
        Regex.Matches(Page, @"^\| (`rxraft\.[a-z_.]+` \| \S+) \|",
            RegexOptions.Multiline).Select(row => row.Groups[1].Value).Order(StringComparer.Ordinal);

    /// <summary>The rows of the table of options: their names.</summary>
    public static IEnumerable<string> Options() =>
        Regex.Matches(Page.Split("## Options")[1].Split("###")[0], @"^\| ((?:`[A-Z][A-Za-z]+`(?:, )?)+) \|",
            RegexOptions.Multiline).SelectMany(row => Regex.Matches(row.Groups[1].Value, "[A-Za-z]+").Select(name => name.Value));

    /// <summary>A file of these tests.</summary>
    public static string Here(string name) => File.ReadAllText(Path.Combine(Root, "tests/RxRaft.Hosting.Tests", name));

    /// <summary>The page.</summary>
    public static string Page => File.ReadAllText(Path.Combine(Root, "src/RxRaft.Hosting/README.md"));

    private static string Root
    {
        get
        {
            var folder = AppContext.BaseDirectory;
            while (!File.Exists(Path.Combine(folder, "RxRaft.sln"))) folder = Path.GetDirectoryName(folder)!;
            return folder;
        }
    }
}
