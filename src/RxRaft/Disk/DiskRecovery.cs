namespace RxRaft;

/// <summary>What a disk found when it was opened.</summary>
/// <param name="IsNew">Nothing was there: the disk was made.</param>
/// <param name="Segments">Files of the log that were read.</param>
/// <param name="Changes">Changes in them, each all there.</param>
/// <param name="Entries">Entries in those changes, also those that a later change or snapshot has dropped.</param>
/// <param name="Torn">The end of a write that a crash interrupted, if there was one. It was cut off.</param>
/// <param name="Removed">Files that a crash left behind and nobody needs, by name.</param>
public sealed record DiskRecovery(
    bool IsNew, int Segments, long Changes, long Entries, Option<TornTail> Torn, Seq<string> Removed);

/// <summary>The end of a log that a crash interrupted: a write that nobody was told was durable.</summary>
/// <param name="File">The path of the file.</param>
/// <param name="Offset">Of the first byte that was cut off.</param>
/// <param name="Length">How far from there something had been written, in bytes.</param>
public sealed record TornTail(string File, long Offset, long Length);
