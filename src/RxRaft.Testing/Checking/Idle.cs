namespace RxRaft.Testing.Checking;

/// <summary>Messages that can bring nothing about any more, whatever happens: they are as good as lost.</summary>
/// <remarks>
/// Replies of an earlier term are ignored (§3.3), and terms on disk do not go back. Of the node's own term are ignored
/// those that it did not ask for as what it is, since it is not that again in this term; answers to rounds that were
/// answered; and refusals of votes, which only keep votes from being counted.
/// </remarks>
internal static class Idle
{
    /// <summary>Whether the node has no use for it, now and later.</summary>
    /// <param name="letter">To this node.</param>
    /// <param name="node">The receiver.</param>
    /// <param name="crashes">
    /// Whether it may crash yet: then it counts its rounds anew, and may take an old answer for a new one.
    /// </param>
    public static bool For(Letter letter, NodePart node, bool crashes) =>
        letter.Message.Term.Value < (ulong)node.Term
            ? letter.Message is Message.PreVoteReply or Message.RequestVoteReply or Message.AppendEntriesReply
                or Message.InstallSnapshotReply or Message.ReadIndexReply
            : letter.Message.Term.Value == (ulong)node.Term && letter.Message switch
            {
                Message.PreVoteReply m => !m.VoteGranted || (!crashes && !Asks(node.State.Role, m.Round)),
                Message.RequestVoteReply m => !m.VoteGranted || node.State.Role is not Role.Candidate,
                Message.AppendEntriesReply m => m.Result is AppendResult.StaleTerm
                    || node.State.Role is not Role.Leader leader
                    || leader.Followers.Find(letter.From).Exists(follower => m.Round <= follower.Answered),
                Message.InstallSnapshotReply => node.State.Role is not Role.Leader,
                _ => false,
            };

    private static bool Asks(Role role, Round round) => role is Role.PreCandidate asking && asking.Round == round;
}
