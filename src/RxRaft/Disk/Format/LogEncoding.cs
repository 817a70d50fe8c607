namespace RxRaft;

/// <summary>How changes are written. Disk/README.md has it in words.</summary>
internal static class LogEncoding
{
    /// <summary>What a group begins with.</summary>
    public const byte Head = 1, Change = 2;

    /// <summary>What the payload of an entry begins with.</summary>
    public const byte Noop = 0, Command = 1, Register = 2, Configure = 3;

    /// <summary>What a configuration begins with.</summary>
    public const byte Simple = 0, Joint = 1;

    public static void WriteHead(this DiskBuffer buffer, LogOutline outline)
    {
        buffer.Byte(Head);
        buffer.Write(outline.CurrentTerm, outline.VotedFor);
        buffer.Write(outline.File);
        buffer.Write(outline.Base);
        buffer.Write(outline.Last);
    }

    public static void WriteChange(this DiskBuffer buffer, Effect.Persist change, Option<SnapshotFile> file)
    {
        buffer.Byte(Change);
        buffer.Write(change.CurrentTerm, change.VotedFor);
        buffer.Byte(file.IsSome ? (byte)1 : (byte)0);
        if (file.Case is SnapshotFile named)
        {
            buffer.Write(named);
            buffer.Write(change.Base);
        }

        buffer.Varint(change.KeepThrough.Value);
        buffer.Varint(change.LastLog.Term.Value);
        buffer.Varint((ulong)change.Entries.Count);
        for (var i = 0; i < change.Entries.Count; i++) buffer.Write(change.Entries[i]);
    }

    private static void Write(this DiskBuffer buffer, Term term, Option<NodeId> vote)
    {
        buffer.Varint(term.Value);
        buffer.Byte(vote.IsSome ? (byte)1 : (byte)0);
        if (vote.IsSome) buffer.Varint(vote.IfNone(default(NodeId)).Value);
    }

    private static void Write(this DiskBuffer buffer, LogPosition position)
    {
        buffer.Varint(position.Term.Value);
        buffer.Varint(position.Index.Value);
    }

    private static void Write(this DiskBuffer buffer, SnapshotFile file)
    {
        buffer.Write(file.Snapshot.Last);
        buffer.Write(file.Snapshot.Configuration);
        buffer.Varint((ulong)file.Snapshot.Size);
        buffer.Varint(file.Number);
        buffer.UInt32(file.Checksum);
    }

    private static void Write(this DiskBuffer buffer, Entry entry)
    {
        buffer.Varint(entry.Term.Value);
        _ = entry.Payload switch
        {
            Payload.Noop => buffer.Said(Noop),
            Payload.Command command => buffer.Write(command),
            Payload.Register(var request, var sessions) => buffer.Said(Register).Write(request).Number((ulong)sessions),
            Payload.Configure(var configuration) => buffer.Said(Configure).Write(configuration),
            _ => throw Unreachable.Case(entry.Payload),
        };
    }

    private static DiskBuffer Write(this DiskBuffer buffer, Payload.Command command)
    {
        buffer.Said(Command).Write(command.Request).Number(command.FirstUnanswered).Number((ulong)command.Bytes.Length);
        buffer.Bytes(command.Bytes.Span);
        return buffer;
    }

    private static DiskBuffer Write(this DiskBuffer buffer, RequestId request) =>
        buffer.Number(request.Session.Value).Number(request.Sequence);

    private static DiskBuffer Write(this DiskBuffer buffer, Configuration configuration) => configuration switch
    {
        Configuration.Simple(var voters, var learners) => buffer.Said(Simple).Write(voters).Write(learners),
        Configuration.Joint(var old, var next, var learners) =>
            buffer.Said(Joint).Write(old).Write(next).Write(learners),
        _ => throw Unreachable.Case(configuration),
    };

    private static DiskBuffer Write(this DiskBuffer buffer, Set<NodeId> nodes)
    {
        buffer.Varint((ulong)nodes.Count);
        foreach (var node in nodes) buffer.Varint(node.Value);
        return buffer;
    }

    private static DiskBuffer Said(this DiskBuffer buffer, byte kind)
    {
        buffer.Byte(kind);
        return buffer;
    }

    private static DiskBuffer Number(this DiskBuffer buffer, ulong number)
    {
        buffer.Varint(number);
        return buffer;
    }
}
