using System.Buffers;
using System.IO;
using System.Linq;
using System.Text;

namespace RxRaft.Testing;

/// <summary>A replicated store of texts under keys: what <see cref="KeyValueModel"/> describes, with bytes.</summary>
public sealed class KeyValueMachine : IMachine<Map<string, string>, KeyValueCommand, Option<string>>
{
    /// <summary>The only one there need be.</summary>
    public static readonly KeyValueMachine Instance = new();

    /// <summary>Nothing under any key.</summary>
    public Map<string, string> Initial => KeyValueModel.Instance.Initial;

    /// <summary>Texts, one after the other.</summary>
    public ISerializer<Map<string, string>> States { get; } = new Binary<Map<string, string>>(
        (writer, store) =>
        {
            writer.Write(store.Count);
            foreach (var (key, value) in store)
            {
                writer.Write(key);
                writer.Write(value);
            }
        },
        reader => toMap(Enumerable.Range(0, reader.ReadInt32())
            .Select(_ => (reader.ReadString(), reader.ReadString())).ToArray()));

    /// <summary>Its kind, then all that any kind has.</summary>
    public ISerializer<KeyValueCommand> Commands { get; } = new Binary<KeyValueCommand>(
        (writer, command) =>
        {
            var (kind, expected, value) = command switch
            {
                KeyValueCommand.Get => (0, None, ""),
                KeyValueCommand.Put put => (1, None, put.Value),
                KeyValueCommand.Append append => (2, None, append.Value),
                KeyValueCommand.Cas cas => (3, cas.Expected, cas.Value),
                KeyValueCommand.Delete => (4, Option<string>.None, ""),
                _ => throw Unreachable.Case(command),
            };
            writer.Write(kind);
            writer.Write(command.Key);
            Write(writer, expected);
            writer.Write(value);
        },
        reader => (reader.ReadInt32(), reader.ReadString(), ReadOption(reader), reader.ReadString()) switch
        {
            (0, var key, _, _) => new KeyValueCommand.Get(key),
            (1, var key, _, var value) => new KeyValueCommand.Put(key, value),
            (2, var key, _, var value) => new KeyValueCommand.Append(key, value),
            (3, var key, var expected, var value) => new KeyValueCommand.Cas(key, expected, value),
            var (kind, key, _, _) =>
                kind == 4 ? new KeyValueCommand.Delete(key) : throw new InvalidDataException($"command {kind}"),
        });

    /// <summary>Whether there is one, and which.</summary>
    public ISerializer<Option<string>> Results { get; } = new Binary<Option<string>>(Write, ReadOption);

    /// <summary>What the model says.</summary>
    public (Map<string, string> State, Option<string> Result) Apply(
        Map<string, string> state, KeyValueCommand command) => KeyValueModel.Instance.Step(state, command);

    private static void Write(BinaryWriter writer, Option<string> value)
    {
        writer.Write(value.IsSome);
        writer.Write(value.IfNone(""));
    }

    private static Option<string> ReadOption(BinaryReader reader) =>
        (reader.ReadBoolean(), reader.ReadString()) is (true, var value) ? value : None;

    private sealed class Binary<T>(Action<BinaryWriter, T> write, Func<BinaryReader, T> read) : ISerializer<T>
    {
        public void Write(T value, IBufferWriter<byte> writer)
        {
            using var stream = new MemoryStream();
            using var binary = new BinaryWriter(stream, Encoding.UTF8);
            write(binary, value);
            binary.Flush();
            writer.Write(stream.ToArray());
        }

        public T Read(ReadOnlyMemory<byte> bytes) =>
            read(new BinaryReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8));
    }
}
