using System.Globalization;

namespace RxRaft.Benchmarks;

/// <summary>What stands behind a name on the command line.</summary>
internal static class Arguments
{
    /// <exception cref="ArgumentException">It is no number above 0.</exception>
    public static double Number(string[] arguments, string name, double otherwise) =>
        Word(arguments, name) is not { } word ? otherwise
        : double.TryParse(word, CultureInfo.InvariantCulture, out var value) && value > 0 ? value
        : throw new ArgumentException($"{name} wants a number above 0, and not '{word}'");

    /// <exception cref="ArgumentException">Nothing stands there.</exception>
    public static string? Word(string[] arguments, string name)
    {
        var at = System.Array.IndexOf(arguments, name);
        return at < 0 ? null
            : at + 1 < arguments.Length ? arguments[at + 1]
            : throw new ArgumentException($"{name} wants a value");
    }
}
