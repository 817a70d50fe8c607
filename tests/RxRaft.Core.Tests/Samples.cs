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
        new InstallSnapshot(T(term), R(1), Snapshot, Offset: 0, new byte[2]),
        new InstallSnapshotReply(T(term), R(1), Snapshot.Last, Received: 2, Installed: false),
        new TimeoutNow(T(term), R(1)),
        new ReadIndex(T(term), R(1)),
        new ReadIndexReply(T(term), R(1), LogIndex.Zero),
        new Forward(T(term), Seq1(Proposal(7))),
        new ForwardReply(T(term), Proposal(7).Request, new Outcome.Busy("")),
    ];

    public static readonly AppendResult[] AppendResults =
    [
        new AppendResult.Success(LogIndex.Zero),
        new AppendResult.Full(LogIndex.Zero),
        new AppendResult.Conflict(LogPosition.Zero),
        new AppendResult.Blank(),
        new AppendResult.StaleTerm(),
    ];

    public static Input[] Inputs(NodeState node) =>
    [
        new Input.Tick { At = node.NextDeadline },
        new Input.Receive(S2, new PreVote(node.CurrentTerm, R(1), LogPosition.Zero)) { At = node.Now },
        new Input.Persisted(node.CurrentTerm, node.VotedFor, node.LastLog) { At = node.Now },
        new Input.Propose(Seq1(Proposal(1))) { At = node.Now },
        new Input.Read(Seq1(Request(2))) { At = node.Now },
        new Input.Reconfigure(Request(3), new MembershipChange.Add(S4)) { At = node.Now },
        new Input.TransferTo(Request(4), S2) { At = node.Now },
        new Input.Applied(node.CommitIndex) { At = node.Now },
        new Input.Snapshotted(Snapshot) { At = node.Now },
    ];

    public static readonly MembershipChange[] Changes =
    [
        new MembershipChange.Add(S4),
        new MembershipChange.AddLearner(S4),
        new MembershipChange.Remove(S3),
        new MembershipChange.To(Set(S1, S2), Set(S3)),
    ];

    public static readonly Outcome[] Outcomes =
    [
        new Outcome.Done(),
        new Outcome.NotLeader(S2),
        new Outcome.Busy("MaxPendingReads is 7"),
        new Outcome.Unknown(),
        new Outcome.Rejected("S4 is no voter"),
    ];

    public static readonly Payload[] Payloads =
    [
        Payload.Noop.Instance,
        new Payload.Command(Request(1), FirstUnanswered: 0, new byte[3]),
        new Payload.Register(Request(2), MaxSessions: 4),
        new Payload.Configure(ClusterOf(3)),
    ];

    /// <summary>Of a node that has nothing yet: it can be neither taken nor sent.</summary>
    public static readonly Snapshot Snapshot = new(LogPosition.Zero, ClusterOf(3), Size: 4);

    /// <summary>Of no session.</summary>
    public static RequestId Request(ulong number) => new(SessionId.None, number);

    /// <summary>A command of so many bytes.</summary>
    public static Proposal Proposal(ulong number, int bytes = 1) =>
        new(new Payload.Command(Request(number), FirstUnanswered: 0, new byte[bytes]));

    /// <summary>The cases of a closed union.</summary>
    public static Type[] CasesOf<Union>() =>
        [.. typeof(Union).GetNestedTypes().Where(type => type.IsSubclassOf(typeof(Union)) && type.IsSealed)];
}
