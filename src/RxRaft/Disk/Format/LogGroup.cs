namespace RxRaft;

/// <summary>A snapshot as it is on disk.</summary>
/// <param name="Snapshot">Which.</param>
/// <param name="Number">Of its file; 0 if it is empty, and needs none.</param>
/// <param name="Checksum">CRC-32C of its bytes.</param>
internal sealed record SnapshotFile(Snapshot Snapshot, ulong Number, uint Checksum)
{
    /// <summary>That of a new disk.</summary>
    public static readonly SnapshotFile Nothing = Empty(Snapshot.Nothing);

    /// <summary>Of a snapshot without bytes.</summary>
    public static SnapshotFile Empty(Snapshot snapshot) => new(snapshot, Number: 0, Checksum: 0);
}

/// <summary>What the log's frames are made of.</summary>
internal abstract record LogGroup
{
    private LogGroup() { }

    /// <summary>Where the log stands when a segment begins, so that those before it can be dropped.</summary>
    public sealed record Head(LogOutline Outline) : LogGroup;

    /// <summary>One write.</summary>
    /// <param name="Persist">What it changes.</param>
    /// <param name="File">Where the snapshot is, if it names one.</param>
    public sealed record Change(Effect.Persist Persist, Option<SnapshotFile> File) : LogGroup;
}
