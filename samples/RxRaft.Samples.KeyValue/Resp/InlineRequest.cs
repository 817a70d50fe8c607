using System.Collections.Generic;
using System.Globalization;

namespace RxRaft.Samples.KeyValue;

/// <summary>A request as a person types it: words, and "quoted ones with \n and \x00" or 'plain ones'.</summary>
internal static class InlineRequest
{
    /// <returns>Nothing for a blank line.</returns>
    /// <exception cref="RespException">The quotes are not balanced, or there is too much.</exception>
    public static Bytes[] Parse(ReadOnlySpan<byte> line, RequestLimits limits)
    {
        var words = new List<Bytes>();
        while (true)
        {
            while (line is [(byte)' ' or (byte)'\t', ..]) line = line[1..];
            if (line.IsEmpty) return [.. words];
            if (words.Count == limits.Parts) throw new RespException($"more than {limits.Parts} words");

            words.Add(Word(ref line));
        }
    }

    private static Bytes Word(ref ReadOnlySpan<byte> line)
    {
        var word  = new List<byte>();
        var quote = (byte)0;
        while (!line.IsEmpty)
        {
            var next = line[0];
            if (quote == 0 && next is (byte)' ' or (byte)'\t') break;

            if (quote == 0 && word.Count == 0 && next is (byte)'"' or (byte)'\'') quote = next;
            else if (quote != 0 && next == quote) return Closed(word, ref line);
            else if (quote != 0 && next == '\\' && line.Length > 1) Escaped(word, quote, ref line);
            else word.Add(next);
            line = line[1..];
        }

        return quote == 0 ? new Bytes(word.ToArray()) : throw Unbalanced();
    }

    private static Bytes Closed(List<byte> word, ref ReadOnlySpan<byte> line)
    {
        line = line[1..];
        return line is [] or [(byte)' ' or (byte)'\t', ..] ? new Bytes(word.ToArray()) : throw Unbalanced();
    }

    /// <summary>Leaves the last byte of it, for who cuts it off.</summary>
    private static void Escaped(List<byte> word, byte quote, ref ReadOnlySpan<byte> line)
    {
        if (quote == '\'' && line[1] != '\'')
        {
            word.Add((byte)'\\');
        }
        else if (quote == '\'')
        {
            word.Add((byte)'\'');
            line = line[1..];
        }
        else if (line is [_, (byte)'x', var high, var low, ..] && Hex(high, low) is { } value)
        {
            word.Add(value);
            line = line[3..];
        }
        else
        {
            word.Add(line[1] switch
            {
                (byte)'n' => (byte)'\n',
                (byte)'r' => (byte)'\r',
                (byte)'t' => (byte)'\t',
                (byte)'b' => (byte)'\b',
                (byte)'a' => (byte)'\a',
                var other => other,
            });
            line = line[1..];
        }
    }

    private static byte? Hex(byte high, byte low) =>
        byte.TryParse([high, low], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
            ? value
            : null;

    private static RespException Unbalanced() => new("unbalanced quotes in request");
}
