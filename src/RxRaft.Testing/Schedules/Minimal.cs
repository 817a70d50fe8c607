using System.Linq;

namespace RxRaft.Testing;

/// <summary>The least of a list that has the same consequence.</summary>
/// <remarks>
/// Zeller and Hildebrandt, <i>Simplifying and Isolating Failure-Inducing Input</i>, 2002: ddmin, by complements alone,
/// since what happens rests on what happened first.
/// </remarks>
internal static class Minimal
{
    /// <summary>A part of a list that has the consequence, and none of which can be left out.</summary>
    /// <param name="all">Has it.</param>
    /// <param name="still">
    /// Whether a part has it, and then as much of the part as mattered; none if not.
    /// </param>
    public static T[] Of<T>(T[] all, Func<T[], Option<T[]>> still)
    {
        for (var size = Math.Max(1, all.Length / 2); ; size = Math.Max(1, size / 2))
        {
            var before = all.Length;
            all = Without(all, size, still);
            if (size == 1 && all.Length == before) return all;
        }
    }

    /// <summary>Leaves pieces of one size out, the last ones first, wherever it can.</summary>
    private static T[] Without<T>(T[] all, int size, Func<T[], Option<T[]>> still)
    {
        for (var end = all.Length; end > 0; end -= size)
        {
            var from = Math.Max(0, end - size);
            T[] rest = [.. all.Take(from), .. all.Skip(Math.Min(end, all.Length))];
            if (rest.Length < all.Length && still(rest).Case is T[] left) all = left;
            end = Math.Min(end, all.Length + size);
        }

        return all;
    }
}
