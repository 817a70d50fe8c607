using System.Buffers.Binary;
using System.Reflection;
using System.Security.Cryptography;
using Google.Protobuf;
using Journals = RxRaft.Proto.Journals;

namespace RxRaft;

/// <summary>States of a node, as journals have them: whole, as a digest, and as a check of some numbers.</summary>
internal static class JournalState
{
    /// <summary>Of RxRaft.</summary>
    public static readonly string Library =
        typeof(Journal).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?
            .InformationalVersion ?? "";

    /// <summary>Writes where a fold begins.</summary>
    public static void WriteHead(Journals.Head head, NodeState state, SendBuffer buffer)
    {
        var (entries, columns) = (state.Log.After(state.Log.Base.Index), new Proto.Payloads());
        PayloadWriter.Fill(columns, entries);
        head.Format  = JournalRecord.Format;
        head.Library = Library;
        head.Node    = state.Self.Value;
        head.State   = TreeCodec.Write(state);
        head.Entries = columns;
        var start = JournalRecord.Begin(JournalRecordType.Head, head, buffer);
        PayloadWriter.Attach(entries, buffer);
        JournalRecord.End(start, buffer);
    }

    /// <summary>The first 8 bytes of SHA-256 over a state with the entries after a place.</summary>
    public static ulong Digest(NodeState state, LogIndex after)
    {
        var (entries, columns, buffer) = (state.Log.After(after), new Proto.Payloads(), new SendBuffer());
        PayloadWriter.Fill(columns, entries);
        TreeCodec.Write(state).WriteTo(buffer);
        columns.WriteTo(buffer);
        PayloadWriter.Attach(entries, buffer);
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(buffer.Written.Span, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }

    /// <summary>What changes in almost every step, in four bytes.</summary>
    public static uint Check(NodeState state)
    {
        var (log, last) = (state.Log, state.LastLog);
        var crc = Checksum.Append(0, state.CurrentTerm.Value);
        crc = Checksum.Append(crc, state.VotedFor.IfNone(default(NodeId)).Value);
        crc = Checksum.Append(crc, last.Term.Value);
        crc = Checksum.Append(crc, last.Index.Value);
        crc = Checksum.Append(crc, log.Base.Index.Value);
        crc = Checksum.Append(crc, state.CommitIndex.Value);
        crc = Checksum.Append(crc, state.LastApplied.Value);
        crc = Checksum.Append(crc, state.Durable.Value);
        crc = Checksum.Append(crc, state.Round.Value);
        crc = Checksum.Append(crc, Number(state.Role));
        crc = Checksum.Append(crc, (ulong)state.ElectionDeadline.SinceStart.Ticks);
        crc = Checksum.Append(crc, (ulong)state.NextDeadline.SinceStart.Ticks);
        return Checksum.Append(crc, state.Randomness.State);
    }

    private static ulong Number(Role role) => role switch
    {
        Role.Follower => 0,
        Role.PreCandidate => 1,
        Role.Candidate => 2,
        Role.Leader => 3,
        _ => throw Unreachable.Case(role),
    };
}
