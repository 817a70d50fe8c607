using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using Google.Protobuf;
using Journals = RxRaft.Proto.Journals;

namespace RxRaft;

/// <summary>What a file of a journal says, in its order.</summary>
/// <param name="Offset">Of the record, in bytes.</param>
internal abstract record JournalPart(long Offset)
{
    /// <summary>Where the fold begins.</summary>
    public sealed record Head(long Offset, Journals.Head Said, NodeState State) : JournalPart(Offset);

    /// <summary>An input, and a check of the state after it; none if the node halted.</summary>
    public sealed record Step(long Offset, Input Input, Option<uint> Check) : JournalPart(Offset);

    /// <summary>A digest of the state after the steps so far.</summary>
    public sealed record Digest(long Offset, ulong Number, LogIndex After, ulong Value, bool IsEnd)
        : JournalPart(Offset);

    /// <summary>The file's end is torn: so many bytes do not count.</summary>
    public sealed record Torn(long Offset, long Bytes) : JournalPart(Offset);
}

/// <summary>Reads a file of a journal. Whatever the bytes are, it ends, and says where they are wrong.</summary>
/// <param name="path">For messages.</param>
/// <param name="bytes">All of the file.</param>
internal sealed class JournalReader(string path, ReadOnlyMemory<byte> bytes)
{
    private readonly StepReader steps = new();
    private long offset;
    private bool begun;
    private bool ended;

    /// <exception cref="DiskCorruptionException">It is damaged, or not a journal that can be read here.</exception>
    public IEnumerable<JournalPart> Read()
    {
        if (bytes.Length < JournalRecord.Magic.Length && JournalRecord.Magic.StartsWith(bytes.Span))
        {
            yield return new JournalPart.Torn(0, bytes.Length);
            yield break;
        }

        if (!bytes.Span.StartsWith(JournalRecord.Magic)) throw Wrong("it does not begin as a journal does");
        offset = JournalRecord.Magic.Length;
        while (offset < bytes.Length)
        {
            if (Body() is not { } body)
            {
                yield return new JournalPart.Torn(offset, bytes.Length - offset);
                yield break;
            }

            yield return InItsPlace(Part(body));
            offset += JournalRecord.HeaderLength + body.Length;
        }
    }

    private DiskCorruptionException Wrong(string what) => new(path, offset, what);

    /// <summary>A file has one head, in front of everything, and nothing behind the end of a life.</summary>
    private JournalPart InItsPlace(JournalPart part)
    {
        var isHead = part is JournalPart.Head;
        if (isHead == begun) throw Wrong(isHead ? "a second head" : "it does not begin with a head");
        if (ended) throw Wrong("a record behind that with which the node stopped");

        (begun, ended) = (true, part is JournalPart.Digest { IsEnd: true });
        return part;
    }

    /// <summary>The next record's; none if it is torn.</summary>
    private ReadOnlyMemory<byte>? Body()
    {
        var rest = bytes[(int)offset..];
        if (rest.Length < JournalRecord.HeaderLength || !rest.Span.ContainsAnyExcept((byte)0)) return null;

        var header = rest.Span[..JournalRecord.HeaderLength];
        var length = BinaryPrimitives.ReadUInt32LittleEndian(header);
        RequireSum("a record's header", header[..8], BinaryPrimitives.ReadUInt32LittleEndian(header[8..]));
        if (length > rest.Length - JournalRecord.HeaderLength) return null;

        var body = rest.Slice(JournalRecord.HeaderLength, (int)length);
        var isLast = JournalRecord.HeaderLength + body.Length == rest.Length;
        if (isLast && !body.Span.ContainsAnyExcept((byte)0)) return null;
        RequireSum("a record", body.Span, BinaryPrimitives.ReadUInt32LittleEndian(header[4..]));
        return body.Length >= JournalRecord.BodyStart ? body : throw Wrong($"a record of {body.Length} bytes");
    }

    private void RequireSum(string what, ReadOnlySpan<byte> of, uint expected)
    {
        if (Checksum.Of(of) is var found && found != expected) throw Wrong(Checksum.Mismatch(what, found, expected));
    }

    private JournalPart Part(ReadOnlyMemory<byte> body)
    {
        var (type, length) = (body.Span[0], BinaryPrimitives.ReadUInt32LittleEndian(body.Span[1..]));
        if (length > body.Length - JournalRecord.BodyStart)
            throw Wrong($"a message of {length} bytes in a record of {body.Length}");

        var message    = body.Slice(JournalRecord.BodyStart, (int)length).Span;
        var attachment = body[(JournalRecord.BodyStart + (int)length)..];
        try
        {
            return (JournalRecordType)type switch
            {
                JournalRecordType.Head => Head(Journals.Head.Parser.ParseFrom(message), attachment),
                JournalRecordType.Step => Step(Journals.Step.Parser.ParseFrom(message), attachment),
                JournalRecordType.Digest => Digest(Journals.Digest.Parser.ParseFrom(message), isEnd: false),
                JournalRecordType.End => Digest(Journals.Digest.Parser.ParseFrom(message), isEnd: true),
                _ => throw Wrong($"a record of type {type}, and {(int)JournalRecordType.End} is the last"),
            };
        }
        catch (Exception fault) when (fault is FrameException or InvalidProtocolBufferException or InvalidDataException
            or InvariantViolationException)
        {
            throw Wrong(fault.Message);
        }
    }

    private JournalPart.Head Head(Journals.Head head, ReadOnlyMemory<byte> attachment)
    {
        if (head.Format != JournalRecord.Format)
            throw Wrong(
                $"it is of format {head.Format}, of RxRaft {head.Library}, and this reads {JournalRecord.Format}");

        var state   = TreeCodec.Read<NodeState>(head.State ?? new());
        var entries = StepReader.Entries(head.Entries ?? new(), state.Log.Base.Index, attachment);
        return new(offset, head, state with { Log = LogCodec.Whole(state.Log, entries) });
    }

    private JournalPart.Step Step(Journals.Step step, ReadOnlyMemory<byte> attachment) =>
        new(offset, steps.Read(step, attachment), step.HasCheck ? Some(step.Check) : None);

    private JournalPart.Digest Digest(Journals.Digest digest, bool isEnd) =>
        new(offset, digest.Step, new(digest.After), digest.Value, isEnd);
}
