using System.Buffers;
using System.Text;

namespace RxRaft.Tests;

/// <summary>
/// A state machine whose state is what was written so far: each command adds to it, and is answered what was there
/// before, or null if that was nothing.
/// </summary>
internal sealed class Diary : IMachine<string, string, string?>, ISerializer<string>
{
    public static readonly Diary Machine = new();

    public string Initial => "";

    public (string State, string? Result) Apply(string state, string command) =>
        (state + command, state.Length == 0 ? null : state);

    public ISerializer<string> States => this;

    public ISerializer<string> Commands => this;

    public ISerializer<string?> Results => new OrNull();

    public static Payload.Command Write(SessionId session, ulong sequence, string text, ulong firstUnanswered = 1) =>
        new(new(session, sequence), firstUnanswered, Encoding.UTF8.GetBytes(text));

    public void Write(string value, IBufferWriter<byte> writer) => Encoding.UTF8.GetBytes(value, writer);

    public string Read(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    private sealed class OrNull : ISerializer<string?>
    {
        public void Write(string? value, IBufferWriter<byte> writer)
        {
            writer.Write([value is null ? (byte)0 : (byte)1]);
            Encoding.UTF8.GetBytes(value ?? "", writer);
        }

        public string? Read(ReadOnlyMemory<byte> bytes) =>
            bytes.Span[0] == 0 ? null : Encoding.UTF8.GetString(bytes.Span[1..]);
    }
}
