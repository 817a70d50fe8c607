using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace RxRaft.Architecture;

/// <summary>A text file of this repository.</summary>
/// <param name="Path">From the root, with slashes.</param>
internal sealed record SourceFile(string Path, string Text)
{
    public IEnumerable<(string Where, string Line)> Lines =>
        Text.TrimEnd('\n').Split('\n').Select((line, i) => ($"{Path}:{i + 1}", line.TrimEnd('\r')));

    /// <summary>path:line of a character, as compilers write it.</summary>
    public string At(int offset) => $"{Path}:{Text.AsSpan(0, offset).Count('\n') + 1}";
}

/// <summary>The sources that the tests were built from.</summary>
internal static class Repository
{
    private static readonly string Root = Above(AppContext.BaseDirectory);

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static bool Has(string path) => File.Exists(Path.Combine(Root, path));

    /// <summary>The files below some folders, but what builds leave there.</summary>
    public static IReadOnlyList<SourceFile> Files(string pattern, params string[] folders) =>
        [.. from folder in folders
            let full = Path.Combine(Root, folder)
            where Directory.Exists(full)
            from file in Directory.EnumerateFiles(full, pattern, SearchOption.AllDirectories)
            let path = Path.GetRelativePath(Root, file).Replace('\\', '/')
            where !path.Contains("/obj/", StringComparison.Ordinal) && !path.Contains("/bin/", StringComparison.Ordinal)
            orderby path
            select new SourceFile(path, File.ReadAllText(file))];

    private static string Above(string folder) =>
        File.Exists(Path.Combine(folder, "RxRaft.sln")) ? folder
        : Directory.GetParent(folder) is { } parent ? Above(parent.FullName)
        : throw new InvalidOperationException("The architecture tests run in the folder they were built in, below RxRaft.sln.");
}
