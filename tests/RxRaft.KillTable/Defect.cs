using System.Globalization;
using System.Linq;
using System.Security.Cryptography;
using System.Text;

namespace RxRaft.KillTable;

/// <summary>One line of the sources made wrong.</summary>
/// <param name="Number">Its place in the list.</param>
/// <param name="Name">What is wrong then.</param>
/// <param name="File">Relative to the repository's root.</param>
/// <param name="Sound">What stands in the file, once.</param>
/// <param name="Broken">What takes its place.</param>
/// <param name="Blind">Who cannot see it, by the catcher's name, and why.</param>
internal sealed record Defect(
    int Number, string Name, string File, string Sound, string Broken, Map<string, string> Blind = default)
{
    /// <summary>Of the shell, most of which the simulated world does not run.</summary>
    public bool IsOfShell => !File.StartsWith("src/RxRaft.Core/", StringComparison.Ordinal);

    /// <summary>The same as long as the defect is.</summary>
    public string Key =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{File}\n{Sound}\n{Broken}")))[..12];

    /// <summary>Reads a list; <c>defects.txt</c> says how it is written.</summary>
    /// <exception cref="FormatException">A block is no defect.</exception>
    public static Seq<Defect> All(string text) => toSeq(text.ReplaceLineEndings("\n").Split("\n\n"))
        .Map(block => toSeq(block.Split('\n').Where(line => line.Length > 0 && !line.StartsWith('#'))).Strict())
        .Filter(lines => !lines.IsEmpty).Map(Read).Strict();

    /// <summary>A file with the defect in it.</summary>
    /// <exception cref="FormatException">The file does not have the line that was sound, or has it twice.</exception>
    public string Break(string text)
    {
        var at = text.IndexOf(Sound, StringComparison.Ordinal);
        if (at < 0) throw new FormatException($"{this}: {File} has no '{Sound}' any more");
        if (text.IndexOf(Sound, at + 1, StringComparison.Ordinal) >= 0)
            throw new FormatException($"{this}: {File} has '{Sound}' more than once");
        return string.Concat(text.AsSpan(0, at), Broken, text.AsSpan(at + Sound.Length));
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}. {Name}");

    private static Defect Read(Seq<string> lines)
    {
        var title = lines[0].Split(". ", 2);
        var blind = lines.Skip(4).Map(line => line.StartsWith("? ", StringComparison.Ordinal) ? line[2..].Split(": ", 2) : [])
            .Strict();
        return title.Length == 2 && lines.Count >= 4 && blind.ForAll(why => why.Length == 2)
            && int.TryParse(title[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && lines[1].StartsWith("  ", StringComparison.Ordinal)
            && lines[2].StartsWith("- ", StringComparison.Ordinal) && lines[3].StartsWith("+ ", StringComparison.Ordinal)
                ? new(number, title[1], lines[1].Trim(), lines[2][2..], lines[3][2..],
                    toMap(blind.Map(why => (why[0], why[1]))))
                : throw new FormatException($"no defect: '{string.Join(" / ", lines)}'");
    }
}
