using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using DotNext.Net.Cluster.Consensus.Raft;
using DotNext.Net.Cluster.Consensus.Raft.Membership;
using DotNext.Net.Cluster.Consensus.Raft.StateMachine;

namespace RxRaft.Benchmarks;

/// <summary>DotNext.Net.Cluster's Raft over its TCP transport, with its write-ahead log in chunks of 1 MiB.</summary>
/// <remarks>
/// "In memory" is a write-ahead log on a file system that is memory, since its log in memory drops what is in the
/// entries. Its own state machine does nothing.
/// </remarks>
internal sealed class DotNextRaft : IContender
{
    private readonly List<RaftCluster> nodes = [];
    private readonly List<WriteAheadLog> logs = [];
    private readonly DirectoryInfo directory;
    private RaftCluster? leader;

    private DotNextRaft(DirectoryInfo directory) => this.directory = directory;

    public static async Task<IContender> Start(Storage storage)
    {
        var root    = storage == Storage.Memory ? "/dev/shm" : Path.GetTempPath();
        var cluster = new DotNextRaft(Directory.CreateDirectory(Path.Combine(root, $"versus-{Guid.NewGuid():N}")));
        var ports   = Ports.Free(3);
        foreach (var port in ports) cluster.Add(port, ports);
        foreach (var node in cluster.nodes) await node.StartAsync();

        await await Task.WhenAny(cluster.nodes.Select(node => node.WaitForLeadershipAsync()));
        cluster.leader = cluster.nodes.First(node => !node.LeadershipToken.IsCancellationRequested);
        return cluster;
    }

    public Task Commit(byte[] command) => leader!.ReplicateAsync(command).AsTask();

    public async ValueTask DisposeAsync()
    {
        foreach (var node in nodes)
        {
            await node.StopAsync();
            await node.DisposeAsync();
        }

        foreach (var log in logs) await log.DisposeAsync();
        directory.Delete(recursive: true);
    }

    private void Add(int port, int[] ports)
    {
        var configuration = new RaftCluster.TcpConfiguration(new IPEndPoint(IPAddress.Loopback, port))
        {
            LowerElectionTimeout = 1000,
            UpperElectionTimeout = 2000,
            ColdStart = false,
            ConfigurationStorage = null,                                                    // in memory
        };
        var members = ((InMemoryClusterConfigurationStorage<EndPoint>)configuration.ConfigurationStorage!)
            .CreateInitialConfigurationBuilder();
        foreach (var member in ports) members.Add(new IPEndPoint(IPAddress.Loopback, member));
        members.Build();

        var log = new WriteAheadLog(
            new WriteAheadLog.Options { Location = Path.Combine(directory.FullName, $"{port}"), ChunkSize = 1 << 20 },
            new Nothing());
        logs.Add(log);
        nodes.Add(new RaftCluster(configuration) { AuditTrail = log });
    }

    private sealed class Nothing : IStateMachine
    {
        public ISnapshot? Snapshot => null;

        public ValueTask ReclaimGarbageAsync(long watermark, CancellationToken token) => ValueTask.CompletedTask;

        public ValueTask<long> ApplyAsync(LogEntry entry, CancellationToken token) => new(entry.Index);
    }
}

/// <summary>Ports that nobody listens on.</summary>
internal static class Ports
{
    public static int[] Free(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        foreach (var listener in listeners) listener.Start();
        int[] free = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Dispose();
        return free;
    }
}
