namespace RxRaft;

/// <summary>Where a segment's frames end.</summary>
/// <param name="End">Behind the last frame.</param>
/// <param name="Torn">How many bytes from there are not blank.</param>
/// <param name="LastLength">Of the last frame; 0 without frames.</param>
/// <param name="Sequence">Of the frame that comes next; 0 if nothing is known of it.</param>
internal readonly record struct SegmentEnd(long End, long Torn, int LastLength, ulong Sequence);

/// <summary>Reads a segment's frames. Disk/README.md argues why what it takes for a torn end is one.</summary>
/// <param name="header">The segment's.</param>
/// <param name="file">Its path, for messages.</param>
/// <param name="mayBeTorn">Whether it is the last in which anything was written.</param>
internal sealed class SegmentReader(SegmentHeader header, string file, bool mayBeTorn)
{
    /// <summary>Reads to the end.</summary>
    /// <param name="content">All of the file.</param>
    /// <param name="sequence">Of the first frame; 0 if it is not known.</param>
    /// <param name="take">Gets each group, and the place of its frame.</param>
    /// <exception cref="DiskCorruptionException">The segment is damaged.</exception>
    public SegmentEnd Read(ReadOnlyMemory<byte> content, ulong sequence, Action<LogGroup, long> take)
    {
        var bytes = content.Span;
        if (bytes.Length < SegmentHeader.Sector)
            throw Damaged(
                bytes.Length, $"it has {bytes.Length} bytes; a segment has {SegmentHeader.Sector} at least");

        var (place, last) = ((long)SegmentHeader.Sector, 0);
        while (place + LogFrame.Unit <= bytes.Length && !IsBlank(Slice(bytes, place, LogFrame.Unit)))
        {
            var frame = Header(bytes, place, sequence);
            var found = Checksum.Of(Slice(bytes, place + LogFrame.Unit, frame.BodyLength));
            if (found != frame.BodyChecksum)
            {
                if (mayBeTorn && HasBlankSector(bytes, place, frame.Length)) break;
                throw Damaged(
                    place,
                    Checksum.Mismatch($"the {frame.BodyLength} bytes of the frame", found, frame.BodyChecksum)
                    + (mayBeTorn ? ", and no part of it is blank" : ""));
            }

            Groups(content.Slice((int)place + LogFrame.Unit, frame.BodyLength), place, frame.Groups, take);
            (place, last, sequence) = (place + frame.Length, frame.Length, frame.Sequence + 1);
        }

        return new(place, mayBeTorn ? Torn(bytes, place) : 0, last, sequence);
    }

    /// <summary>Whether nothing was written behind the header.</summary>
    public static bool IsUnused(ReadOnlySpan<byte> content) =>
        content.Length >= SegmentHeader.Sector && IsBlank(content[SegmentHeader.Sector..]);

    private LogFrame Header(ReadOnlySpan<byte> bytes, long place, ulong sequence)
    {
        if (LogFrame.At(Slice(bytes, place, LogFrame.Unit), header, place) is not { } frame)
            throw Damaged(place, LogFrame.Objection(Slice(bytes, place, LogFrame.Unit), header, place));
        if (frame.BodyLength > bytes.Length - place - LogFrame.Unit)
            throw Damaged(place, $"a frame of {frame.Length} bytes where {bytes.Length - place} are left");
        return sequence == 0 || frame.Sequence == sequence
            ? frame
            : throw Damaged(place, $"frame {frame.Sequence} where {sequence} should be");
    }

    private void Groups(ReadOnlyMemory<byte> whitened, long place, int count, Action<LogGroup, long> take)
    {
        var body = whitened.ToArray();                      // entries are parts of it; the rest of the file can go
        Whitening.Apply(body, header.Salt, place + LogFrame.Unit);
        var bytes = new DiskBytes(body, file, place + LogFrame.Unit);
        for (var left = count; left > 0; left--) take(bytes.Group(), place);
        if (bytes.Left >= LogFrame.Unit)
            throw bytes.Wrong(
                $"{bytes.Left} bytes behind the last of {count} groups, and not less than {LogFrame.Unit}");
    }

    /// <summary>How far something was written behind the last frame, if that is a torn one.</summary>
    private long Torn(ReadOnlySpan<byte> bytes, long end)
    {
        for (var place = end + LogFrame.Unit; place + LogFrame.Unit <= bytes.Length; place += LogFrame.Unit)
            if (LogFrame.At(Slice(bytes, place, LogFrame.Unit), header, place) is { } later)
                throw Damaged(end, $"no frame is here, but at byte {place} there is one, of number {later.Sequence}");

        return bytes[(int)end..].LastIndexOfAnyExcept((byte)0) + 1;
    }

    /// <summary>Whether the frame's part of some sector is blank: that sector was never written.</summary>
    private static bool HasBlankSector(ReadOnlySpan<byte> bytes, long place, int length)
    {
        for (var (from, end) = (place, place + length); from < end;)
        {
            var next = Math.Min(end, (from / SegmentHeader.Sector + 1) * SegmentHeader.Sector);
            if (IsBlank(Slice(bytes, from, (int)(next - from)))) return true;
            from = next;
        }

        return false;
    }

    private static ReadOnlySpan<byte> Slice(ReadOnlySpan<byte> bytes, long place, int length) =>
        bytes.Slice((int)place, length);

    private static bool IsBlank(ReadOnlySpan<byte> bytes) => !bytes.ContainsAnyExcept((byte)0);

    private DiskCorruptionException Damaged(long place, string what) => new(file, place, what);
}
