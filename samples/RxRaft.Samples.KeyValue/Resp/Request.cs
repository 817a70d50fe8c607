using System.Text;

namespace RxRaft.Samples.KeyValue;

/// <summary>A request: the name of a command and its arguments, at least the name.</summary>
internal sealed class Request
{
    private readonly Bytes[] parts;

    public Request(Bytes[] parts)
    {
        this.parts = parts;
        Name = CommandNames.Of(parts[0].Span);
        Size = parts.Length * 8;                            // whatever is beside the bytes themselves
        foreach (var part in parts) Size += part.Length;
    }

    /// <summary>In capitals.</summary>
    public string Name { get; }

    /// <summary>About how many bytes it will take in the log.</summary>
    public int Size { get; }

    /// <summary>Without the name.</summary>
    public ReadOnlySpan<Bytes> Arguments => parts.AsSpan(1);

    public int Count => parts.Length - 1;

    public Bytes this[int argument] => parts[argument + 1];

    public Key Key(int argument) => new(this[argument]);

    /// <summary>An option in capitals.</summary>
    public string Word(int argument) => Encoding.Latin1.GetString(this[argument].Span).ToUpperInvariant();

    public override string ToString() => string.Join(' ', parts);
}

/// <summary>Names that come with every request, each made once.</summary>
internal static class CommandNames
{
    private const int Longest = 32;

    private static readonly System.Collections.Concurrent.ConcurrentDictionary<ulong, string> Known = new();

    /// <summary>In capitals.</summary>
    public static string Of(ReadOnlySpan<byte> name)
    {
        if (name.Length > 8 || name is [0, ..]) return Capitals(name);      // zeros in front do not count in a number

        var packed = 0UL;
        foreach (var each in name) packed = (packed << 8) | each;
        if (Known.TryGetValue(packed, out var known)) return known;

        var capitals = Capitals(name);
        if (Known.Count < 1000) Known[packed] = capitals;   // strangers could think of any number
        return capitals;
    }

    private static string Capitals(ReadOnlySpan<byte> name) =>
        Encoding.Latin1.GetString(name[..Math.Min(name.Length, Longest)]).ToUpperInvariant();
}
