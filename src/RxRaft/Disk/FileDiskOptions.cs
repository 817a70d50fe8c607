namespace RxRaft;

/// <summary>How a node's disk is laid out. It may change from one start to the next.</summary>
public sealed record FileDiskOptions
{
    /// <summary>The least of <see cref="SegmentSize"/>, in bytes.</summary>
    public const int MinSegmentSize = 4096;

    /// <summary>The most of <see cref="SegmentSize"/>, in bytes.</summary>
    public const int MaxSegmentSize = 1 << 30;

    /// <summary>What there is without options.</summary>
    public static readonly FileDiskOptions Default = new();

    /// <summary>
    /// The size of a file of the log, in bytes. It is filled with zeros ahead of its use, so up to twice this is taken
    /// beyond what the log needs. Default 16 MiB.
    /// </summary>
    /// <remarks>A change that is larger gets a file of its own size.</remarks>
    public int SegmentSize { get; init; } = 16 << 20;

    /// <summary>
    /// How much of the log is written with one fsync at most, in bytes, if more is waiting. Default 4 MiB.
    /// </summary>
    public int MaxBatchSize { get; init; } = 4 << 20;

    /// <summary>These, if they are possible.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Names what is wrong, and its value.</exception>
    internal FileDiskOptions Checked()
    {
        foreach (var (name, value, words) in Problems) throw new ArgumentOutOfRangeException(name, value, words);
        return this;
    }

    /// <summary>Everything that is not possible, in words with its value.</summary>
    internal Seq<(string Name, int Value, string Words)> Problems => Seq<(string Name, int Value, int Least)>(
            (nameof(SegmentSize), SegmentSize, MinSegmentSize), (nameof(MaxBatchSize), MaxBatchSize, 1))
        .Filter(size => size.Value < size.Least || size.Value > MaxSegmentSize)
        .Map(size => (size.Name, size.Value,
            Say.Invariant($"{size.Name} is {size.Value} bytes; it is {size.Least} to {MaxSegmentSize}"))).Strict();
}
