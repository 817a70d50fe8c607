using System.IO;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>A segment that can be written.</summary>
internal sealed record LogSegment(SegmentHeader Header, IFile File);

/// <summary>Makes segments, the next one ahead of its use.</summary>
/// <param name="background">Does something soon, and one thing after the other.</param>
/// <param name="salt">A new number each time, which nobody can guess.</param>
/// <remarks>
/// <para>
/// A segment is filled with zeros, not only reserved: the fsync of a small write there is then half as long, since the
/// file system has nothing to note; and a full disk is found before anything depends on it.
/// </para>
/// <para>
/// All of that is on the same disk as the log, whose writes wait meanwhile. So it is filled piece by piece, each with
/// an fsync, unless the log waits for the segment itself; and out of a segment that was dropped, where there is one: to
/// give a file's room back and to find some again takes a file system longer than to write it.
/// </para>
/// </remarks>
internal sealed class SegmentMaker(
    IFileSystem files, uint cluster, NodeId self, long size, Action<Action> background, Func<ulong> salt)
{
    private static readonly byte[] Zeros = new byte[1 << 18];

    private readonly long size = Whole(size);
    private ulong ahead;
    private Option<string> spare;                           // only in the background, as the rest of what makes
    private volatile bool isWaitedFor = true;               // but of what is prepared, until it is taken
    private Task<LogSegment> next = Task.FromResult<LogSegment>(null!);

    /// <summary>Makes a segment soon.</summary>
    public void Prepare(ulong number)
    {
        var made = new TaskCompletionSource<LogSegment>();
        (ahead, next, isWaitedFor) = (number, made.Task, false);
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
        isWaitedFor = true;
        var made = next.GetAwaiter().GetResult();
        if (made.Header.Size - SegmentHeader.Sector >= room) return made;

        made.File.Dispose();
        return Make(number, Whole(room + SegmentHeader.Sector));
    }

    /// <summary>Makes a segment of the usual size.</summary>
    public LogSegment Make(ulong number) => Make(number, size);

    /// <summary>Takes a segment that the log no longer needs: a later one is made of it, or it goes.</summary>
    public void Drop(ulong number) => background(() =>
    {
        var name = DiskNames.Segment(number);
        if (spare.IsSome || !files.CanSyncNames || !IsUsual(name))
        {
            files.Delete(name);
            return;
        }

        files.Rename(name, name + DiskNames.Unfinished);
        spare = name + DiskNames.Unfinished;
    });

    /// <summary>Closes what was prepared and not taken. Nothing may be under way in the background.</summary>
    public void Close()
    {
        if (next is { IsCompletedSuccessfully: true, Result: { } made }) made.File.Dispose();
        try
        {
            spare.IfSome(files.Delete);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // the next start removes it, too
        }
    }

    private static long Whole(long bytes) =>
        (bytes + SegmentHeader.Sector - 1) / SegmentHeader.Sector * SegmentHeader.Sector;

    private bool IsUsual(string name)
    {
        using var file = files.Open(name);
        return file.Length == size;
    }

    private LogSegment Make(ulong number, long whole)
    {
        var header = new SegmentHeader(cluster, self, number, whole, salt());
        var name   = DiskNames.Segment(number);
        var buffer = new DiskBuffer();
        header.Write(buffer);
        using (var file = Begin(name + DiskNames.Unfinished, whole))
        {
            for (var at = 0L; at < whole; at += Zeros.Length)
            {
                file.Write(Zeros.AsSpan(0, (int)Math.Min(Zeros.Length, whole - at)), at);
                if (!isWaitedFor) file.Sync();
            }

            file.Write(buffer.Written, 0);
            file.Sync();
        }

        files.Rename(name + DiskNames.Unfinished, name);
        files.SyncNames();
        return new(header, files.Open(name));
    }

    private IFile Begin(string name, long whole)
    {
        if (whole != size || spare.Case is not string dropped) return files.Create(name);

        spare = None;
        files.Rename(dropped, name);
        files.SyncNames();                                  // under its old name, what is now written is damage
        return files.Open(name);
    }
}
