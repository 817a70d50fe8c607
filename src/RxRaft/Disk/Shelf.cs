using System.Buffers;

namespace RxRaft;

/// <summary>The bytes of the snapshots on a disk that is memory: a value, so that a crash can go back to one.</summary>
/// <param name="InUse">The one that the log begins with.</param>
/// <param name="Saved">The last that the node took itself.</param>
/// <param name="Incoming">What has come of the one that a leader sends.</param>
internal sealed record Shelf(Stored InUse, Option<Stored> Saved, Option<Stored> Incoming)
{
    /// <summary>That of a new disk.</summary>
    public static readonly Shelf Empty = new(new Stored(Snapshot.Nothing, default), None, None);

    /// <summary>With a part more of a snapshot that a leader sends.</summary>
    /// <exception cref="InvalidOperationException">The part does not follow those before it of this one.</exception>
    public Shelf With(Effect.StoreChunk part)
    {
        var coming = Incoming.Filter(stored => stored.Snapshot.Equals(part.Snapshot));
        var before = part.Offset == 0 ? 0 : coming.Map(stored => stored.Bytes.Length).IfNone(0);
        if (part.Offset != before)
            throw new InvalidOperationException(
                $"A part at byte {part.Offset} of the snapshot at {part.Snapshot.Last} follows {before} bytes");

        // Room for the whole at once: parts are many, and copying them all for each would be quadratic.
        var whole = before == 0 ? new byte[part.Snapshot.Size] : coming.Map(stored => stored.Room).IfNone([]);
        part.Data.Span.CopyTo(whole.AsSpan(before));
        return this with
        {
            Incoming = new Stored(part.Snapshot, whole.AsMemory(0, before + part.Data.Length)) { Room = whole },
        };
    }

    /// <summary>With a snapshot that the node took.</summary>
    public Shelf With(Snapshot snapshot, ReadOnlyMemory<byte> bytes) =>
        this with { Saved = new Stored(snapshot, bytes) };

    /// <summary>After a write that may name another snapshot.</summary>
    /// <exception cref="InvalidOperationException">Its bytes are not here.</exception>
    public Shelf After(Effect.Persist write)
    {
        if (write.Snapshot.Case is not Snapshot named) return this;
        if (named.Size == 0) return this with { InUse = new Stored(named, default) };

        var whole = Seq(Incoming, Saved).Somes()
            .Find(stored => stored.Snapshot.Equals(named) && stored.Bytes.Length == named.Size)
            .IfNone(() => throw new InvalidOperationException($"The snapshot at {named.Last} was never stored"));
        return this with
        {
            InUse = whole,
            Incoming = Incoming.Filter(stored => stored.Snapshot.Last > named.Last),
            Saved = Saved.Filter(stored => stored.Snapshot.Last > named.Last),
        };
    }

    /// <summary>Bytes of the snapshot in use, if it is this one.</summary>
    public Option<ReadOnlyMemory<byte>> Read(Snapshot snapshot, long offset, int length) =>
        InUse.Snapshot.Equals(snapshot) ? InUse.Bytes.Slice((int)offset, length) : None;

    /// <summary>The bytes that something writes.</summary>
    public static ReadOnlyMemory<byte> Bytes(Action<IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        return buffer.WrittenMemory;
    }
}

/// <summary>A snapshot's bytes, all of them or, of one that is still coming, the first.</summary>
internal sealed record Stored(Snapshot Snapshot, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Where the rest will go.</summary>
    public byte[] Room { get; init; } = [];
}
