namespace RxRaft;

/// <summary>How a node's disk is laid out. It may change from one start to the next.</summary>
public sealed record FileDiskOptions
{
    /// <summary>The least of <see cref="SegmentBytes"/>: 4 KiB.</summary>
    public const int MinSegmentBytes = 4096;

    /// <summary>The most of <see cref="SegmentBytes"/>, and of <see cref="MaxBatchBytes"/>: 1 GiB.</summary>
    public const int MaxSegmentBytes = 1 << 30;

    /// <summary>What there is without options.</summary>
    public static readonly FileDiskOptions Default = new();

    /// <summary>
    /// The size of a file of the log, in bytes; it is rounded up to a multiple of 512. From 4 KiB to 1 GiB, by default
    /// 16 MiB. It is filled with zeros ahead of its use, and one that the log no longer needs is kept for that, so up
    /// to three times this is taken beyond what the log needs.
    /// </summary>
    /// <remarks>A change that is larger gets a file of its own size.</remarks>
    public int SegmentBytes { get; init; } = 16 << 20;

    /// <summary>
    /// How much of the log is written with one fsync at most if more is waiting, in bytes. From 1 byte, which is a
    /// change at a time, to 1 GiB, by default 4 MiB. A change that is larger is written alone.
    /// </summary>
    public int MaxBatchBytes { get; init; } = 4 << 20;

    /// <summary>These, if they are possible.</summary>
    /// <exception cref="ArgumentException">They are not; the message names each wrong one, and its value.</exception>
    internal FileDiskOptions Checked()
    {
        var problems = Problems;
        return problems.IsEmpty ? this : throw new ArgumentException(string.Join("; ", problems));
    }

    /// <summary>Everything that is wrong with them, each with its value.</summary>
    internal Seq<string> Problems => Seq(
            Problem(nameof(SegmentBytes), SegmentBytes, MinSegmentBytes),
            Problem(nameof(MaxBatchBytes), MaxBatchBytes, least: 1))
        .Somes().Strict();

    private static Option<string> Problem(string name, int value, int least) =>
        value >= least && value <= MaxSegmentBytes
            ? None
            : Say.Invariant($"{name} is {value}: it must be {least} to {MaxSegmentBytes} bytes");
}
