using System.Collections.Generic;
using System.Linq;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Threading.Tasks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

[assembly: CollectionBehavior(DisableTestParallelization = true)]       // whole clusters in real time, each with all of the machine

namespace RxRaft.Hosting;

/// <summary>Services with a node each, on loopback.</summary>
internal sealed class Hosts : IAsyncDisposable
{
    public static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);

    /// <summary>A test goes on outside of the step that it has seen: in there it could not wait for the node's end.</summary>
    public static readonly IScheduler Elsewhere = TaskPoolScheduler.Default;

    private readonly Dictionary<NodeId, IHost> hosts = [];

    private Hosts() { }

    /// <summary>So many, started.</summary>
    /// <param name="add">Adds the node to a service.</param>
    /// <param name="options">Beyond the least.</param>
    public static async Task<Hosts> Start(
        int nodes, Action<HostApplicationBuilder, IConfiguration> add, params (string Name, string Value)[] options)
    {
        var all = Prepare(nodes, add, options);
        foreach (var host in all.hosts.Values) await host.StartAsync();
        return all;
    }

    public static Hosts Prepare(
        int nodes, Action<HostApplicationBuilder, IConfiguration> add, params (string Name, string Value)[] options)
    {
        var all   = new Hosts();
        var ports = FreePorts.For([.. Enumerable.Range(1, nodes).Select(id => (ulong)id)]);
        foreach (var (id, address) in ports)
        {
            var builder = Host.CreateEmptyApplicationBuilder(new());
            var least = ports.Select(peer => ($"Peers:{peer.Key.Value}", $"{peer.Value}"))
                .Append(("Cluster", "test")).Append(("Id", $"{id.Value}")).Append(("Listen", $"{address}"))
                .Append(("ElectionTimeoutMin", nodes == 1 ? "00:00:00.050" : "00:00:01"))
                .Append(("ElectionTimeoutMax", nodes == 1 ? "00:00:00.100" : "00:00:02"))
                .Append(("HeartbeatInterval", nodes == 1 ? "00:00:00.010" : "00:00:00.100"));
            builder.Configuration.AddInMemoryCollection(least.Concat(options)
                .Select(option => KeyValuePair.Create($"Raft:{option.Item1}", (string?)option.Item2)));
            builder.Logging.SetMinimumLevel(LogLevel.Trace).AddFakeLogging();
            add(builder, builder.Configuration.GetSection("Raft"));
            all.hosts.Add(id, builder.Build());
        }

        return all;
    }

    public IReadOnlyList<NodeId> Ids => [.. hosts.Keys];

    public IHost this[NodeId id] => hosts[id];

    public IServiceProvider Only => hosts.Values.Single().Services;

    public T Get<T>(NodeId id) where T : notnull => hosts[id].Services.GetRequiredService<T>();

    public IReadOnlyList<FakeLogRecord> Log(NodeId id) => hosts[id].Services.GetFakeLogCollector().GetSnapshot();

    /// <summary>Whom each of some nodes takes for the leader, once it is the same one, and none of those excepted.</summary>
    public async Task<NodeId> Leader(params NodeId[] gone)
    {
        var known = Ids.Except(gone).Select(id => Get<IObservable<Leadership>>(id)).CombineLatest();
        var agreed = await known
            .Where(all => all.Distinct().Count() == 1 && all[0].Leader.Exists(leader => !gone.Contains(leader)))
            .FirstAsync().Timeout(Generous).ToTask(Elsewhere);
        return agreed[0].Leader.Single();
    }

    /// <summary>Clients are answered before the node has noted that their command is applied.</summary>
    public async Task Applied(NodeId id, ulong index) => await Get<RaftNode>(id).Transitions
        .FirstAsync(step => step.State.LastApplied >= new LogIndex(index)).Timeout(Generous)
        .ToTask(Elsewhere);

    /// <summary>Nobody hands over: who of them was stopped before did.</summary>
    public ValueTask DisposeAsync()
    {
        foreach (var host in hosts.Values) host.Dispose();
        return ValueTask.CompletedTask;
    }
}
