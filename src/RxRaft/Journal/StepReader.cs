using System.Buffers;
using System.IO;
using Google.Protobuf;
using Journals = RxRaft.Proto.Journals;
using Kind = RxRaft.Proto.Journals.Step.Types.Kind;

namespace RxRaft;

/// <summary>Reads inputs from records of a journal.</summary>
internal sealed class StepReader
{
    private const int Most = 1 << 24;       // in one record: as many take few bytes, and much memory

    private readonly MessageReader messages = new(int.MaxValue);

    /// <summary>Reads one.</summary>
    /// <exception cref="FrameException">It contradicts itself, or is of a kind that is not known here.</exception>
    /// <exception cref="InvalidProtocolBufferException">The bytes mean nothing.</exception>
    /// <exception cref="InvalidDataException">The bytes mean nothing.</exception>
    public Input Read(Journals.Step step, ReadOnlyMemory<byte> attachment)
    {
        Input input = step.Kind switch
        {
            Kind.Tick => new Input.Tick(),
            Kind.Receive => new Input.Receive(new(step.Node), Message(attachment)),
            Kind.Persisted => new Input.Persisted(
                new(step.Term), step.HasNode ? Some(new NodeId(step.Node)) : None,
                new(new(step.IndexTerm), new(step.Index))),
            Kind.Propose => new Input.Propose(Proposals(step.Proposals ?? new(), attachment)),
            Kind.Read => new Input.Read(Requests(step)),
            Kind.Reconfigure => new Input.Reconfigure(
                Request(step), TreeCodec.Read<MembershipChange>(step.Value ?? new())),
            Kind.TransferTo => new Input.TransferTo(Request(step), new(step.Node)),
            Kind.Applied => new Input.Applied(new(step.Index)),
            Kind.Snapshotted => new Input.Snapshotted(TreeCodec.Read<Snapshot>(step.Value ?? new())),
            _ => throw new FrameException(
                $"an input of kind {(int)step.Kind}, and {(int)Kind.Snapshotted} is the last"),
        };
        return input with { At = new(TimeSpan.FromTicks(step.At)) };
    }

    /// <summary>The entries of a log, from the place after its base on.</summary>
    /// <exception cref="FrameException">They contradict themselves.</exception>
    public static Seq<Entry> Entries(Proto.Payloads columns, LogIndex after, ReadOnlyMemory<byte> attachment)
    {
        var reader  = new PayloadReader(columns, new(attachment), Most, withTerms: true);
        var entries = reader.Entries(after);
        reader.End();
        return entries;
    }

    private Message Message(ReadOnlyMemory<byte> frame)
    {
        var bytes = new ReadOnlySequence<byte>(frame);
        return FrameHeader.TryTake(ref bytes, int.MaxValue, out var header, out var message, out var attachment)
            && bytes.IsEmpty
            && messages.Read(header.Kind, message, attachment) is { } read
                ? read
                : throw new FrameException($"a message of {frame.Length} bytes that is not understood here");
    }

    private static Seq<Proposal> Proposals(Proto.Payloads columns, ReadOnlyMemory<byte> attachment)
    {
        var reader    = new PayloadReader(columns, new(attachment), Most, withTerms: false);
        var proposals = new Proposal[reader.Count];
        var at        = 0;
        for (var run = 0; run < columns.RunKind.Count; run++)
            for (var left = columns.RunLength[run]; left > 0; left--)
                proposals[at++] = new(reader.Next(columns.RunKind[run]));
        reader.End();
        return toSeq(proposals);
    }

    private static RequestId Request(Journals.Step step) =>
        step.Requests == 1
            ? Requests(step)[0]
            : throw new FrameException($"{step.Kind} of {step.Requests} requests: it is of 1");

    private static Seq<RequestId> Requests(Journals.Step step)
    {
        if (step.Requests > Most) throw new FrameException($"{step.Requests} requests, and {Most} are the most");

        var (sessions, sequences) = (new DifferenceReader(step.Sessions), new DifferenceReader(step.Sequences));
        var requests = new RequestId[step.Requests];
        for (var i = 0; i < requests.Length; i++) requests[i] = new(new(sessions.Next()), sequences.Next());
        return toSeq(requests);
    }
}
