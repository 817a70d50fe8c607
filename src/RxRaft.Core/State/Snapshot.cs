namespace RxRaft;

/// <summary>What stands for the log through a place: the state machine's state there, and the configuration.</summary>
/// <param name="Last">Position of the last entry that it replaces: lastIncludedIndex and lastIncludedTerm.</param>
/// <param name="Configuration">The configuration in force at that place.</param>
/// <param name="Size">Of the state machine's state as it is stored and sent, in bytes; it is on disk, not here.</param>
/// <remarks>§5.1, Figure 5.2. Every log begins with one: that of an empty log holds the first configuration.</remarks>
public sealed record Snapshot(LogPosition Last, Configuration Configuration, long Size)
{
    /// <summary>Of a log that nobody has begun.</summary>
    public static readonly Snapshot Nothing = Beginning(Configuration.Nobody);

    /// <summary>With which a cluster begins: no entries, an empty state machine, and its first members.</summary>
    public static Snapshot Beginning(Configuration configuration) => new(LogPosition.Zero, configuration, Size: 0);
}
