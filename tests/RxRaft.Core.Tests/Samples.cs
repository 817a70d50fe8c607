using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>One of each case of the closed unions, and the cases that there are, by reflection.</summary>
internal static class Samples
{
    /// <summary>The sample of a kind of message, by the name of the case.</summary>
    public static Message Message(string kind, ulong term) =>
        Messages(term).Last(message => message.GetType().Name == kind);

    public static Message[] Messages(ulong term) =>
    [
        new PreVote(T(term), R(1), LogPosition.Zero),
        new PreVoteReply(T(term), R(1), VoteGranted: true),
        new RequestVote(T(term), LogPosition.Zero),
        new RequestVoteReply(T(term), VoteGranted: true),
        new AppendEntries(T(term), R(1), LogPosition.Zero, [], LogIndex.Zero),
        .. AppendResults.Select(result => new AppendEntriesReply(T(term), R(1), result)),
    ];

    public static readonly AppendResult[] AppendResults =
    [
        new AppendResult.Success(LogIndex.Zero),
        new AppendResult.Conflict(LogPosition.Zero),
        new AppendResult.StaleTerm(),
    ];

    public static Input[] Inputs(NodeState node) =>
    [
        new Input.Tick { At = node.NextDeadline },
        new Input.Receive(S2, new PreVote(node.CurrentTerm, R(1), LogPosition.Zero)) { At = node.Now },
        new Input.Persisted(node.CurrentTerm, node.VotedFor) { At = node.Now },
    ];

    /// <summary>The cases of a closed union.</summary>
    public static Type[] CasesOf<Union>() =>
        [.. typeof(Union).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Union)) && type.IsSealed)];
}
