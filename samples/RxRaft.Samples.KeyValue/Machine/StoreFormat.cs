using System.Buffers;

namespace RxRaft.Samples.KeyValue;

/// <summary>The store, as it is in snapshots: the same bytes on every node.</summary>
internal sealed class StoreFormat : ISerializer<Store>
{
    private const byte Version = 1;

    public void Write(Store value, IBufferWriter<byte> writer)
    {
        writer.PutByte(Version);
        writer.PutSigned(value.Now);
        writer.Put((ulong)value.Count);
        foreach (var (key, held) in value.All)
        {
            writer.Put(key);
            writer.Put(held.Value);
            writer.PutByte((byte)(held.Deadline.IsSome ? 1 : 0));
            if (held.Deadline.Case is long end) writer.PutSigned(end);
        }
    }

    public Store Read(ReadOnlyMemory<byte> bytes)
    {
        var from = new Unpacking(bytes);
        from.Version(Version);
        var store = Store.Empty with { Now = from.Signed() };
        for (var left = from.Count(); left > 0; left--)
            store = store.Put(from.Key().Copy(), new Held(from.Bytes().Copy(), Deadline(ref from)));
        from.End();
        return store;
    }

    private static Option<long> Deadline(ref Unpacking from) => from.Byte() switch
    {
        0 => None,
        1 => from.Signed(),
        var other => throw from.Wrong($"there is no deadline of kind {other}"),
    };
}
