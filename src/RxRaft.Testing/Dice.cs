namespace RxRaft.Testing;

/// <summary>Chance in the simulated world: one seed, and everything that is drawn from it in order.</summary>
/// <param name="seed">The same one gives the same throws in every process.</param>
public sealed class Dice(ulong seed)
{
    private Randomness randomness = new(seed);

    /// <summary>Other dice, whose throws do not disturb these.</summary>
    public Dice Fork() => new(Bits());

    /// <summary>64 uniform bits.</summary>
    public ulong Bits()
    {
        (var bits, randomness) = randomness.Next();
        return bits;
    }

    /// <summary>A whole number from 0, inclusive, to a bound, exclusive.</summary>
    public int Below(int bound)
    {
        (var value, randomness) = randomness.Below((ulong)bound);
        return (int)value;
    }

    /// <summary>True with a probability from 0 to 1.</summary>
    public bool Chance(double probability) => (Bits() >> 11) * (1.0 / (1UL << 53)) < probability;

    /// <summary>Uniform, both ends inclusive.</summary>
    public TimeSpan Between(TimeSpan min, TimeSpan max)
    {
        (var value, randomness) = randomness.Between(min, max);
        return value;
    }

    /// <summary>Uniform, both ends inclusive.</summary>
    public double Between(double min, double max) => min + (max - min) * ((Bits() >> 11) * (1.0 / ((1UL << 53) - 1)));
}
