namespace RxRaft;

/// <summary>Makes a directory ready to be written: makes a disk of it, or removes what a crash has left.</summary>
internal sealed class DiskOpening(IFileSystem files, ClusterId cluster, NodeId self, SegmentMaker maker)
{
    /// <summary>What is on the disk, all of it durable.</summary>
    public (DiskContents Contents, LogSegment Active) Open()
    {
        var isNew = new DiskReader(files, cluster, self).IsNew();
        if (isNew) Make();

        var contents = new DiskReader(files, cluster, self).Read();
        var active   = new LogSegment(contents.Active, files.Open(DiskNames.Segment(contents.Active.Number)));
        Settle(contents.End, active.File);
        Remove(contents.Found.Removed);
        return (contents with { Found = contents.Found with { IsNew = isNew } }, active);
    }

    /// <summary>The identity comes last: before it is there nothing was ever written.</summary>
    private void Make()
    {
        Remove(files.Names().Filter(name => DiskNames.IsUnfinished(name) || name == DiskNames.Segment(1)).Strict());
        maker.Make(number: 1).File.Dispose();

        var identity = new DiskBuffer();
        DiskIdentity.Write(identity, cluster, self);
        using (var file = files.Create(DiskNames.Identity + DiskNames.Unfinished))
        {
            file.Write(identity.Written, 0);
            file.Sync();
        }

        files.Rename(DiskNames.Identity + DiskNames.Unfinished, DiskNames.Identity);
    }

    /// <summary>Blanks a torn end, and writes the last frame once more.</summary>
    /// <remarks>
    /// The frame was read, but a process that was killed, or one whose fsync failed, may have left it in memory only,
    /// and in memory it may count as written: an fsync alone would not write it.
    /// </remarks>
    private static void Settle(SegmentEnd end, IFile active)
    {
        if (end.LastLength > 0)
        {
            var last = new byte[end.LastLength];
            active.Read(last, end.End - end.LastLength);
            active.Write(last, end.End - end.LastLength);
        }

        if (end.Torn > 0) active.Write(new byte[end.Torn], end.End);
        active.Sync();
    }

    /// <summary>Whatever is there afterwards has its name for good.</summary>
    private void Remove(Seq<string> names)
    {
        foreach (var name in names) files.Delete(name);
        files.SyncNames();
    }
}
