namespace RxRaft;

/// <summary>Values under numbers that rise, forgotten from the lowest: cheap however far apart these are.</summary>
/// <remarks>
/// In two generations: when all of the older one is forgotten, it goes as a whole, and the younger takes its place. So
/// at most twice as many are held as there were to be remembered at once, and nothing is ever copied to forget.
/// </remarks>
internal readonly struct Rising<T> where T : class
{
    private Seq<(ulong Number, T Value)> Older { get; init; }
    private Seq<(ulong Number, T Value)> Younger { get; init; }         // all above the older

    /// <summary>The highest number; 0 when there is none.</summary>
    public ulong Last => LastOf(Younger.IsEmpty ? Older : Younger);

    /// <summary>All that is held, in order; below what is to be remembered there may be more.</summary>
    public Seq<(ulong Number, T Value)> All => Older.Concat(Younger).Strict();

    /// <summary>One more, above the last.</summary>
    public Rising<T> Add(ulong number, T value) => this with { Younger = Younger.With((number, value)) };

    /// <summary>More, rising, above the last.</summary>
    public Rising<T> Add(Seq<(ulong Number, T Value)> more) => this with { Younger = Younger.And(more) };

    /// <summary>Nobody asks for numbers below this any more.</summary>
    public Rising<T> Forget(ulong below) =>
        below <= LastOf(Older) ? this
        : below <= Last ? new() { Older = Younger }
        : default;

    /// <summary>What is held under a number.</summary>
    public Option<T> Find(ulong number) => number > LastOf(Older) ? In(Younger, number) : In(Older, number);

    private static ulong LastOf(Seq<(ulong Number, T Value)> rising) =>
        rising.IsEmpty ? 0 : rising[rising.Count - 1].Number;

    private static Option<T> In(Seq<(ulong Number, T Value)> rising, ulong number)
    {
        var (low, high) = (0, rising.Count);                            // it is at low or after, and before high
        while (high - low > 1)
        {
            var middle = low + (high - low) / 2;
            if (rising[middle].Number <= number) low = middle; else high = middle;
        }

        return low < high && rising[low].Number == number ? rising[low].Value : None;
    }
}
