namespace RxRaft;

/// <summary>
/// Chance as a value: a SplitMix64 generator. Drawing gives a number and the generator that comes after.
/// </summary>
/// <param name="State">The generator's whole state; also its seed.</param>
/// <remarks>
/// Kept in the node's state, so that boot state and inputs replay a node bit for bit. Not for secrets.
/// </remarks>
public readonly record struct Randomness(ulong State)
{
    /// <summary>A generator of its own for each node, so that nodes with one seed draw different timeouts.</summary>
    public static Randomness For(ulong seed, NodeId node) => new(Mix(seed ^ Mix(node.Value + Gamma)));

    /// <summary>Draws 64 uniform bits.</summary>
    public (ulong Value, Randomness Left) Next()
    {
        var next = new Randomness(unchecked(State + Gamma));
        return (Mix(next.State), next);
    }

    /// <summary>Draws a whole number below a bound, uniformly.</summary>
    /// <param name="bound">Exclusive, above 0. The bias, below bound / 2^64, cannot be measured.</param>
    public (ulong Value, Randomness Left) Below(ulong bound)
    {
        var (bits, rest) = Next();
        return (Math.BigMul(bits, bound, out _), rest);
    }

    /// <summary>Draws a span of time, uniformly.</summary>
    /// <param name="min">Inclusive.</param>
    /// <param name="max">Inclusive, not below <paramref name="min"/>.</param>
    public (TimeSpan Value, Randomness Left) Between(TimeSpan min, TimeSpan max)
    {
        var (ticks, rest) = Below((ulong)(max - min).Ticks + 1);
        return (min + TimeSpan.FromTicks((long)ticks), rest);
    }

    /// <summary>One number of several, another if any of them is another: that they collide is chance.</summary>
    internal static ulong Mixed(ulong a, ulong b, ulong c) =>
        unchecked(Mix(Mix(Mix(a + Gamma) ^ (b + Gamma)) ^ (c + Gamma)));

    private const ulong Gamma = 0x9E3779B97F4A7C15;

    private static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
