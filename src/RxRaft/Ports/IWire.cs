namespace RxRaft;

/// <summary>
/// One node's way to the others. Messages may be lost, delayed, duplicated and overtaken; never forged.
/// </summary>
/// <remarks>
/// <para>Threads: the node calls <see cref="Send"/> and <see cref="Flush"/> from whichever thread is inside it, one at
/// a time and each behind the one before, but not always the same; <see cref="Knows"/> from any, at any time. While it
/// is in one of them nothing else happens in the node: they must not wait for anything, neither for the other side nor
/// for a lock that somebody holds for long, and what cannot go out is lost, or waits within bounds.</para>
/// <para>None of them throws because another node cannot be reached: to the node that is a lost message.</para>
/// </remarks>
public interface IWire
{
    /// <summary>Whose wire it is. Never another.</summary>
    NodeId Self { get; }

    /// <summary>
    /// What arrives for this node, from any thread, also from several at the same time: each is let into the node, one
    /// after the other. What comes together is passed on together, in its order, and is answered together.
    /// </summary>
    /// <remarks>
    /// Subscribed to once, while the node runs; it need not keep what came before. An observer may take as long as the
    /// node has to do, and may call <see cref="Send"/> and <see cref="Flush"/> on the thread that told it: no lock may
    /// be held that these take. It does not fail because connections do: an error halts the node.
    /// </remarks>
    IObservable<Seq<Input.Receive>> Received { get; }

    /// <summary>
    /// The longest message that it carries, in bytes of the format of raft.proto with the frame's own; all are lost
    /// that are longer. By default there is none.
    /// </summary>
    /// <remarks>
    /// Never changes. A node whose <see cref="Limits"/> allow longer ones does not start: it would send what does not
    /// fit again and again. A wire with another format says up to where that holds whatever is in the message.
    /// </remarks>
    long MaxMessageBytes => long.MaxValue;

    /// <summary>Whether the wire has a way to a node at all. Says nothing about whether that node runs.</summary>
    bool Knows(NodeId node);

    /// <summary>Sends a message, or holds it back until the <see cref="Flush"/>. Returns at once.</summary>
    /// <param name="to">A node that the wire knows, or has known: to others it is lost.</param>
    /// <param name="message">What to say; never changes.</param>
    void Send(NodeId to, Message message);

    /// <summary>
    /// The node has nothing more to say for now: what was sent, and may have been held back to go out together, goes
    /// out. Returns at once. By default nothing was held back.
    /// </summary>
    void Flush() { }
}
