using System.Diagnostics;
using System.Globalization;
using System.IO;

namespace RxRaft.Tests.Disk;

/// <summary>A process that writes and is killed, again and again, and finds all that it has said was durable.</summary>
public sealed class KillTests : IDisposable
{
    private const int Kills = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly string Writer = Path.Combine(AppContext.BaseDirectory, "RxRaft.DiskWriter.dll");

    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void No_entry_that_was_acknowledged_is_lost_in_fifty_kills()
    {
        var seed  = Environment.TickCount;
        var dice  = new Random(seed);
        var least = (Index: 0UL, Term: 0UL);
        for (var kill = 1; kill <= Kills; kill++)
        {
            var where = $"seed {seed}, kill {kill}";
            using var process = Start(seed + kill);
            var found = Said(process, where);
            Assert.Equal("found", found.What);
            Assert.True(found.Index >= least.Index && found.Term >= least.Term, $"{where}: {found} after {least}");

            least = (found.Index, found.Term);
            for (var left = dice.Next(40); left > 0; left--) least = Later(least, Said(process, where));
            process.Kill();                                                 // SIGKILL, in the middle of what it is doing
            while (process.StandardOutput.ReadLine() is { } line && line.EndsWith('.'))
                least = Later(least, Parsed(line, where));
            process.WaitForExit();
        }

        using var disk = directory.Open();
        var state = disk.Recover();
        var all = state.Log.LastIndex.Value >= least.Index && state.CurrentTerm.Value >= least.Term;
        Assert.True(all, $"seed {seed}: {state} after {least}");
        Assert.True(least.Index > Kills, $"seed {seed}: only {least} was written");
    }

    [Fact]
    public void Another_process_does_not_open_a_disk_that_is_open()
    {
        using var disk = directory.Open();
        using var process = Start(seed: 1);

        Assert.Equal(
            $"refused {directory.Path} cannot be this node's disk: another process has it open, or another disk of this process",
            process.StandardOutput.ReadLine());
        process.WaitForExit();
        Assert.Equal(1, process.ExitCode);
    }

    private Process Start(int seed) => Process.Start(new ProcessStartInfo(
        Environment.ProcessPath is { } dotnet && Path.GetFileNameWithoutExtension(dotnet) == "dotnet" ? dotnet : "dotnet",
        ["exec", Writer, directory.Path, seed.ToString(CultureInfo.InvariantCulture)])
    {
        RedirectStandardOutput = true,
    }) ?? throw new InvalidOperationException($"{Writer} did not start");

    private static (ulong Index, ulong Term) Later((ulong Index, ulong Term) so, (string What, ulong Index, ulong Term) more) =>
        (Math.Max(so.Index, more.Index), Math.Max(so.Term, more.Term));

    private static (string What, ulong Index, ulong Term) Said(Process process, string where) =>
        Parsed(process.StandardOutput.ReadLineAsync().WaitAsync(Patience).GetAwaiter().GetResult() ?? "nothing", where);

    /// <summary>A full stop ends what was said: the last line may be cut off.</summary>
    private static (string What, ulong Index, ulong Term) Parsed(string line, string where) =>
        line.TrimEnd('.').Split(' ') is [("found" or "durable") and var what, var index, var term] && line.EndsWith('.')
            ? (what, ulong.Parse(index, CultureInfo.InvariantCulture), ulong.Parse(term, CultureInfo.InvariantCulture))
            : throw new InvalidOperationException($"{where}: {line}");
}
