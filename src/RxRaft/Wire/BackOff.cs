namespace RxRaft;

/// <summary>How long to wait before the next attempt.</summary>
internal static class BackOff
{
    /// <summary>Doubles with every attempt up to a limit; chance takes off up to a half.</summary>
    /// <param name="failures">In a row, from 1.</param>
    /// <param name="least">After the first one.</param>
    /// <param name="most">Inclusive.</param>
    /// <param name="chance">From 0 up to 1.</param>
    public static TimeSpan Pause(int failures, TimeSpan least, TimeSpan most, double chance)
    {
        var doubled = least.TotalMilliseconds * Math.Pow(2, Math.Min(failures - 1, 40));
        return TimeSpan.FromMilliseconds(Math.Min(doubled, most.TotalMilliseconds) * (1 - chance / 2));
    }
}
