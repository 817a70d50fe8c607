namespace RxRaft.Testing;

/// <summary>A property that holds in every run of Raft did not hold in this one.</summary>
public sealed class PropertyViolationException : Exception
{
    internal PropertyViolationException(
        string property, string detail, TimeSpan at, ulong seed, Exception? cause = null)
        : base($"{property} violated at {Transcript.Time(at)}: {detail} (seed {seed})", cause) =>
        (Property, At, Seed) = (property, at, seed);

    /// <summary>The property, under the paper's name where it has one.</summary>
    public string Property { get; }

    /// <summary>When, in world time.</summary>
    public TimeSpan At { get; }

    /// <summary>The world's seed: the same world with the same seed and the same script violates it again.</summary>
    public ulong Seed { get; }
}
