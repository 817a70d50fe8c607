using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace RxRaft.Benchmarks;

/// <summary>Three servers of Debian's etcd, each a process with a disk, and a driver with etcd's own client.</summary>
internal sealed class EtcdCluster : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("rxraft-etcd-").FullName;
    private readonly Seq<int> ports = FreePorts.Many(6);
    private readonly List<Process> nodes = [];

    public static async Task<EtcdCluster> Start()
    {
        var cluster = new EtcdCluster();
        await cluster.Build();
        for (var i = 0; i < 3; i++) cluster.Start(i);
        return cluster;
    }

    /// <summary>What the leader does with so many callers.</summary>
    /// <param name="test">put or get.</param>
    public async Task<Throughput> Measure(string test, int callers, TimeSpan length)
    {
        var all    = string.Join(',', Enumerable.Range(0, 3).Select(i => $"127.0.0.1:{ports[i]}"));
        var leader = (await Drive("-endpoints", all)).Trim();
        var time   = FormattableString.Invariant($"{length.TotalSeconds}s");
        var result = (await Drive("-endpoints", leader, "-test", test, "-callers", $"{callers}", "-length", time))
            .Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToList();
        return new(result[0], result[1], result[2]);
    }

    public void Dispose()
    {
        nodes.ForEach(Programs.Kill);
        Directory.Delete(root, recursive: true);
    }

    private string Driver => Path.Combine(root, "driver");

    private Task<string> Drive(params string[] args) => Programs.Run(Driver, "", args);

    private Task Build()
    {
        var source = Path.Combine(AppContext.BaseDirectory, "etcd", "main.go");
        return Programs.Run("go", "golang-go golang-etcd-server-dev", ["build", "-o", Driver, source], new Dictionary<string, string>
        {
            ["GO111MODULE"] = "off",
            ["GOPATH"] = "/usr/share/gocode",
            ["GOFLAGS"] = "",
            ["GOCACHE"] = Path.Combine(root, "go"),
        });
    }

    private void Start(int i)
    {
        string Client(int of) => $"http://127.0.0.1:{ports[of]}";
        string Peer(int of) => $"http://127.0.0.1:{ports[3 + of]}";
        nodes.Add(Programs.Start("etcd", "etcd-server", [
            "--name", $"n{i}", "--data-dir", Path.Combine(root, $"n{i}"),
            "--log-level", "error", "--logger", "zap", "--log-outputs", Path.Combine(root, $"n{i}.log"),
            "--listen-client-urls", Client(i), "--advertise-client-urls", Client(i),
            "--listen-peer-urls", Peer(i), "--initial-advertise-peer-urls", Peer(i), "--initial-cluster-state", "new",
            "--initial-cluster", string.Join(',', Enumerable.Range(0, 3).Select(of => $"n{of}={Peer(of)}"))]));
    }
}

/// <summary>How many requests a second, and how long one waits, in milliseconds.</summary>
internal sealed record Throughput(double PerSecond, double P50, double P99);
