using System.IO;

namespace RxRaft.Tests;

/// <summary>Expected texts beside the sources. RXRAFT_ACCEPT=1 dotnet test writes them anew, for the reviewer to read.</summary>
internal static class TestData
{
    /// <summary>Whether what comes out is what is expected from now on.</summary>
    public static bool IsAccepted => Environment.GetEnvironmentVariable("RXRAFT_ACCEPT") == "1";

    /// <summary>A folder of this project, where its sources are.</summary>
    public static string Folder(string name)
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "RxRaft.sln"))) folder = Path.GetDirectoryName(folder)!;
        return Path.Combine(folder, "tests", "RxRaft.Testing.Tests", name);
    }
}
