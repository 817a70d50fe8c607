namespace RxRaft;

/// <summary>What a node asks its shell to do. The order of effects is the order of happening.</summary>
public abstract record Effect
{
    private Effect() { }

    /// <summary>
    /// Make term, vote and log durable, all or nothing, before anything behind this starts. Ends in a
    /// <see cref="Input.Persisted"/>.
    /// </summary>
    /// <param name="CurrentTerm">The node's term.</param>
    /// <param name="VotedFor">Its vote in that term.</param>
    /// <param name="KeepThrough">Inclusive: entries on disk up to here stay, those after it go.</param>
    /// <param name="Entries">Consecutive, from the place after <paramref name="KeepThrough"/>.</param>
    /// <remarks>§3.8. Derived by <see cref="Raft.Step"/>; no rule of the algorithm asks for it.</remarks>
    public sealed record Persist(
        Term CurrentTerm, Option<NodeId> VotedFor, LogIndex KeepThrough, Seq<Entry> Entries) : Effect;

    /// <summary>Send a message. It may be lost, delayed, duplicated and overtaken.</summary>
    /// <param name="To">The receiver.</param>
    /// <param name="Message">What to say.</param>
    public sealed record Send(NodeId To, Message Message) : Effect;
}
