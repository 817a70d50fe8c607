using System.Buffers;
using Google.Protobuf;
using Kind = RxRaft.Proto.Kind;
using Payloads = RxRaft.Proto.Payloads.Types.Kind;
using Result = RxRaft.Proto.AppendEntriesReply.Types.Result;

namespace RxRaft;

/// <summary>Reads messages from frames. What is needed for the frequent ones is used again.</summary>
/// <remarks>Total: any bytes are a message, or none that this version understands, or a FrameException.</remarks>
internal sealed class MessageReader
{
    private const int Large = 256 << 10;

    private readonly int mostPayloads;
    private readonly MessageParser<Proto.AppendEntries> appends;
    private readonly MessageParser<Proto.AppendEntriesReply> appendReplies;
    private readonly Proto.AppendEntriesReply appendReply = new();
    private Proto.AppendEntries append = new() { Entries = new() };

    /// <summary>A reader for one connection, one frame at a time.</summary>
    /// <param name="most">Bytes that a frame may have.</param>
    public MessageReader(int most)
    {
        mostPayloads  = most / MessageWriter.EntryBytes;
        appends       = new MessageParser<Proto.AppendEntries>(EmptyAppend).WithDiscardUnknownFields(true);
        appendReplies = new MessageParser<Proto.AppendEntriesReply>(EmptyReply).WithDiscardUnknownFields(true);
    }

    /// <summary>Reads one frame.</summary>
    /// <param name="kind">As its header says.</param>
    /// <param name="message">Not kept.</param>
    /// <param name="attachment">Not kept.</param>
    /// <returns>Nothing, if it is of a kind, or has parts, that this version does not know.</returns>
    /// <exception cref="FrameException">The bytes do not mean anything.</exception>
    public Message? Read(Kind kind, in ReadOnlySequence<byte> message, in ReadOnlySequence<byte> attachment)
    {
        try
        {
            return kind switch
            {
                Kind.AppendEntries => Append(message, attachment),
                Kind.AppendEntriesReply => AppendReply(message, attachment),
                Kind.Forward => Forward(message, attachment),
                _ => RareReader.Read(kind, message, attachment),
            };
        }
        catch (InvalidProtocolBufferException failure)
        {
            throw new FrameException(
                WireRefusal.Malformed, $"{kind} of {message.Length} bytes: {failure.Message}", failure);
        }
    }

    private Message.AppendEntries? Append(in ReadOnlySequence<byte> message, in ReadOnlySequence<byte> attachment)
    {
        var sent   = Parse(appends, message);
        var reader = new PayloadReader(sent.Entries, attachment, mostPayloads, withTerms: true);
        if (!reader.IsUnderstood) return null;
        if (sent.PrevIndex > ulong.MaxValue - (ulong)reader.Count)
            throw new FrameException(
                $"{reader.Count} entries after place {sent.PrevIndex}, and {ulong.MaxValue} is the last place");

        var entries = reader.Entries(new(sent.PrevIndex));
        reader.End();
        if (message.Length > Large) append = new() { Entries = new() };
        return new(
            new Term(sent.Term), new Round(sent.Round), new LogPosition(new(sent.PrevTerm), new(sent.PrevIndex)),
            entries, new LogIndex(sent.Commit));
    }

    private Message.AppendEntriesReply? AppendReply(
        in ReadOnlySequence<byte> message, in ReadOnlySequence<byte> attachment)
    {
        RareReader.RequireNothing(Kind.AppendEntriesReply, attachment);
        var sent = Parse(appendReplies, message);
        AppendResult? result = sent.Result switch
        {
            Result.Success => new AppendResult.Success(new(sent.Index)),
            Result.Full => new AppendResult.Full(new(sent.Index)),
            Result.Conflict => new AppendResult.Conflict(new(new(sent.IndexTerm), new(sent.Index))),
            Result.Blank => new AppendResult.Blank(),
            Result.StaleTerm => new AppendResult.StaleTerm(),
            _ => null,
        };
        return result is null ? null : new(new Term(sent.Term), new Round(sent.Round), result);
    }

    private Message.Forward? Forward(in ReadOnlySequence<byte> message, in ReadOnlySequence<byte> attachment)
    {
        var sent    = Parse(Proto.Forward.Parser, message);
        var columns = sent.Proposals ?? new();
        var reader  = new PayloadReader(columns, attachment, mostPayloads, withTerms: false);
        if (!reader.IsUnderstood) return null;
        if (reader.Count == 0) throw new FrameException("A Forward of 0 proposals: it must have 1 at least");

        var proposals = new Proposal[reader.Count];
        var at        = 0;
        for (var run = 0; run < columns.RunKind.Count; run++)
        {
            for (var left = columns.RunLength[run]; left > 0; left--)
                proposals[at++] = reader.Next(columns.RunKind[run]) is var one and (Payload.Command or Payload.Register)
                    ? new(one)
                    : throw new FrameException(
                        $"A proposal of kind {columns.RunKind[run]}, and clients propose {(int)Payloads.Command} "
                        + $"(commands) and {(int)Payloads.Register} (registrations)");
        }

        reader.End();
        return new(new Term(sent.Term), toSeq(proposals));
    }

    private static T Parse<T>(MessageParser<T> parser, in ReadOnlySequence<byte> bytes) where T : IMessage<T> =>
        bytes.IsSingleSegment ? parser.ParseFrom(bytes.FirstSpan) : parser.ParseFrom(bytes);

    private Proto.AppendEntries EmptyAppend()
    {
        append.Term = append.Round = append.PrevTerm = append.PrevIndex = append.Commit = 0;
        PayloadWriter.Empty(append.Entries);
        return append;
    }

    private Proto.AppendEntriesReply EmptyReply()
    {
        appendReply.Term = appendReply.Round = appendReply.Index = appendReply.IndexTerm = 0;
        appendReply.Result = Result.None;
        return appendReply;
    }
}
