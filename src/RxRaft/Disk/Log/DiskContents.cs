namespace RxRaft;

/// <summary>What is on a disk.</summary>
/// <param name="State">What it comes to.</param>
/// <param name="Outline">The same without entries, and with the snapshot's file.</param>
/// <param name="Segments">Those in use; the last is the one that is written.</param>
/// <param name="Active">Header of the last.</param>
/// <param name="End">Where its frames end.</param>
/// <param name="Found">For people.</param>
internal sealed record DiskContents(
    PersistentState State, LogOutline Outline, LogSegments Segments, SegmentHeader Active, SegmentEnd End,
    DiskRecovery Found);
