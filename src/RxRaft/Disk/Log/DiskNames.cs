using System.Globalization;

namespace RxRaft;

/// <summary>The names of a disk's files.</summary>
internal static class DiskNames
{
    public const string Lock = "lock", Identity = "identity", Unfinished = ".tmp";

    private const string SegmentPrefix = "log-", SnapshotPrefix = "snapshot-";

    public static string Segment(ulong number) => Numbered(SegmentPrefix, number);

    public static string Snapshot(ulong number) => Numbered(SnapshotPrefix, number);

    /// <summary>A segment's number; none if the name is no segment's.</summary>
    public static Option<ulong> SegmentNumber(string name) => Number(SegmentPrefix, name);

    /// <summary>A snapshot's number; none if the name is no snapshot's.</summary>
    public static Option<ulong> SnapshotNumber(string name) => Number(SnapshotPrefix, name);

    /// <summary>Whether it is a file that a crash left before it had its name.</summary>
    public static bool IsUnfinished(string name) =>
        name.EndsWith(Unfinished, StringComparison.Ordinal) && name[..^Unfinished.Length] is var whole
        && (whole == Identity || SegmentNumber(whole).IsSome || SnapshotNumber(whole).IsSome);

    private static string Numbered(string prefix, ulong number) =>
        prefix + number.ToString("x16", CultureInfo.InvariantCulture);

    private static Option<ulong> Number(string prefix, string name) =>
        name.StartsWith(prefix, StringComparison.Ordinal)
        && ulong.TryParse(name.AsSpan(prefix.Length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture,
            out var number)
        && Numbered(prefix, number) == name ? number : None;
}
