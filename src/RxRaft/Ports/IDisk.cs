namespace RxRaft;

/// <summary>One node's stable storage.</summary>
public interface IDisk
{
    /// <summary>
    /// What was durable when the node last stopped; <see cref="PersistentState.Fresh"/> on a new disk.
    /// </summary>
    PersistentState Recover();

    /// <summary>Makes a change durable, all or nothing.</summary>
    /// <param name="change">Follows the changes before it; it is not written before they are durable.</param>
    /// <returns>
    /// Starts when subscribed to, and emits one value when the change is durable. An error is fatal to the node and
    /// never retried.
    /// </returns>
    IObservable<Unit> Write(Effect.Persist change);
}
