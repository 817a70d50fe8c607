namespace RxRaft.Samples.KeyValue;

/// <summary>Patterns as in Redis: *, ?, [a-c], [^a], \x.</summary>
internal static class Glob
{
    /// <summary>In time of the product of both lengths at most: a star is only ever the last one's to move.</summary>
    public static bool Matches(ReadOnlySpan<byte> pattern, ReadOnlySpan<byte> text)
    {
        var (p, t, star, mark) = (0, 0, -1, 0);
        while (t < text.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (++p, t);
            }
            else if (p < pattern.Length && One(pattern[p..], text[t]) is (true, var used))
            {
                p += used;
                t++;
            }
            else if (star >= 0)
            {
                (p, t) = (star, ++mark);
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].TrimStart((byte)'*').IsEmpty;
    }

    /// <summary>Whether the first element of a pattern matches a byte, and how long it is.</summary>
    private static (bool Matches, int Length) One(ReadOnlySpan<byte> pattern, byte value) => pattern[0] switch
    {
        (byte)'?' => (true, 1),
        (byte)'[' => Any(pattern, value),
        (byte)'\\' when pattern.Length > 1 => (pattern[1] == value, 2),
        var same => (same == value, 1),
    };

    /// <summary>[...]; without its end it goes to the end of the pattern.</summary>
    private static (bool Matches, int Length) Any(ReadOnlySpan<byte> pattern, byte value)
    {
        var not = pattern.Length > 1 && pattern[1] == '^';
        var (i, found) = (not ? 2 : 1, false);
        for (; i < pattern.Length && pattern[i] != ']'; i++)
        {
            if (pattern[i] == '\\' && i + 1 < pattern.Length) i++;
            var (low, high) = (pattern[i], pattern[i]);
            if (i + 2 < pattern.Length && pattern[i + 1] == '-' && pattern[i + 2] != ']')
            {
                high = pattern[i + 2];
                i += 2;
            }

            found |= value >= Math.Min(low, high) && value <= Math.Max(low, high);
        }

        return (found != not, Math.Min(i + 1, pattern.Length));
    }
}
