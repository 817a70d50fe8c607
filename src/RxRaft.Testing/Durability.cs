namespace RxRaft.Testing;

/// <summary>What a node may say, given what is on its disk.</summary>
internal static class Durability
{
    /// <summary>
    /// Servers update their persistent state on stable storage before responding to RPCs, and before they ask (§3.8).
    /// </summary>
    public static bool IsSaidAfter(NodeId from, NodeId to, Message message, PersistentState durable) => message switch
    {
        Message.RequestVoteReply { VoteGranted: true } => durable.CurrentTerm > message.Term
            || (durable.CurrentTerm == message.Term && durable.VotedFor.Exists(vote => vote == to)),
        Message.RequestVote => durable.CurrentTerm > message.Term
            || (durable.CurrentTerm == message.Term && durable.VotedFor.Exists(vote => vote == from)),
        Message.AppendEntriesReply { Result: AppendResult.Success(var match) } => Has(message.Term, match, durable),
        Message.AppendEntriesReply { Result: AppendResult.Full(var match) } => Has(message.Term, match, durable),
        Message.InstallSnapshotReply { Installed: true } reply =>
            durable.CurrentTerm >= message.Term && durable.Log.Contains(reply.Last)
            && durable.Log.LastIndex >= reply.Last.Index,
        Message.RequestVoteReply or Message.AppendEntriesReply or Message.AppendEntries
            or Message.InstallSnapshot or Message.InstallSnapshotReply or Message.TimeoutNow
            or Message.ReadIndex or Message.ReadIndexReply or Message.Forward or Message.ForwardReply =>
            durable.CurrentTerm >= message.Term,
        Message.PreVote or Message.PreVoteReply => true,            // promises nothing
        _ => throw Unreachable.Case(message),
    };

    private static bool Has(Term term, LogIndex match, PersistentState durable) =>
        durable.CurrentTerm > term || (durable.CurrentTerm == term && durable.Log.LastIndex >= match);
}
