namespace RxRaft.Swarm;

/// <summary>What somebody wants of the program.</summary>
internal sealed record Order
{
    public SeedRange Seeds { get; init; } = new(1, 1_000);

    /// <summary>Which part of the seeds, and of how many.</summary>
    public (int Number, int Parts) Part { get; init; } = (0, 1);

    /// <summary>No run begins after this time.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.MaxValue;

    /// <summary>Whether the first failure ends it.</summary>
    public bool First { get; init; }

    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>One seed alone.</summary>
    public Option<ulong> Seed { get; init; }

    public bool Transcript { get; init; }

    public bool Shrink { get; init; }

    public bool CrashPoints { get; init; }

    /// <summary>One point alone.</summary>
    public Option<CrashPoint> Point { get; init; }

    public bool Help { get; init; }
}
