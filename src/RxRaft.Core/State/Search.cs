namespace RxRaft;

/// <summary>Searches by halves.</summary>
internal static class Search
{
    /// <summary>
    /// The last place up to an end where something holds that, once it does not, holds nowhere after.
    /// </summary>
    /// <returns>The beginning, where it needs no asking, if it holds nowhere.</returns>
    public static LogIndex LastWhere(LogIndex begin, LogIndex end, Func<LogIndex, bool> holds)
    {
        var (low, high) = (begin, end);
        while (low < high)
        {
            var middle = new LogIndex(low.Value + (high.Value - low.Value + 1) / 2);
            if (holds(middle)) low = middle; else high = middle.Previous;
        }

        return low;
    }
}
