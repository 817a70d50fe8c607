using System.Collections.Generic;
using System.Globalization;

namespace RxRaft.Testing;

/// <summary>Seeds, one after the other.</summary>
/// <param name="First">Inclusive.</param>
/// <param name="Last">Inclusive; below the first, there are none.</param>
public readonly record struct SeedRange(ulong First, ulong Last)
{
    /// <summary>How many there are.</summary>
    public ulong Count => Last < First ? 0 : Last - First + 1;

    /// <summary>All of them, in order.</summary>
    public IEnumerable<ulong> Seeds
    {
        get
        {
            for (var left = Count; left > 0; left--) yield return Last - left + 1;
        }
    }

    /// <summary>One part of several that have as many seeds as each other, give or take one.</summary>
    /// <param name="number">From 0.</param>
    /// <param name="parts">Above the number.</param>
    public SeedRange Part(int number, int parts)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(number, parts);
        var (begin, end) = (Share(number, parts), Share(number + 1, parts));
        return begin == end ? new(1, 0) : new(First + begin, First + end - 1);
    }

    /// <summary>1..10000, or one seed.</summary>
    public static Option<SeedRange> Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var ends = text.Split("..");
        return ends.Length <= 2 && Number(ends[0]).Case is ulong first && Number(ends[^1]).Case is ulong last
            && first <= last && last - first < ulong.MaxValue
            ? new SeedRange(first, last)
            : None;
    }

    /// <summary>1..10000.</summary>
    public override string ToString() => Say.Invariant($"{First}..{Last}");

    private ulong Share(int number, int parts) => (ulong)((UInt128)Count * (uint)number / (uint)parts);

    private static Option<ulong> Number(string text) =>
        ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : None;
}
