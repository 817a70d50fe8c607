using System.Globalization;

namespace RxRaft;

/// <summary>
/// How things are put into words: the same in every culture, so that transcripts are the same bytes everywhere.
/// </summary>
internal static class Say
{
    public static string Milliseconds(TimeSpan span) =>
        span.TotalMilliseconds.ToString("0.0##", CultureInfo.InvariantCulture) + " ms";

    public static string Invariant(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>S1 S3 S5, or nobody.</summary>
    public static string Nodes(Set<NodeId> nodes) => nodes.IsEmpty ? "nobody" : string.Join(' ', nodes);

    /// <summary>S1 S3 S5, or nobody.</summary>
    public static string Nodes(Seq<NodeId> nodes) => nodes.IsEmpty ? "nobody" : string.Join(' ', nodes);

    public static string Node(Option<NodeId> node) => node.Match(id => id.ToString(), () => "nobody");

    /// <summary>1 entry, 2 entries.</summary>
    public static string Entries(ulong count) => count == 1 ? "1 entry" : Invariant($"{count} entries");

    public static string Name(Role role) => role switch
    {
        Role.Follower => "follower",
        Role.PreCandidate => "pre-candidate",
        Role.Candidate => "candidate",
        Role.Leader => "leader",
        _ => throw Unreachable.Case(role),
    };

    public static string Name(Message message) => message switch
    {
        Message.PreVote => "PreVote",
        Message.PreVoteReply => "PreVote reply",
        Message.RequestVote => "RequestVote",
        Message.RequestVoteReply => "RequestVote reply",
        Message.AppendEntries => "AppendEntries",
        Message.AppendEntriesReply => "AppendEntries reply",
        Message.InstallSnapshot => "InstallSnapshot",
        Message.InstallSnapshotReply => "InstallSnapshot reply",
        Message.TimeoutNow => "TimeoutNow",
        Message.ReadIndex => "ReadIndex",
        Message.ReadIndexReply => "ReadIndex reply",
        Message.Forward => "Forward",
        Message.ForwardReply => "Forward reply",
        _ => throw Unreachable.Case(message),
    };
}
