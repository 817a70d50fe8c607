namespace RxRaft;

/// <summary>What survives a crash: Figure 3.1's persistent state.</summary>
/// <param name="CurrentTerm">Latest term the node has seen.</param>
/// <param name="VotedFor">Candidate that received its vote in that term.</param>
/// <param name="Log">The log entries.</param>
public sealed record PersistentState(Term CurrentTerm, Option<NodeId> VotedFor, Log Log)
{
    /// <summary>A disk that nothing was written to: term 0, no vote, no entries.</summary>
    public static readonly PersistentState Fresh = new(Term.Zero, None, Log.Empty);

    /// <summary>This after a write: the entries through its keep index, then its entries; its term and vote.</summary>
    public PersistentState After(Effect.Persist write) =>
        new(write.CurrentTerm, write.VotedFor, Log.KeepThrough(write.KeepThrough).Append(write.Entries));
}
