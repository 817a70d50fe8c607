namespace RxRaft;

/// <summary>What a node asks its shell to do. The order of effects is the order of happening.</summary>
/// <remarks>
/// Two lanes: what a leader sends its followers goes out at once, also past writes that are not done yet (§10.2.1);
/// everything else waits for its turn. What is for the state machine goes on in a lane of its own from there, so that a
/// slow one delays nobody.
/// </remarks>
public abstract record Effect
{
    private Effect() { }

    /// <summary>Whether it goes out at once, also past writes that are not done yet.</summary>
    /// <remarks>§10.2.1: a leader may send entries to its followers while it writes them to its own disk.</remarks>
    public bool IsAtOnce => this is Send { Message: Message.AppendEntries } or SendChunk;

    /// <summary>
    /// Make term, vote, snapshot and log durable, all or nothing, before anything behind this starts. Ends in a
    /// <see cref="Input.Persisted"/>.
    /// </summary>
    /// <param name="CurrentTerm">The node's term.</param>
    /// <param name="VotedFor">Its vote in that term.</param>
    /// <param name="Snapshot">If there is one, it takes the place of the one before. Its bytes are on disk.</param>
    /// <param name="Base">With a snapshot: entries through here go, or all where this one is not on disk.</param>
    /// <param name="KeepThrough">Inclusive: entries on disk up to here stay, those after it go.</param>
    /// <param name="Entries">Consecutive, from the place after <paramref name="KeepThrough"/>.</param>
    /// <param name="LastLog">Position of the last entry after the write.</param>
    /// <remarks>§3.8. Derived by <see cref="Raft.Step"/>; no rule of the algorithm asks for it.</remarks>
    public sealed record Persist(
        Term CurrentTerm, Option<NodeId> VotedFor, Option<Snapshot> Snapshot, LogPosition Base, LogIndex KeepThrough,
        Seq<Entry> Entries, LogPosition LastLog) : Effect
    {
        /// <summary>Whether it can be made durable together with one that comes before it, as one write.</summary>
        public bool CanFollow => Snapshot.IsNone;

        /// <summary>This and the one that comes after it, as one write: all of both, or nothing.</summary>
        /// <param name="next">One that <see cref="CanFollow"/>.</param>
        /// <remarks>§10.2.1: group commit. What depends on this one waits for both.</remarks>
        public Persist Then(Persist next)
        {
            Require(next.CanFollow, "a write that names a snapshot is not part of another");

            var kept = (long)next.KeepThrough.Value - (long)KeepThrough.Value;      // how many of these entries stay
            return next with
            {
                Snapshot    = Snapshot,
                Base        = Snapshot.IsSome ? Base : next.Base,
                KeepThrough = LogIndex.Min(KeepThrough, next.KeepThrough),
                Entries     = kept <= 0 ? next.Entries : Entries.FirstOf((int)kept).And(next.Entries),
            };
        }
    }

    /// <summary>Send a message. It may be lost, delayed, duplicated and overtaken.</summary>
    /// <param name="To">The receiver.</param>
    /// <param name="Message">What to say.</param>
    public sealed record Send(NodeId To, Message Message) : Effect;

    /// <summary>Send a part of a snapshot that is on disk, as a <see cref="Message.InstallSnapshot"/>.</summary>
    /// <param name="To">The receiver.</param>
    /// <param name="Term">The leader's term.</param>
    /// <param name="Round">Echoed by the reply.</param>
    /// <param name="Snapshot">Which. If the disk has a newer one by now, nothing is sent.</param>
    /// <param name="Offset">Of the first byte.</param>
    /// <param name="Length">In bytes; 0 only for an empty snapshot.</param>
    /// <remarks>§5.1.</remarks>
    public sealed record SendChunk(
        NodeId To, Term Term, Round Round, Snapshot Snapshot, long Offset, int Length) : Effect;

    /// <summary>Write a part of a snapshot that a leader sends, behind the parts before it.</summary>
    /// <param name="Snapshot">Which. A first part begins it anew.</param>
    /// <param name="Offset">Of the first byte: how many were stored before.</param>
    /// <param name="Data">Not empty unless the snapshot is.</param>
    /// <remarks>§5.1. Durable, at the latest, with the <see cref="Persist"/> that names the snapshot.</remarks>
    public sealed record StoreChunk(Snapshot Snapshot, long Offset, ReadOnlyMemory<byte> Data) : Effect;

    /// <summary>
    /// Apply committed entries to the state machine, which answers the requests among them that came from here. Ends
    /// in an <see cref="Input.Applied"/>.
    /// </summary>
    /// <param name="Entries">Consecutive, and consecutive with those applied or restored before.</param>
    /// <remarks>§3.5. Derived by <see cref="Raft.Step"/> from the commit index.</remarks>
    public sealed record Apply(Seq<Entry> Entries) : Effect;

    /// <summary>
    /// Let these reads see the state machine: it has by now applied all that was committed when they were asked.
    /// </summary>
    /// <param name="Requests">Asked here, in this order.</param>
    /// <remarks>§6.4.</remarks>
    public sealed record Read(Seq<RequestId> Requests) : Effect;

    /// <summary>
    /// Take a snapshot of the state machine as it is at this place in its lane, and put it on disk without holding the
    /// lane up. Ends in an <see cref="Input.Snapshotted"/>.
    /// </summary>
    /// <param name="Last">Position of the last entry applied.</param>
    /// <param name="Configuration">The one in force there.</param>
    /// <remarks>§5.1.</remarks>
    public sealed record TakeSnapshot(LogPosition Last, Configuration Configuration) : Effect;

    /// <summary>Load the state machine from a snapshot on disk. Ends in an <see cref="Input.Applied"/>.</summary>
    /// <remarks>§5.1. Derived by <see cref="Raft.Step"/>.</remarks>
    public sealed record RestoreSnapshot(Snapshot Snapshot) : Effect;

    /// <summary>Tell the one who asked. Whoever did not ask here is not told: another node is.</summary>
    /// <param name="Request">What was asked.</param>
    /// <param name="Outcome">What came of it.</param>
    public sealed record Answer(RequestId Request, Outcome Outcome) : Effect;
}
