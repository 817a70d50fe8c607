namespace RxRaft;

/// <summary>How large the messages may become that a node's limits allow, in the format of raft.proto.</summary>
/// <remarks>Upper bounds: real messages are a good deal smaller, for most of what they say repeats.</remarks>
internal static class LargestMessages
{
    /// <summary>
    /// Of a frame, in bytes, beside entries and the bytes of a command or a part: its header, all fields and the heads
    /// of all columns have less than 200, one entry without its bytes less than 50, a part's configuration at most 20
    /// for a node, and there are fewer than 80.
    /// </summary>
    public const int Overhead = 2 << 10;

    /// <summary>An append with entries of so many bytes, after <see cref="Entry.Size"/>.</summary>
    /// <remarks>
    /// By it an entry has 32 bytes and its payload. In the columns one has at most 45 and its bytes: kind, length and
    /// term of a run of its own 1, 1 and 10, session 10, sequence 8, first unanswered 10, length 5. That of a
    /// configuration has at most 27 and 20 for each member, who may be in two sets, and counts 32 and 16 for each.
    /// </remarks>
    public static long Append(long bytes) => Overhead + bytes + bytes / 2;

    /// <summary>A command of so many bytes, forwarded or alone in an append; or a part of a snapshot.</summary>
    public static long Whole(long bytes) => Overhead + bytes;

    /// <summary>The limits that allow more than a wire carries, each with its value and the wire's.</summary>
    /// <param name="most">What the wire carries, in bytes.</param>
    public static Seq<string> Problems(Limits limits, long most) =>
        Seq<(string Name, int Value, long Bytes)>(
            (nameof(Limits.MaxAppendBytes), limits.MaxAppendBytes, Append(limits.MaxAppendBytes)),
            (nameof(Limits.MaxCommandBytes), limits.MaxCommandBytes, Whole(limits.MaxCommandBytes)),
            (nameof(Limits.SnapshotChunkBytes), limits.SnapshotChunkBytes, Whole(limits.SnapshotChunkBytes)))
        .Filter(limit => limit.Bytes > most)
        .Map(limit => Say.Invariant($"{limit.Name} is {limit.Value}: its messages may have {limit.Bytes} bytes, and ")
            + Say.Invariant($"the wire's {nameof(IWire.MaxMessageBytes)} is {most}")).Strict();
}
