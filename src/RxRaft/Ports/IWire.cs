namespace RxRaft;

/// <summary>
/// One node's way to the others. Messages may be lost, delayed, duplicated and overtaken; never forged.
/// </summary>
public interface IWire
{
    /// <summary>Whose wire it is.</summary>
    NodeId Self { get; }

    /// <summary>
    /// What arrives for this node, from any thread, also from several at the same time: what comes together is passed
    /// on together, in its order, and is answered together.
    /// </summary>
    IObservable<Seq<Input.Receive>> Received { get; }

    /// <summary>Whether the wire has a way to a node at all. Says nothing about whether that node runs.</summary>
    bool Knows(NodeId node);

    /// <summary>Sends a message. Returns at once, whatever becomes of it.</summary>
    /// <param name="to">A node that the wire knows.</param>
    /// <param name="message">What to say.</param>
    void Send(NodeId to, Message message);

    /// <summary>
    /// The node has nothing more to say for now: what was sent, and may have been held back to go out together, goes
    /// out. Returns at once.
    /// </summary>
    void Flush() { }
}
