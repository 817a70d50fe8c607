using System.Buffers;

namespace RxRaft.Samples.KeyValue;

/// <summary>Writes, as they are in the log.</summary>
internal sealed class BatchFormat : ISerializer<Batch>
{
    private const byte Version = 1;

    public void Write(Batch value, IBufferWriter<byte> writer)
    {
        writer.PutByte(Version);
        writer.PutSigned(value.At);
        writer.Put((ulong)value.Changes.Count);
        foreach (var change in value.Changes) Write(change, writer);
    }

    public Batch Read(ReadOnlyMemory<byte> bytes)
    {
        var from = new Unpacking(bytes);
        from.Version(Version);
        var at      = from.Signed();
        var count   = from.Count();
        var changes = new Change[count];
        for (var i = 0; i < count; i++) changes[i] = One(ref from);
        from.End();
        return new Batch(at, toSeq(changes));
    }

    private static void Write(Change change, IBufferWriter<byte> writer)
    {
        switch (change)
        {
            case Change.Set(var key, var value, var when, var lifetime, var fetch):
                writer.PutByte(1);
                writer.Put(key);
                writer.Put(value);
                writer.PutByte((byte)((byte)when | (fetch ? 4 : 0)));
                writer.Put(lifetime);
                break;
            case Change.SetAll(var pairs):
                writer.PutByte(2);
                writer.Put((ulong)pairs.Count);
                foreach (var (key, value) in pairs)
                {
                    writer.Put(key);
                    writer.Put(value);
                }

                break;
            case Change.Delete(var keys):
                writer.PutByte(3);
                writer.Put((ulong)keys.Count);
                foreach (var key in keys) writer.Put(key);
                break;
            default:
                WriteRare(change, writer);
                break;
        }
    }

    private static void WriteRare(Change change, IBufferWriter<byte> writer)
    {
        switch (change)
        {
            case Change.Take(var key):
                writer.PutByte(4);
                writer.Put(key);
                break;
            case Change.Add(var key, var by):
                writer.PutByte(5);
                writer.Put(key);
                writer.PutSigned(by);
                break;
            case Change.Append(var key, var value):
                writer.PutByte(6);
                writer.Put(key);
                writer.Put(value);
                break;
            case Change.Swap(var key, var expected, var value):
                writer.PutByte(7);
                writer.Put(key);
                writer.Put(expected);
                writer.Put(value);
                break;
            case Change.Expire(var key, var lifetime):
                writer.PutByte(8);
                writer.Put(key);
                writer.Put(lifetime);
                break;
            default:
                throw Unreachable.Case(change);
        }
    }

    private static Change One(ref Unpacking from) => from.Byte() switch
    {
        1 => Set(ref from),
        2 => SetAll(ref from),
        3 => Delete(ref from),
        4 => new Change.Take(from.Key()),
        5 => new Change.Add(from.Key(), from.Signed()),
        6 => new Change.Append(from.Key(), from.Bytes()),
        7 => new Change.Swap(from.Key(), from.Bytes(), from.Bytes()),
        8 => new Change.Expire(from.Key(), from.Lifetime()),
        var other => throw from.Wrong($"there is no change {other}"),
    };

    private static Change.Set Set(ref Unpacking from)
    {
        var (key, value, flags) = (from.Key(), from.Bytes(), from.Byte());
        if ((flags & 3) == 3 || flags > 7) throw from.Wrong($"there are no flags {flags}");
        return new Change.Set(key, value, (When)(flags & 3), from.Lifetime(), flags >= 4);
    }

    private static Change.SetAll SetAll(ref Unpacking from)
    {
        var pairs = new (Key, Bytes)[from.Count()];
        for (var i = 0; i < pairs.Length; i++) pairs[i] = (from.Key(), from.Bytes());
        return new Change.SetAll(toSeq(pairs));
    }

    private static Change.Delete Delete(ref Unpacking from)
    {
        var keys = new Key[from.Count()];
        for (var i = 0; i < keys.Length; i++) keys[i] = from.Key();
        return new Change.Delete(toSeq(keys));
    }
}
