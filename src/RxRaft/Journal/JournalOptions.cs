namespace RxRaft;

/// <summary>How much a journal may be.</summary>
public sealed record JournalOptions
{
    /// <summary>Those that a journal has unless it is told otherwise.</summary>
    public static readonly JournalOptions Default = new();

    /// <summary>
    /// Of all its files together, in bytes; the oldest go first. At least 64 KiB, by default 256 MiB. Each file begins
    /// with the node's state, log and all: a node whose state takes more than half of this is not recorded, and
    /// <see cref="Journal.Problems"/> says so.
    /// </summary>
    public long MaxBytes { get; init; } = 256 << 20;

    /// <summary>
    /// How many inputs, and entries in them, may wait to be written; above it some are not recorded. By default 65,536.
    /// </summary>
    public int MaxWaiting { get; init; } = 65_536;

    /// <summary>
    /// Every so long, on the node's clock, a digest of its state is recorded, so that a replay can be sure. By default
    /// 1 s.
    /// </summary>
    public TimeSpan DigestInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What is wrong with them, each with its value.</summary>
    internal Seq<string> Problems => Seq<(bool Wrong, string Words)>(
            (MaxBytes < Least, Say.Invariant($"{nameof(MaxBytes)} is {MaxBytes}: it must be at least {Least}")),
            (MaxWaiting <= 0, Say.Invariant($"{nameof(MaxWaiting)} is {MaxWaiting}: it must be above 0")),
            (DigestInterval <= TimeSpan.Zero,
                $"{nameof(DigestInterval)} is {Say.Milliseconds(DigestInterval)}: it must be above 0 ms"))
        .Filter(problem => problem.Wrong).Map(problem => problem.Words).Strict();

    private const long Least = 64 << 10;
}
