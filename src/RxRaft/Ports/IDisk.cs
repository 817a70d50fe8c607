using System.Buffers;

namespace RxRaft;

/// <summary>One node's stable storage.</summary>
/// <remarks>
/// <para>
/// Everything starts when subscribed to, once for each subscription, and answers with at most one value. The node
/// subscribes once to each. It may answer before the subscribing returns, or later on any thread, and goes on there:
/// that thread then does the node's steps.
/// </para>
/// <para>
/// <b>In order, one at a time:</b> <see cref="Write"/> and <see cref="Store"/>, and the <see cref="Read"/> of a whole
/// snapshot to go on from. The next is not begun before the one before has answered. They are begun where the node's
/// steps run: on any thread, of a connection, a client or a timer, so they must not wait long there.
/// </para>
/// <para>
/// <b>At any time, beside all others:</b> <see cref="Save"/>, on a thread of the pool (in virtual time, and for a node
/// without a state machine, where the steps run); and the other <see cref="Read"/>s, of parts for a follower, several
/// at once. What a disk shares between these and the others it has to guard.
/// </para>
/// <para>
/// <b>A failure</b>, also one thrown, or a write that ends without a value, halts the node, and nothing is tried again.
/// A disk of which a write has failed cannot know what is durable: it must not say yes to a later one before it was
/// opened anew.
/// </para>
/// <para>
/// <b>The end.</b> A node that stops unsubscribes from what is under way. That may become durable or not, but a write
/// still all or nothing, and in order with those of the next node on this disk.
/// </para>
/// </remarks>
public interface IDisk
{
    /// <summary>Whose disk it is; none if it does not know.</summary>
    Option<NodeId> Owner => None;

    /// <summary>
    /// What was durable when the node last stopped; <see cref="PersistentState.Fresh"/> on a new disk. Called once
    /// when a node starts, before anything else, by who starts it; what it throws is that caller's.
    /// </summary>
    PersistentState Recover();

    /// <summary>Makes a change durable, all or nothing.</summary>
    /// <param name="change">Follows the changes before it; it is not written before they are durable.</param>
    /// <returns>
    /// Emits one value when the change is durable, and with it the bytes of the snapshot that it names, which came
    /// before. Fails if it names one that never came whole.
    /// </returns>
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
    /// <param name="write">
    /// Writes the bytes. Called once, on the subscriber's thread. What it throws fails the saving, but is no failure of
    /// the disk.
    /// </param>
    /// <returns>
    /// Emits the snapshot, with its size, when it is durable. It is not in use before a write names it; until then the
    /// one that was begun last is kept.
    /// </returns>
    IObservable<Snapshot> Save(LogPosition last, Configuration configuration, Action<IBufferWriter<byte>> write);

    /// <summary>Reads from the snapshot in use.</summary>
    /// <param name="snapshot">Which, as a write has named it.</param>
    /// <param name="offset">Of the first byte.</param>
    /// <param name="length">In bytes.</param>
    /// <returns>Emits the bytes, all of them; nothing when the disk has another snapshot in use by now.</returns>
    IObservable<ReadOnlyMemory<byte>> Read(Snapshot snapshot, long offset, int length);
}
