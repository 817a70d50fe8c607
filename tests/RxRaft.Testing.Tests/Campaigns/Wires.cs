using System.Globalization;

namespace RxRaft.Tests;

/// <summary>The two kinds of wire, and the seeds, that every campaign runs over.</summary>
internal static class Wires
{
    /// <summary>How many: 50 while one works, <c>RXRAFT_SEEDS</c> before a change is merged.</summary>
    public static readonly int Seeds = Environment.GetEnvironmentVariable("RXRAFT_SEEDS") is { Length: > 0 } seeds
        ? int.Parse(seeds, CultureInfo.InvariantCulture)
        : 50;

    public static readonly string[] Names = ["reliable", "unreliable"];

    public static TheoryData<string> Both => new(Names);

    public static WireFaults Of(string wire) => wire == "reliable" ? WireFaults.None : WireFaults.Unreliable;

    /// <summary>A cluster of three to seven voters, as the seed has it.</summary>
    public static WorldOptions Options(string wire, ulong seed) =>
        WorldOptions.Of(nodes: 3 + (int)(seed % 5), seed) with { Wire = Of(wire) };

    /// <summary>Runs a script over every seed.</summary>
    public static void EachSeed(string wire, Action<KeyValueCluster, Dice> script, Func<WorldOptions, WorldOptions>? with = null)
    {
        for (var seed = 1UL; seed <= (ulong)Seeds; seed++)
        {
            var options = Options(wire, seed);
            using var store = new KeyValueCluster(with is null ? options : with(options));
            try
            {
                script(store, new Dice(seed).Fork());
            }
            catch (Exception failure) when (failure is not PropertyViolationException)
            {
                throw new InvalidOperationException($"seed {seed}, {wire} wire: {failure.Message}", failure);
            }
        }
    }
}
