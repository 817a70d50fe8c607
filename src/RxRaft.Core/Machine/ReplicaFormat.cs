using System.Buffers;
using System.Buffers.Binary;

namespace RxRaft;

/// <summary>A replica as the bytes of a snapshot.</summary>
/// <remarks>
/// Version 1, all numbers 8 bytes, little-endian: version; applied index; count of sessions; for each its id, last use,
/// first unanswered number, count of results, and for each its number, its length and its bytes; then the state's
/// length and its bytes.
/// </remarks>
internal static class ReplicaFormat
{
    private const ulong Version = 1;

    public static void Write<TState, TCommand, TResult>(
        IMachine<TState, TCommand, TResult> machine, Replica<TState, TResult> replica, IBufferWriter<byte> writer)
    {
        var block = new ArrayBufferWriter<byte>();
        Number(writer, Version);
        Number(writer, replica.Applied.Value);
        Number(writer, (ulong)replica.Sessions.ById.Count);
        foreach (var (id, session) in replica.Sessions.ById)
        {
            Number(writer, id.Value);
            Number(writer, session.LastUsed.Value);
            Number(writer, session.Results.FirstUnanswered);
            var results = session.Results.Sorted();
            Number(writer, (ulong)results.Length);
            foreach (var (sequence, told) in results)
            {
                Number(writer, sequence);
                Block(writer, block, machine.Results, told.Result);
            }
        }

        Block(writer, block, machine.States, replica.State);
    }

    /// <exception cref="InvariantViolationException">These are not the bytes of a snapshot of this version.</exception>
    public static Replica<TState, TResult> Read<TState, TCommand, TResult>(
        IMachine<TState, TCommand, TResult> machine, ReadOnlyMemory<byte> bytes)
    {
        var version = Number(ref bytes);
        Require(version == Version, $"a snapshot is of version {Version}");
        var applied  = new LogIndex(Number(ref bytes));
        var sessions = Map<SessionId, Session<TResult>>();
        for (var count = Number(ref bytes); count > 0; count--)
        {
            var id = new SessionId(Number(ref bytes));
            sessions = sessions.Add(id, ReadSession(machine.Results, ref bytes));
        }

        var state = machine.States.Read(Block(ref bytes));
        Require(bytes.IsEmpty, "a snapshot ends with the state");
        return new(applied, state, new(sessions));
    }

    private static Session<TResult> ReadSession<TResult>(
        ISerializer<TResult> serializer, ref ReadOnlyMemory<byte> bytes)
    {
        var lastUsed = new LogIndex(Number(ref bytes));
        var results  = SessionResults<TResult>.Empty.Forget(below: Number(ref bytes));
        for (var count = Number(ref bytes); count > 0; count--)
        {
            var sequence = Number(ref bytes);
            Require(
                sequence >= results.FirstUnanswered && results.Find(sequence).IsNone,
                "a session remembers a result once, and none that its client has seen");
            results = results.Add(sequence, new(serializer.Read(Block(ref bytes))));
        }

        return new(lastUsed, results);
    }

    private static void Number(IBufferWriter<byte> writer, ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(writer.GetSpan(sizeof(ulong)), value);
        writer.Advance(sizeof(ulong));
    }

    /// <param name="block">Where it is written before its length is known; used again and again.</param>
    private static void Block<T>(
        IBufferWriter<byte> writer, ArrayBufferWriter<byte> block, ISerializer<T> serializer, T value)
    {
        block.Clear();
        serializer.Write(value, block);
        Number(writer, (ulong)block.WrittenCount);
        writer.Write(block.WrittenSpan);
    }

    private static ulong Number(ref ReadOnlyMemory<byte> bytes)
    {
        Require(bytes.Length >= sizeof(ulong), "a snapshot is complete");
        var value = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Span);
        bytes = bytes[sizeof(ulong)..];
        return value;
    }

    private static ReadOnlyMemory<byte> Block(ref ReadOnlyMemory<byte> bytes)
    {
        var length = Number(ref bytes);
        Require(length <= (ulong)bytes.Length, "a snapshot is complete");
        var block = bytes[..(int)length];
        bytes = bytes[(int)length..];
        return block;
    }
}
