namespace RxRaft.Testing;

/// <summary>What a node may say, given what is on its disk.</summary>
internal static class Durability
{
    /// <summary>
    /// Servers update their persistent state on stable storage before responding to RPCs, and before they ask (§3.8).
    /// </summary>
    /// <param name="node">Who says it, as it is then.</param>
    /// <param name="to">To whom.</param>
    /// <param name="message">What.</param>
    /// <param name="disk">What a crash would leave of the node.</param>
    public static bool IsSaidAfter(NodeState node, NodeId to, Message message, PersistentState disk) => message switch
    {
        Message.RequestVoteReply { VoteGranted: true } => disk.CurrentTerm > message.Term
            || (disk.CurrentTerm == message.Term && disk.VotedFor.Exists(vote => vote == to)),
        Message.RequestVote => disk.CurrentTerm > message.Term
            || (disk.CurrentTerm == message.Term && disk.VotedFor.Exists(vote => vote == node.Self)),
        Message.AppendEntriesReply { Result: AppendResult.Success(var match) } => Has(node, message.Term, match, disk),
        Message.AppendEntriesReply { Result: AppendResult.Full(var match) } => Has(node, message.Term, match, disk),
        Message.InstallSnapshotReply { Installed: true } reply =>
            disk.CurrentTerm >= message.Term && disk.Log.Contains(reply.Last)
            && disk.Log.LastIndex >= reply.Last.Index,
        Message.RequestVoteReply or Message.AppendEntriesReply or Message.AppendEntries
            or Message.InstallSnapshot or Message.InstallSnapshotReply or Message.TimeoutNow
            or Message.ReadIndex or Message.ReadIndexReply or Message.Forward or Message.ForwardReply =>
            disk.CurrentTerm >= message.Term,
        Message.PreVote or Message.PreVoteReply => true,            // promises nothing
        _ => throw Unreachable.Case(message),
    };

    /// <summary>What it had in a term. While it is in that, it has it still, and this has to be there.</summary>
    /// <remarks>Once the disk knows of a later term it has had it: writes become durable in order.</remarks>
    private static bool Has(NodeState node, Term term, LogIndex match, PersistentState durable) =>
        durable.CurrentTerm > term
        || (durable.CurrentTerm == term && durable.Log.LastIndex >= match
            && (node.CurrentTerm > term || IsThere(node.Log, match, durable.Log)));

    /// <summary>It itself, and not another in whose place it is. Of a snapshot's entries nobody knows.</summary>
    private static bool IsThere(Log log, LogIndex match, Log written) =>
        match < log.Base.Index || (match <= log.LastIndex && written.Contains(log.PositionAt(match)));
}
