using System.Linq;

namespace RxRaft.Tests;

/// <summary>How far counts are from uniform. Draws come from fixed seeds, so a test passes always or never.</summary>
internal static class ChiSquare
{
    /// <summary>Uniform draws into 15 bins (14 degrees of freedom) exceed this once in 1,000 times.</summary>
    public const double Bound14 = 36.12;

    public static double Of(int[] counts)
    {
        var expected = counts.Sum() / (double)counts.Length;
        return counts.Sum(count => (count - expected) * (count - expected) / expected);
    }
}
