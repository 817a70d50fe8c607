using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading.Tasks;
using StackExchange.Redis;

namespace RxRaft.Samples.KeyValue;

/// <summary>Three nodes, each a process that a test starts, kills and starts again.</summary>
internal sealed class StoreProcesses : IDisposable
{
    private const string Election = "300-600";              // tests run beside others

    private readonly string root = Directory.CreateTempSubdirectory("rxraft-kv-").FullName;
    private readonly Dictionary<int, NodeProcess> nodes = [];
    private readonly Seq<int> raft;
    private readonly string[] more;

    public StoreProcesses(params string[] more)
    {
        var ports = FreePorts.Many(6);
        (raft, Ports, this.more) = (ports.Take(3).Strict(), ports.Skip(3).Strict(), more);
    }

    /// <summary>Where the nodes listen to clients.</summary>
    public Seq<int> Ports { get; }

    public NodeProcess this[int id] => nodes[id];

    public async Task Start(params IEnumerable<int> ids)
    {
        foreach (var id in ids)
            nodes[id] = new NodeProcess([
                "--id", $"{id}", "--data", Path.Combine(root, $"{id}"), "--cluster", List(raft), "--clients", List(Ports),
                .. more.Contains("--election-ms") ? [] : (string[])["--election-ms", Election], .. more]);
        foreach (var id in ids) await nodes[id].Says($"S{id}: process");
    }

    /// <summary>Who leads, once a node knows.</summary>
    public async Task<int> Leader(int asked)
    {
        using var timer = new System.Threading.PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var watch = Stopwatch.StartNew(); watch.Elapsed < TimeSpan.FromMinutes(10);)
        {
            try
            {
                var info = await RespProbe.Info(new IPEndPoint(IPAddress.Loopback, Ports[asked - 1]), None, default);
                if (info["raft_leader"].Length > 0) return int.Parse(info["raft_leader"]);
            }
            catch (IOException)
            {
                // it is not there yet
            }

            await timer.WaitForNextTickAsync();
        }

        throw new TimeoutException($"S{asked} knows no leader");
    }

    public Task<ConnectionMultiplexer> Connect(int id) => ConnectTo(Ports[id - 1]);

    /// <summary>A real client, of one node alone.</summary>
    public static Task<ConnectionMultiplexer> ConnectTo(int port, string? password = null, RedisProtocol protocol = RedisProtocol.Resp3) =>
        ConnectionMultiplexer.ConnectAsync(new ConfigurationOptions
        {
            EndPoints = { new IPEndPoint(IPAddress.Loopback, port) },
            Password = password,
            Protocol = protocol,
            AbortOnConnectFail = false,
            BacklogPolicy = BacklogPolicy.FailFast,
            ConnectTimeout = 10_000,
            AsyncTimeout = 15_000,
            ReconnectRetryPolicy = new LinearRetry(100),
        });

    public void Dispose()
    {
        foreach (var node in nodes.Values) node.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private static string List(Seq<int> ports) => string.Join(',', ports.Map((i, port) => $"{i + 1}=127.0.0.1:{port}"));
}
