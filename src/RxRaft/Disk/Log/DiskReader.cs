using System.Text;

namespace RxRaft;

/// <summary>Reads a disk, and changes nothing.</summary>
/// <param name="first">
/// The first segment that the log needs. Those before it may go while this reads, so they are not even opened.
/// </param>
internal sealed class DiskReader(IFileSystem files, ClusterId cluster, NodeId self, ulong first = 0)
{
    private readonly Seq<string> names = files.Names();

    /// <summary>Whether anything was ever written: if not, the disk may be made, in place of what was begun.</summary>
    /// <exception cref="DiskRefusedException">Something is here, but not whose it is.</exception>
    public bool IsNew()
    {
        if (names.Contains(DiskNames.Identity)) return false;

        var others = names.Filter(name => !IsHarmless(name)).Strict();
        return others.IsEmpty
            ? true
            : throw new DiskRefusedException(
                files.Directory,
                $"it has files ({string.Join(", ", others.Take(3))}), but none named {DiskNames.Identity}: " +
                "a node that started here could have forgotten its vote");
    }

    /// <summary>All that is there.</summary>
    /// <exception cref="DiskCorruptionException">Something is damaged.</exception>
    /// <exception cref="DiskRefusedException">It is another's, or in another format.</exception>
    public DiskContents Read()
    {
        DiskIdentity.Check(
            Content(DiskNames.Identity), files.PathOf(DiskNames.Identity), files.Directory, cluster, self);

        var segments = Segments();
        var fold = new LogFold();
        var last = LastUsed(segments);
        var (active, end) = (default(SegmentHeader), default(SegmentEnd));
        foreach (var number in segments.Filter(number => number <= last))
        {
            (active, end) = Read(number, fold, end.Sequence, isLast: number == last);
            fold.End(number);
        }

        Check(segments[0], fold);
        var leftovers = Leftovers(segments, fold.Outline.File.Number);
        var torn = end.Torn == 0 ? None : Some(new TornTail(PathOf(last), end.End, end.Torn));
        return new(
            fold.State(), fold.Outline, fold.Segments, active!, end,
            new(IsNew: false, fold.Segments.All.Count, fold.Changes, fold.Entries, torn, leftovers));
    }

    /// <summary>All bytes of a file.</summary>
    internal static byte[] Content(IFileSystem files, string name)
    {
        using var file = files.Open(name);
        if (file.Length > System.Array.MaxLength)
            throw new DiskCorruptionException(
                files.PathOf(name), 0, $"it has {file.Length} bytes, more than {System.Array.MaxLength}");

        var bytes = new byte[file.Length];
        var read  = file.Read(bytes, 0);
        return read == bytes.Length
            ? bytes
            : throw new DiskCorruptionException(
                files.PathOf(name), read, $"only {read} of {bytes.Length} bytes can be read");
    }

    private byte[] Content(string name) => Content(files, name);

    private string PathOf(ulong segment) => files.PathOf(DiskNames.Segment(segment));

    /// <summary>The numbers without a gap up to the last: what is before a gap was being dropped.</summary>
    private Seq<ulong> Segments()
    {
        var all = names.Map(DiskNames.SegmentNumber).Somes().Filter(number => number >= first)
            .OrderBy(number => number).ToSeq().Strict();
        if (all.IsEmpty)
            throw new DiskCorruptionException(
                PathOf(Math.Max(1, first)), 0, "it is missing, and so is every later one");

        var start = all.Count - 1;
        while (start > 0 && all[start] - all[start - 1] == 1) start--;
        return toSeq(all.Skip(start).ToArray());
    }

    /// <summary>The last segment with anything in it. Behind it is one at most, made ahead of its use.</summary>
    private ulong LastUsed(Seq<ulong> segments)
    {
        for (var i = segments.Count - 1; i >= 0; i--)
        {
            var name = DiskNames.Segment(segments[i]);
            var content = Content(name);
            Header(content, segments[i]);
            if (!SegmentReader.IsUnused(content)) return segments[i];
        }

        return segments[0] == 1UL
            ? 1UL
            : throw new DiskCorruptionException(
                PathOf(segments[0] - 1), 0, "it is missing, and those after it are empty");
    }

    private SegmentHeader Header(byte[] content, ulong number)
    {
        var header = SegmentHeader.Read(content, PathOf(number), files.Directory);
        if (header.Number != number || header.Self != self || header.Cluster != IdentityOf(cluster))
            throw new DiskCorruptionException(
                PathOf(number), 0,
                $"it is {Whose(header.Number, header.Self, header.Cluster)}, "
                + $"not {Whose(number, self, IdentityOf(cluster))}");
        return header.Size == content.Length
            ? header
            : throw new DiskCorruptionException(
                PathOf(number), Math.Min(header.Size, content.Length),
                $"it has {content.Length} bytes, not {header.Size}");
    }

    private static string Whose(ulong segment, NodeId node, uint identity) =>
        $"segment {segment} of {node} in the cluster of checksum 0x{identity:x8}";

    private (SegmentHeader, SegmentEnd) Read(ulong number, LogFold fold, ulong sequence, bool isLast)
    {
        var content = Content(DiskNames.Segment(number));
        var header  = Header(content, number);
        var path    = PathOf(number);
        var first   = true;
        var end = new SegmentReader(header, path, isLast).Read(content, sequence, (group, place) =>
        {
            var wrong = (first, group) switch
            {
                (true, LogGroup.Head head)      => fold.Begin(number, head.Outline),
                (false, LogGroup.Change change) => fold.Add(change),
                (true, _)                       => "a segment begins with where the log stands, not with a change",
                _                               => "where the log stands, but only changes follow the first group",
            };
            first = false;
            if (wrong is not null) throw new DiskCorruptionException(path, place, wrong);
        });
        return (header, end);
    }

    private void Check(ulong first, LogFold fold)
    {
        if (fold.Missing.Case is ValueTuple<LogIndex, LogIndex> missing)
            throw new DiskCorruptionException(
                PathOf(first - 1), 0, $"it is missing, and with it entries {missing.Item1} to {missing.Item2}");
        if (fold.Objection() is { } objection) throw new DiskCorruptionException(PathOf(first), 0, objection);

        SnapshotReader.Check(files, fold.Outline.File);
    }

    private Seq<string> Leftovers(Seq<ulong> segments, ulong snapshot) => names.Filter(name =>
        DiskNames.IsUnfinished(name)
        || DiskNames.SegmentNumber(name).Exists(number => number < segments[0])
        || DiskNames.SnapshotNumber(name).Exists(number => number != snapshot)).Strict();

    /// <summary>What may be in a directory in which no disk was made yet.</summary>
    private bool IsHarmless(string name) =>
        name is DiskNames.Lock or "lost+found" || DiskNames.IsUnfinished(name)
        || (name == DiskNames.Segment(1) && SegmentReader.IsUnused(Content(name)));

    internal static uint IdentityOf(ClusterId cluster) => Checksum.Of(Encoding.ASCII.GetBytes(cluster.Name));
}
