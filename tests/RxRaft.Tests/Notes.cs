using System.Buffers;
using System.Text;

namespace RxRaft.Tests;

/// <summary>A state machine that writes down every command; who asks is told how many there are by now.</summary>
internal sealed class Notes : IMachine<Arr<string>, string, int>
{
    public static readonly Notes Machine = new();

    /// <summary>Commands that cannot be applied, nor written, nor read.</summary>
    public const string Unapplicable = "unapplicable", Unwritable = "unwritable", Unreadable = "unreadable";

    /// <summary>States with this in them cannot be written into a snapshot.</summary>
    public const string Unkeepable = "unkeepable";

    /// <summary>A later version, which can apply everything.</summary>
    public bool Forgiving { get; init; }

    /// <summary>One that cannot read what it wrote.</summary>
    public bool Blind { get; init; }

    public Arr<string> Initial { get; init; } = [];

    public ISerializer<Arr<string>> States => new Text<Arr<string>>(
        state => state.Contains(Unkeepable) ? throw new InvalidOperationException(Unkeepable) : string.Join('\n', state),
        text => text.Length == 0 ? []
            : Blind ? throw new InvalidOperationException("blind")
            : toArray(text.Split('\n')));

    public ISerializer<string> Commands { get; } = new Text<string>(
        command => command == Unwritable ? throw new InvalidOperationException(Unwritable) : command,
        text => text == Unreadable ? throw new InvalidOperationException(Unreadable) : text);

    public ISerializer<int> Results { get; } = new Text<int>(
        result => result.ToString(System.Globalization.CultureInfo.InvariantCulture),
        text => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture));

    public (Arr<string> State, int Result) Apply(Arr<string> state, string command) => command == Unapplicable && !Forgiving
        ? throw new InvalidOperationException(Unapplicable)
        : (state.Add(command), state.Count + 1);

    private sealed class Text<T>(Func<T, string> write, Func<string, T> read) : ISerializer<T>
    {
        public void Write(T value, IBufferWriter<byte> writer) => writer.Write(Encoding.UTF8.GetBytes(write(value)));

        public T Read(ReadOnlyMemory<byte> bytes) => read(Encoding.UTF8.GetString(bytes.Span));
    }
}
