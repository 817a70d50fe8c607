using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using RxRaft.Samples.KeyValue;

namespace RxRaft.Benchmarks;

/// <summary>Three nodes of the key-value sample, each a process with a disk, with elections after 150-300 ms.</summary>
internal sealed class StoreCluster : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("rxraft-kv-").FullName;
    private readonly Seq<int> ports = FreePorts.Many(6);
    private readonly Dictionary<int, Process> nodes = [];
    private readonly string[] more;

    private StoreCluster(string[] more) => this.more = more;

    public static IEnumerable<int> Ids => [1, 2, 3];

    public static async Task<StoreCluster> Start(params string[] more)
    {
        var cluster = new StoreCluster(more);
        foreach (var id in Ids) cluster.Start(id);
        await cluster.Leader(Ids);
        return cluster;
    }

    /// <summary>Where a node listens to clients.</summary>
    public int Port(int id) => ports[2 + id];

    public void Start(int id) => nodes[id] = Programs.Start("dotnet", "dotnet-sdk-10.0", [
        typeof(RespProbe).Assembly.Location, "--id", $"{id}", "--data", Path.Combine(root, $"{id}"),
        "--cluster", List(0), "--clients", List(3), .. more]);

    public void Kill(int id)
    {
        if (nodes.Remove(id, out var node)) Programs.Kill(node);
    }

    /// <summary>The node that all of these know to lead, and lack nothing behind.</summary>
    public async Task<int> Leader(IEnumerable<int> ids)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromSeconds(60); await timer.WaitForNextTickAsync())
        {
            var infos = await Task.WhenAll(ids.Select(Info));
            if (infos.Any(info => info is null)) continue;
            var leaders = infos.Select(info => info!["raft_leader"]).Distinct().ToList();
            var indices = infos.Select(info => info!["raft_applied_index"]).Distinct().Count();
            if (leaders is [{ Length: > 0 } leader] && indices == 1) return int.Parse(leader);
        }

        throw new TimeoutException("a minute without a leader");
    }

    public void Dispose()
    {
        foreach (var id in Ids) Kill(id);
        Directory.Delete(root, recursive: true);
    }

    private async Task<Dictionary<string, string>?> Info(int id)
    {
        try
        {
            return await RespProbe.Info(new IPEndPoint(IPAddress.Loopback, Port(id)), None, default);
        }
        catch (IOException)
        {
            return null;
        }
    }

    private string List(int from) => string.Join(',', Ids.Select(id => $"{id}=127.0.0.1:{ports[from + id - 1]}"));
}
