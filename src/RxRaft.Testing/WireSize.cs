namespace RxRaft.Testing;

/// <summary>How many bytes a message takes on a wire.</summary>
/// <remarks>
/// A plain layout, no cleverer than it has to be: a frame of 4 bytes length, 1 byte kind and 8 bytes each for sender
/// and receiver; 8 bytes for every number, 1 for every flag or case, 4 for a count; then the commands' own bytes.
/// </remarks>
public static class WireSize
{
    private const int Frame = 4 + 1 + 8 + 8;
    private const int Number = 8;
    private const int Flag = 1;
    private const int Position = 2 * Number;

    /// <summary>Bytes of a message with its frame.</summary>
    public static int Of(Message message) => Frame + Number + message switch
    {
        Message.PreVote => Number + Position,
        Message.PreVoteReply => Number + Flag,
        Message.RequestVote => Position + Flag + Number,
        Message.RequestVoteReply => Flag,
        Message.AppendEntries append => Number + Position + Number + 4 + append.Entries.Sum(Of),
        Message.AppendEntriesReply reply => Number + Flag + Of(reply.Result),
        Message.InstallSnapshot part =>
            Number + Position + Of(part.Snapshot.Configuration) + 2 * Number + 4 + part.Data.Length,
        Message.InstallSnapshotReply => Number + Position + Number + Flag,
        Message.TimeoutNow or Message.ReadIndex => Number,
        Message.ReadIndexReply => Number + Flag + Number,
        Message.Forward forward => 4 + forward.Proposals.Sum(proposal => Flag + Of(proposal.Payload)),
        Message.ForwardReply => 2 * Number + Flag + Number,
        _ => throw Unreachable.Case(message),
    };

    private static int Of(AppendResult result) => result switch
    {
        AppendResult.Success or AppendResult.Full => Number,
        AppendResult.Conflict => Position,
        AppendResult.Blank or AppendResult.StaleTerm => 0,
        _ => throw Unreachable.Case(result),
    };

    private static int Of(Entry entry) => Position + Flag + Of(entry.Payload);

    private static int Of(Payload payload) => payload switch
    {
        Payload.Noop => 0,
        Payload.Command command => 3 * Number + 4 + command.Bytes.Length,
        Payload.Register => 2 * Number + 4,
        Payload.Configure configure => Of(configure.Configuration),
        _ => throw Unreachable.Case(payload),
    };

    private static int Of(Configuration configuration) => Flag + 3 * 4 + configuration switch
    {
        Configuration.Simple simple => Number * (simple.Voters.Count + simple.Learners.Count),
        Configuration.Joint joint => Number * (joint.Old.Count + joint.New.Count + joint.Learners.Count),
        _ => throw Unreachable.Case(configuration),
    };
}
