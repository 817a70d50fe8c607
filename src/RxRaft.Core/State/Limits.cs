namespace RxRaft;

/// <summary>How much of everything a node takes on. Over a limit its clients hear <see cref="Outcome.Busy"/>.</summary>
/// <remarks>Bytes of entries are after <see cref="Entry.Size"/>.</remarks>
public sealed record Limits
{
    /// <summary>Those that a node has unless it is told otherwise.</summary>
    public static readonly Limits Default = new();

    /// <summary>Of the entries in one append, in bytes, unless the first alone has more. By default 256 KiB.</summary>
    public int MaxAppendBytes { get; init; } = 256 << 10;

    /// <summary>Appends with entries on their way to one follower. By default 64.</summary>
    public int MaxInflightAppends { get; init; } = 64;

    /// <summary>
    /// Of the entries on their way to one follower, in bytes, exceeded by at most one append. By default 4 MiB.
    /// </summary>
    public long MaxInflightBytes { get; init; } = 4 << 20;

    /// <summary>Of one command, in bytes, inclusive; above it a command is rejected. By default 1 MiB.</summary>
    public int MaxCommandBytes { get; init; } = 1 << 20;

    /// <summary>
    /// Entries, committed or not, that the state machine has not applied yet, and proposals that are forwarded or held.
    /// By default 16,384.
    /// </summary>
    public int MaxPendingProposals { get; init; } = 16_384;

    /// <summary>
    /// Of the entries that the state machine has not applied yet, in bytes. A follower over it takes no more until its
    /// state machine catches up. By default 64 MiB.
    /// </summary>
    public long MaxBacklogBytes { get; init; } = 64 << 20;

    /// <summary>Reads that wait. By default 16,384.</summary>
    public int MaxPendingReads { get; init; } = 16_384;

    /// <summary>Of one part of a snapshot on the wire, in bytes. By default 64 KiB.</summary>
    public int SnapshotChunkBytes { get; init; } = 64 << 10;

    /// <summary>Parts of a snapshot on their way to one follower. By default 8.</summary>
    public int MaxInflightChunks { get; init; } = 8;

    /// <summary>Client sessions; the one unused for longest goes first. By default 1,024.</summary>
    public int MaxSessions { get; init; } = 1_024;

    /// <summary>How many committed entries a learner may lack and still become a voter. By default 128.</summary>
    public int MaxPromotionLag { get; init; } = 128;

    /// <summary>The limits that are not above zero, each with its value.</summary>
    internal Seq<string> Problems => Seq<(string Name, long Value)>(
            (nameof(MaxAppendBytes), MaxAppendBytes), (nameof(MaxInflightAppends), MaxInflightAppends),
            (nameof(MaxInflightBytes), MaxInflightBytes), (nameof(MaxCommandBytes), MaxCommandBytes),
            (nameof(MaxPendingProposals), MaxPendingProposals), (nameof(MaxBacklogBytes), MaxBacklogBytes),
            (nameof(MaxPendingReads), MaxPendingReads), (nameof(SnapshotChunkBytes), SnapshotChunkBytes),
            (nameof(MaxInflightChunks), MaxInflightChunks), (nameof(MaxSessions), MaxSessions),
            (nameof(MaxPromotionLag), MaxPromotionLag))
        .Filter(limit => limit.Value <= 0)
        .Map(limit => Say.Invariant($"{limit.Name} is {limit.Value}: it must be above 0")).Strict();
}

/// <summary>When a node takes a snapshot of its state machine, and what of the log it keeps all the same.</summary>
/// <remarks>§5.1.2.</remarks>
public sealed record SnapshotPolicy
{
    /// <summary>That which a node has unless it is told otherwise.</summary>
    public static readonly SnapshotPolicy Default = new();

    /// <summary>After so many entries since the last. By default 50,000.</summary>
    public int Entries { get; init; } = 50_000;

    /// <summary>
    /// After so many bytes of entries since the last, after <see cref="Entry.Size"/>. By default 16 MiB.
    /// </summary>
    public long Bytes { get; init; } = 16 << 20;

    /// <summary>
    /// How many of the entries in the snapshot stay in the log, for followers that are only a little behind. By default
    /// 1,000.
    /// </summary>
    public int Trailing { get; init; } = 1_000;

    /// <summary>The numbers that cannot be, each with its value.</summary>
    internal Seq<string> Problems =>
        Seq<(bool Wrong, string Words)>(
            (Entries <= 0,
                Say.Invariant($"{nameof(Settings.Snapshots)}.{nameof(Entries)} is {Entries}: it must be above 0")),
            (Bytes <= 0, Say.Invariant($"{nameof(Settings.Snapshots)}.{nameof(Bytes)} is {Bytes}: it must be above 0")),
            (Trailing < 0,
                Say.Invariant($"{nameof(Settings.Snapshots)}.{nameof(Trailing)} is {Trailing}: it must be at least 0")))
        .Filter(problem => problem.Wrong).Map(problem => problem.Words).Strict();
}
