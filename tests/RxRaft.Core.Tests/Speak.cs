using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>What other nodes say to the node under test.</summary>
internal static class Speak
{
    /// <summary>An append without entries.</summary>
    public static AppendEntries Heartbeat(
        ulong term, LogPosition prevLog = default, ulong commit = 0, ulong round = 1) =>
        new(T(term), R(round), prevLog, [], Place(commit));

    public static AppendEntries Append(
        ulong term, LogPosition prevLog, ulong[] terms, ulong commit = 0, ulong round = 1) =>
        new(T(term), R(round), prevLog, Logs.Entries(prevLog.Index.Value, terms), Place(commit));

    public static RequestVote AskVote(ulong term, LogPosition lastLog = default) => new(T(term), lastLog);

    public static PreVote AskPreVote(ulong term, LogPosition lastLog = default, ulong round = 1) =>
        new(T(term), R(round), lastLog);

    public static RequestVoteReply Vote(ulong term) => new(T(term), VoteGranted: true);

    public static RequestVoteReply NoVote(ulong term) => new(T(term), VoteGranted: false);

    /// <summary>Yes to the question that a node is asking.</summary>
    public static PreVoteReply PreVoteYes(NodeState asker) => new(asker.CurrentTerm, asker.Round, VoteGranted: true);

    /// <summary>No to the question that a node is asking.</summary>
    public static PreVoteReply PreVoteNo(NodeState asker) => new(asker.CurrentTerm, asker.Round, VoteGranted: false);

    /// <summary>The follower's log agrees, by default all of it, in answer to the leader's latest round.</summary>
    public static AppendEntriesReply Matches(NodeState leader, ulong? through = null) =>
        new(leader.CurrentTerm, leader.Round, new AppendResult.Success(Place(through ?? leader.LastLog.Index.Value)));

    /// <summary>The follower lacks the previous entry, in answer to the leader's latest round.</summary>
    public static AppendEntriesReply Lacks(NodeState leader, LogPosition hint) =>
        new(leader.CurrentTerm, leader.Round, new AppendResult.Conflict(hint));
}
