using System.Buffers;
using Google.Protobuf;
using Kind = RxRaft.Proto.Kind;
using OutcomeKind = RxRaft.Proto.ForwardReply.Types.Outcome;

namespace RxRaft;

/// <summary>Reads the messages that are not frequent.</summary>
internal static class RareReader
{
    /// <summary>Reads one.</summary>
    /// <returns>Nothing, if it is of a kind that this version does not know.</returns>
    /// <exception cref="FrameException">It contradicts itself.</exception>
    /// <exception cref="InvalidProtocolBufferException">The bytes do not mean anything.</exception>
    public static Message? Read(Kind kind, in ReadOnlySequence<byte> message, in ReadOnlySequence<byte> attachment)
    {
        if (kind is >= Kind.PreVote and <= Kind.ForwardReply and not Kind.InstallSnapshot)
            RequireNothing(kind, attachment);

        return kind switch
        {
            Kind.PreVote => Of(Proto.PreVote.Parser.ParseFrom(message)),
            Kind.PreVoteReply => Of(Proto.PreVoteReply.Parser.ParseFrom(message)),
            Kind.RequestVote => Of(Proto.RequestVote.Parser.ParseFrom(message)),
            Kind.RequestVoteReply => Of(Proto.RequestVoteReply.Parser.ParseFrom(message)),
            Kind.InstallSnapshot => Of(Proto.InstallSnapshot.Parser.ParseFrom(message), attachment),
            Kind.InstallSnapshotReply => Of(Proto.InstallSnapshotReply.Parser.ParseFrom(message)),
            Kind.TimeoutNow => Of(Proto.TimeoutNow.Parser.ParseFrom(message)),
            Kind.ReadIndex => Of(Proto.ReadIndex.Parser.ParseFrom(message)),
            Kind.ReadIndexReply => Of(Proto.ReadIndexReply.Parser.ParseFrom(message)),
            Kind.ForwardReply => Of(Proto.ForwardReply.Parser.ParseFrom(message)),
            _ => null,
        };
    }

    /// <summary>Most messages have no attachment.</summary>
    /// <exception cref="FrameException">This one has.</exception>
    public static void RequireNothing(Kind kind, in ReadOnlySequence<byte> attachment)
    {
        if (!attachment.IsEmpty)
            throw new FrameException($"{kind} with an attachment of {attachment.Length} bytes: it must have 0");
    }

    private static Message.PreVote Of(Proto.PreVote sent) =>
        new(new(sent.Term), new(sent.Round), Position(sent.LastLog));

    private static Message.PreVoteReply Of(Proto.PreVoteReply sent) =>
        new(new(sent.Term), new(sent.Round), sent.VoteGranted);

    private static Message.RequestVote Of(Proto.RequestVote sent) =>
        new(new(sent.Term), Position(sent.LastLog), sent.HasTransfer ? Some(new Round(sent.Transfer)) : None);

    private static Message.RequestVoteReply Of(Proto.RequestVoteReply sent) => new(new(sent.Term), sent.VoteGranted);

    private static Message.InstallSnapshot Of(Proto.InstallSnapshot sent, in ReadOnlySequence<byte> attachment)
    {
        RequireNotNegative("size", sent.Size);
        RequireNotNegative("offset", sent.Offset);
        if (sent.Offset > sent.Size || attachment.Length > sent.Size - sent.Offset)
            throw new FrameException(
                $"A part of {attachment.Length} bytes at offset {sent.Offset} of a snapshot of {sent.Size}");

        var members       = sent.Configuration ?? new();
        var configuration = Configurations.Of(
            Configurations.Nodes(members.Voters, 0, members.Voters.Count),
            Configurations.Nodes(members.NextVoters, 0, members.NextVoters.Count),
            Configurations.Nodes(members.Learners, 0, members.Learners.Count));
        return new(
            new(sent.Term), new(sent.Round), new(Position(sent.Last), configuration, sent.Size), sent.Offset,
            attachment.ToArray());
    }

    private static Message.InstallSnapshotReply Of(Proto.InstallSnapshotReply sent)
    {
        RequireNotNegative("received", sent.Received);
        return new(new(sent.Term), new(sent.Round), Position(sent.Last), sent.Received, sent.Installed);
    }

    private static Message.TimeoutNow Of(Proto.TimeoutNow sent) => new(new(sent.Term), new(sent.Round));

    private static Message.ReadIndex Of(Proto.ReadIndex sent) => new(new(sent.Term), new(sent.Round));

    private static Message.ReadIndexReply Of(Proto.ReadIndexReply sent) =>
        new(new(sent.Term), new(sent.Round), sent.HasIndex ? Some(new LogIndex(sent.Index)) : None);

    private static Message.ForwardReply Of(Proto.ForwardReply sent) =>
        new(new(sent.Term), new(new(sent.Session), sent.Sequence), sent.Outcome switch
        {
            OutcomeKind.Done => new Outcome.Done(),
            OutcomeKind.NotLeader => new Outcome.NotLeader(sent.HasLeader ? Some(new NodeId(sent.Leader)) : None),
            OutcomeKind.Busy => new Outcome.Busy(sent.Words),
            OutcomeKind.Rejected => new Outcome.Rejected(sent.Words),
            _ => new Outcome.Unknown(),                 // also what a later version may say: it is never wrong
        });

    private static LogPosition Position(Proto.Position? sent) =>
        sent is null ? LogPosition.Zero : new(new(sent.Term), new(sent.Index));

    private static void RequireNotNegative(string name, long value)
    {
        if (value < 0) throw new FrameException($"{name} is {value}: it must be 0 at least");
    }
}
