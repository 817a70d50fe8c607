using Google.Protobuf;
using Kind = RxRaft.Proto.Kind;

namespace RxRaft;

/// <summary>Writes messages as frames. What is needed for the frequent ones is used again.</summary>
/// <param name="most">Bytes that a frame may have.</param>
internal sealed class MessageWriter(int most)
{
    /// <summary>What an entry takes at least, in memory and in the limits of the log.</summary>
    public static readonly int EntryBytes = Entry.SizeOf(Payload.Noop.Instance);

    private readonly Proto.AppendEntries append = new() { Entries = new() };
    private readonly Proto.AppendEntriesReply appendReply = new();
    private readonly Proto.Payloads columns = new();

    /// <summary>Writes a message behind what the buffer has.</summary>
    /// <returns>Whether it went into one frame; if not, the buffer is as it was.</returns>
    public bool TryWrite(Message message, SendBuffer buffer)
    {
        var start = buffer.Count;
        var done = message switch
        {
            Message.AppendEntries append =>
                TryWrite(Kind.AppendEntries, Fill(append, out var bytes), buffer, start, append.Entries.Count, bytes),
            Message.Forward forward =>
                TryWrite(Kind.Forward, Fill(forward, out var bytes), buffer, start, forward.Proposals.Count, bytes),
            Message.InstallSnapshot part =>
                TryWrite(Kind.InstallSnapshot, Rare.Of(part), buffer, start, 0, part.Data.Length),
            Message.AppendEntriesReply reply =>
                TryWrite(Kind.AppendEntriesReply, Fill(reply), buffer, start, 0, 0),
            _ => TryWrite(Rare.KindOf(message), Rare.Of(message), buffer, start, 0, 0),
        };
        if (done) Attach(message, buffer); else buffer.CutTo(start);
        return done;
    }

    /// <summary>Writes what is said in a handshake.</summary>
    public static void Write(Kind kind, IMessage message, SendBuffer buffer)
    {
        var start = buffer.Count;
        WriteMessage(kind, message, buffer, start, attachment: 0);
    }

    private bool TryWrite(Kind kind, IMessage message, SendBuffer buffer, int start, int payloads, long attachment)
    {
        if (attachment > most || payloads > most / EntryBytes) return false;

        WriteMessage(kind, message, buffer, start, (int)attachment);
        return buffer.Count - start + attachment <= most;
    }

    private static void WriteMessage(Kind kind, IMessage message, SendBuffer buffer, int start, int attachment)
    {
        buffer.GetSpan(FrameHeader.Length);
        buffer.Advance(FrameHeader.Length);
        message.WriteTo(buffer);

        var body   = start + FrameHeader.Length;
        var header = new FrameHeader(kind, buffer.Count - body, attachment);
        header.Write(buffer[start..body]);
    }

    private static void Attach(Message message, SendBuffer buffer)
    {
        if (message is Message.AppendEntries append) PayloadWriter.Attach(append.Entries, buffer);
        else if (message is Message.Forward forward) PayloadWriter.Attach(forward.Proposals, buffer);
        else if (message is Message.InstallSnapshot part) buffer.Attach(part.Data);
    }

    private Proto.AppendEntries Fill(Message.AppendEntries message, out long attachment)
    {
        append.Term      = message.Term.Value;
        append.Round     = message.Round.Value;
        append.PrevTerm  = message.PrevLog.Term.Value;
        append.PrevIndex = message.PrevLog.Index.Value;
        append.Commit    = message.LeaderCommit.Value;
        append.Entries   = columns;
        attachment       = PayloadWriter.Fill(columns, message.Entries);
        return append;
    }

    private Proto.Forward Fill(Message.Forward message, out long attachment)
    {
        attachment = PayloadWriter.Fill(columns, message.Proposals);
        return new Proto.Forward { Term = message.Term.Value, Proposals = columns };
    }

    private Proto.AppendEntriesReply Fill(Message.AppendEntriesReply message)
    {
        var (result, index, term) = Parts(message.Result);
        appendReply.Term      = message.Term.Value;
        appendReply.Round     = message.Round.Value;
        appendReply.Result    = result;
        appendReply.Index     = index;
        appendReply.IndexTerm = term;
        return appendReply;
    }

    private static (Proto.AppendEntriesReply.Types.Result Result, ulong Index, ulong Term) Parts(AppendResult result) =>
        result switch
        {
            AppendResult.Success(var match) => (Proto.AppendEntriesReply.Types.Result.Success, match.Value, 0),
            AppendResult.Full(var match) => (Proto.AppendEntriesReply.Types.Result.Full, match.Value, 0),
            AppendResult.Conflict(var hint) =>
                (Proto.AppendEntriesReply.Types.Result.Conflict, hint.Index.Value, hint.Term.Value),
            AppendResult.Blank => (Proto.AppendEntriesReply.Types.Result.Blank, 0, 0),
            AppendResult.StaleTerm => (Proto.AppendEntriesReply.Types.Result.StaleTerm, 0, 0),
            _ => throw Unreachable.Case(result),
        };
}
