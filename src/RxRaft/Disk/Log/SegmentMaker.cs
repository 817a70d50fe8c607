using System.Threading.Tasks;

namespace RxRaft;

/// <summary>A segment that can be written.</summary>
internal sealed record LogSegment(SegmentHeader Header, IFile File);

/// <summary>Makes segments, the next one ahead of its use.</summary>
/// <param name="background">Does something soon, and one thing after the other.</param>
/// <param name="salt">A new number each time, which nobody can guess.</param>
/// <remarks>
/// A segment is filled with zeros, not only reserved: the fsync of a small write there is then half as long, since the
/// file system has nothing to note; and a full disk is found before anything depends on it.
/// </remarks>
internal sealed class SegmentMaker(
    IFileSystem files, uint cluster, NodeId self, long size, Action<Action> background, Func<ulong> salt)
{
    private static readonly byte[] Zeros = new byte[1 << 18];

    private ulong ahead;
    private Task<LogSegment> next = Task.FromResult<LogSegment>(null!);

    /// <summary>Makes a segment soon.</summary>
    public void Prepare(ulong number)
    {
        var made = new TaskCompletionSource<LogSegment>();
        (ahead, next) = (number, made.Task);
        background(() =>
        {
            try
            {
                made.SetResult(Make(number, size));
            }
            catch (Exception fault)
            {
                made.SetException(fault);                   // who needs it is told; until then the disk goes on
            }
        });
    }

    /// <summary>The segment that was prepared, or another in its place if that is too small.</summary>
    /// <param name="room">What goes into it at once, in bytes.</param>
    public LogSegment Take(ulong number, long room)
    {
        Requirements.Require(number == ahead);
        var made = next.GetAwaiter().GetResult();
        if (made.Header.Size - SegmentHeader.Sector >= room) return made;

        made.File.Dispose();
        return Make(number, room + SegmentHeader.Sector);
    }

    /// <summary>Makes a segment of the usual size.</summary>
    public LogSegment Make(ulong number) => Make(number, size);

    /// <summary>Makes a segment.</summary>
    /// <param name="least">Its size, in bytes; it is rounded up to whole sectors.</param>
    private LogSegment Make(ulong number, long least)
    {
        var whole  = (least + SegmentHeader.Sector - 1) / SegmentHeader.Sector * SegmentHeader.Sector;
        var header = new SegmentHeader(cluster, self, number, whole, salt());
        var name   = DiskNames.Segment(number);
        var buffer = new DiskBuffer();
        header.Write(buffer);
        using (var file = files.Create(name + DiskNames.Unfinished))
        {
            for (var at = 0L; at < whole; at += Zeros.Length)
                file.Write(Zeros.AsSpan(0, (int)Math.Min(Zeros.Length, whole - at)), at);
            file.Write(buffer.Written, 0);
            file.Sync();
        }

        files.Rename(name + DiskNames.Unfinished, name);
        files.SyncNames();
        return new(header, files.Open(name));
    }

    /// <summary>Closes what was prepared and not taken.</summary>
    public void Close()
    {
        if (next is { IsCompletedSuccessfully: true, Result: { } made }) made.File.Dispose();
    }
}
