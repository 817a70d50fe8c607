using System.Buffers;

namespace RxRaft;

/// <summary>One node's stable storage.</summary>
/// <remarks>
/// Everything starts when subscribed to. An error is fatal to the node and never retried. Snapshots' bytes come before
/// the write that names the snapshot, and are durable with it at the latest.
/// </remarks>
public interface IDisk
{
    /// <summary>Whose disk it is; none if it does not know.</summary>
    Option<NodeId> Owner => None;

    /// <summary>
    /// What was durable when the node last stopped; <see cref="PersistentState.Fresh"/> on a new disk.
    /// </summary>
    PersistentState Recover();

    /// <summary>Makes a change durable, all or nothing.</summary>
    /// <param name="change">Follows the changes before it; it is not written before they are durable.</param>
    /// <returns>Emits one value when the change is durable.</returns>
    IObservable<Unit> Write(Effect.Persist change);

    /// <summary>Writes a part of a snapshot that a leader sends, behind the parts before it.</summary>
    /// <param name="part">At offset 0 it begins anew, and what there was of another goes.</param>
    /// <returns>Emits one value when the next part may come.</returns>
    IObservable<Unit> Store(Effect.StoreChunk part);

    /// <summary>
    /// Writes a snapshot that the node took itself, beside the one in use, and beside one that a leader sends.
    /// </summary>
    /// <param name="last">Position of the last entry in it.</param>
    /// <param name="configuration">The one in force there.</param>
    /// <param name="write">Writes the bytes. Called once, on the subscriber's thread.</param>
    /// <returns>Emits the snapshot, with its size, when it is durable.</returns>
    IObservable<Snapshot> Save(LogPosition last, Configuration configuration, Action<IBufferWriter<byte>> write);

    /// <summary>Reads from the snapshot in use.</summary>
    /// <param name="snapshot">Which, as a write has named it.</param>
    /// <param name="offset">Of the first byte.</param>
    /// <param name="length">In bytes.</param>
    /// <returns>Emits the bytes, all of them; nothing when the disk has another snapshot in use by now.</returns>
    IObservable<ReadOnlyMemory<byte>> Read(Snapshot snapshot, long offset, int length);
}
