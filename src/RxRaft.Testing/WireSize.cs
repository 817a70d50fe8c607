namespace RxRaft.Testing;

/// <summary>How many bytes a message takes on a wire.</summary>
/// <remarks>
/// A plain layout, no cleverer than it has to be: a frame of 4 bytes length, 1 byte kind and 8 bytes each for sender
/// and
/// receiver; 8 bytes for every number, 1 for every flag or case, 4 for a count; then the commands' own bytes.
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
        Message.RequestVote => Position,
        Message.RequestVoteReply => Flag,
        Message.AppendEntries append => Number + Position + Number + 4 + append.Entries.Sum(Of),
        Message.AppendEntriesReply reply => Number + Flag + Of(reply.Result),
        _ => throw Unreachable.Case(message),
    };

    private static int Of(AppendResult result) => result switch
    {
        AppendResult.Success => Number,
        AppendResult.Conflict => Position,
        AppendResult.StaleTerm => 0,
        _ => throw Unreachable.Case(result),
    };

    private static int Of(Entry entry) => Position + Flag + entry.Payload switch
    {
        Payload.Noop => 0,
        Payload.Command command => 4 + command.Bytes.Length,
        _ => throw Unreachable.Case(entry.Payload),
    };
}
