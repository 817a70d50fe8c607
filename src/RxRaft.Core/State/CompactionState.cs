namespace RxRaft;

/// <summary>Snapshots on their way.</summary>
/// <param name="Taking">The place of the one that is being taken here.</param>
/// <param name="SizeAtSnapshot">Bytes of the log, after <see cref="Log.Size"/>, through the last one.</param>
/// <param name="Incoming">The one that a leader sends.</param>
/// <remarks>§5.</remarks>
public sealed record CompactionState(Option<LogPosition> Taking, long SizeAtSnapshot, Option<Incoming> Incoming)
{
    /// <summary>None.</summary>
    public static readonly CompactionState Idle = new(None, 0, None);
}

/// <summary>A snapshot that a leader sends.</summary>
/// <param name="Snapshot">Which.</param>
/// <param name="Received">
/// In bytes, from the beginning and without a gap: they are on disk, or on their way there.
/// </param>
public sealed record Incoming(Snapshot Snapshot, long Received);
