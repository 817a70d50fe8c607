using System.IO;
using System.Linq;

namespace RxRaft.Samples.KeyValue;

/// <summary>How many clients are heard at once.</summary>
/// <remarks>
/// Each takes a descriptor, and who has no password can connect too. A process that has none left for its disk, its
/// connections to other nodes or a thread ends: so clients have half of them at most.
/// </remarks>
internal static class ClientLimit
{
    private const string Line = "Max open files";

    /// <summary>As in Redis, where there are descriptors enough.</summary>
    public const int Most = 10_000;

    /// <summary>Of this process.</summary>
    public static int Here()
    {
        try
        {
            return Of(File.ReadAllText("/proc/self/limits"));
        }
        catch (Exception elsewhere) when (elsewhere is IOException or UnauthorizedAccessException)
        {
            return Most;
        }
    }

    /// <param name="limits">As Linux tells them: name, soft limit, hard limit, unit.</param>
    public static int Of(string limits) =>
        limits.Split('\n').FirstOrDefault(line => line.StartsWith(Line, StringComparison.Ordinal)) is { } line
        && int.TryParse(
            line[Line.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault(), out var soft)
            ? Math.Clamp(soft / 2, 1, Most)
            : Most;
}
