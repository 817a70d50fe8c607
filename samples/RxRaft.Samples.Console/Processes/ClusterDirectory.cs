using System.IO;
using System.Linq;

namespace RxRaft.Samples;

/// <summary>The disks of a cluster on one host: subdirectories 1, 2 and so on.</summary>
internal static class ClusterDirectory
{
    /// <summary>One key each.</summary>
    public const int MostNodes = 9;

    public static string Of(string root, NodeId node) => Path.Combine(root, $"{node.Value}");

    /// <summary>Another node's, beside a node's.</summary>
    public static string Beside(string data, NodeId other) => Of(Path.GetDirectoryName(data) ?? ".", other);

    /// <summary>
    /// A cluster goes on with all its disks or begins with none: a node with a new disk among others would take part
    /// in elections as if it had never promised anything.
    /// </summary>
    public static Option<string> Problem(string root, int processes)
    {
        if (File.Exists(root)) return $"--data must be a directory, and '{root}' is a file";

        var there = Enumerable.Range(1, MostNodes)
            .Where(node => Directory.Exists(Of(root, new NodeId((ulong)node)))).ToList();
        return there.Count == 0 || there.SequenceEqual(Enumerable.Range(1, processes))
            ? None
            : $"--processes is {processes}, and '{root}' has the disks of {string.Join(", ", there)}: "
              + "all of them, or a new directory";
    }
}
