namespace RxRaft;

/// <summary>Puts changes into the log. One thread at a time; after an exception it must not be used again.</summary>
internal sealed class LogWriter
{
    private const int Most = 1 << 30;

    private readonly SegmentMaker maker;
    private readonly int most;
    private readonly DiskBuffer group = new();
    private readonly DiskBuffer frame = new();
    private LogSegment active;
    private LogSegments segments;
    private LogOutline durable;
    private LogOutline outline;
    private long end;
    private ulong sequence;
    private int groups;

    /// <param name="contents">What is on disk, and is durable by now.</param>
    /// <param name="active">The last segment in use.</param>
    /// <param name="most">How many bytes one frame has, if more than one change is in it.</param>
    public LogWriter(DiskContents contents, LogSegment active, SegmentMaker maker, int most)
    {
        (this.maker, this.active, this.most) = (maker, active, most);
        (segments, durable, outline) = (contents.Segments, contents.Outline, contents.Outline);
        (end, sequence) = (contents.End.End, Math.Max(1, contents.End.Sequence));
        maker.Prepare(active.Header.Number + 1);
        Begin();
    }

    /// <summary>The first segment that the log needs. Later ones stay as long as nothing is written.</summary>
    public ulong First => segments.All[0].Number;

    /// <summary>Adds a change to those that are made durable together; earlier ones may become so.</summary>
    /// <exception cref="InvalidOperationException">Nothing that could be read back.</exception>
    public void Add(Effect.Persist change, Option<SnapshotFile> file)
    {
        if (outline.Objection(change) is { } objection)
            throw new InvalidOperationException($"What is to be written does not follow what is on disk: {objection}");

        group.Clear();
        group.WriteChange(change, file);
        if (group.Length > Most)
            throw new InvalidOperationException(
                $"A change of {group.Length} bytes is more than the {Most} that can be written at once");
        if (groups > 0 && Together > most) Commit();
        if (Together > active.Header.Size - end) Roll();
        frame.Bytes(group.Written);
        groups++;

        (outline, segments) = (outline.After(change, file), segments.KeepThrough(change.KeepThrough));
    }

    /// <summary>Makes what was added durable.</summary>
    public void Commit()
    {
        if (groups == 0) return;

        frame.PadTo(LogFrame.Unit);
        LogFrame.Seal(frame.Written, active.Header, end, sequence, groups + (IsFirst ? 1 : 0));
        active.File.Write(frame.Written, end);
        active.File.Sync();
        (end, sequence, durable, groups) = (end + frame.Length, sequence + 1, outline, 0);
        Begin();
    }

    /// <summary>The segments that the log no longer needs; they are not spoken of again.</summary>
    public Seq<ulong> Drop()
    {
        var (needed, dropped) = segments.Over(durable.Base.Index);
        segments = needed;
        return dropped;
    }

    public void Close() => active.File.Dispose();

    private bool IsFirst => end == SegmentHeader.Sector;

    /// <summary>The length of a frame with what was added and the group, in bytes.</summary>
    private long Together => ((long)frame.Length + group.Length + LogFrame.Unit - 1) / LogFrame.Unit * LogFrame.Unit;

    /// <summary>Begins a frame; the first of a segment says where the log stands.</summary>
    private void Begin()
    {
        frame.Clear();
        frame.Next(LogFrame.Unit).Clear();
        if (IsFirst) frame.WriteHead(durable);
    }

    /// <summary>Goes on in another segment. All of this one is durable then.</summary>
    private void Roll()
    {
        Commit();
        var number = active.Header.Number + 1;
        end = SegmentHeader.Sector;
        Begin();
        var next = maker.Take(number, Together);
        active.File.Dispose();
        active   = next;
        segments = segments.With(number, durable.Last.Index);
        maker.Prepare(number + 1);
    }
}
