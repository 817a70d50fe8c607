using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Threading.Tasks;

namespace RxRaft.Benchmarks;

/// <summary>
/// What a commit costs but for the wire and its threads: three nodes of this process whose messages are handed over as
/// they are, so that the caller's thread does all that they do.
/// </summary>
internal static class Inline
{
    private const int Commits = 50_000;

    /// <summary>Measures and prints; with a number, so many samples.</summary>
    public static async Task Run(string[] arguments)
    {
        var configuration = Configuration.Of(1, 2, 3);
        var network = new InMemoryNetwork(configuration);
        var nodes   = configuration.Members.AsEnumerable().Select(self => RaftNode.Start(
            self, configuration, network.Wire(self), new InMemoryDisk(), new Ours.Count())).ToList();
        var leads  = nodes.Select(node => node.Role.OfType<Role.Leader>().Select(_ => node));
        var leader = await leads.Merge().FirstAsync().ToTask();

        var samples = (int)Arguments.Number(arguments, "--reps", 7);
        for (var sample = 0; sample < samples; sample++)
        {
            var bytes = GC.GetTotalAllocatedBytes(precise: true);
            var began = Stopwatch.GetTimestamp();
            for (var commit = 0; commit < Commits; commit++) await leader.ProposeAsync(new byte[64]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{Stopwatch.GetElapsedTime(began).TotalMicroseconds / Commits:F1} us a commit,"
                + $" {(GC.GetTotalAllocatedBytes(precise: true) - bytes) / Commits} bytes"));
        }

        foreach (var node in nodes) await node.DisposeAsync();
    }
}
