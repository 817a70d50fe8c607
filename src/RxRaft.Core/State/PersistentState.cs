namespace RxRaft;

/// <summary>What survives a crash: Figure 3.1's persistent state.</summary>
/// <param name="CurrentTerm">Latest term the node has seen.</param>
/// <param name="VotedFor">Candidate that received its vote in that term.</param>
/// <param name="Log">The snapshot and the entries after it.</param>
public sealed record PersistentState(Term CurrentTerm, Option<NodeId> VotedFor, Log Log)
{
    /// <summary>A disk that nothing was written to: term 0, no vote, no entries, nobody in the configuration.</summary>
    public static readonly PersistentState Fresh = new(Term.Zero, None, Log.Empty);

    /// <summary>This after a write, all of it.</summary>
    public PersistentState After(Effect.Persist write)
    {
        var log = write.Snapshot.Case is Snapshot snapshot ? Log.OnTopOf(snapshot, write.Base) : Log;
        return new(write.CurrentTerm, write.VotedFor, log.KeepThrough(write.KeepThrough).Append(write.Entries));
    }
}
