using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using RxRaft.Testing;
using StackExchange.Redis;

namespace RxRaft.Samples.KeyValue;

/// <summary>
/// Several clients at all nodes: half of what they do is with a few keys that they share, and remembered as a history;
/// the other half are keys of their own, each written once.
/// </summary>
internal sealed class Load : IAsyncDisposable
{
    private readonly ConnectionMultiplexer[] clients;
    private readonly Stopwatch watch = Stopwatch.StartNew();
    private readonly CancellationTokenSource ending = new();
    private readonly Lock gate = new();
    private readonly List<Task> workers = [];
    private readonly SemaphoreSlim done = new(0);

    private Load(ConnectionMultiplexer[] clients) => this.clients = clients;

    public History<Register, string> History { get; private set; } = History<Register, string>.Empty;

    /// <summary>Keys that were written and acknowledged, with their values.</summary>
    public ConcurrentDictionary<string, string> Acknowledged { get; } = new();

    public static async Task<Load> Begin(StoreProcesses nodes, int workers)
    {
        var load = new Load(await Task.WhenAll(Enumerable.Range(1, 3).Select(nodes.Connect)));
        for (var i = 0; i < workers; i++)
        {
            var worker = i;
            load.workers.Add(Task.Run(() => load.Work(worker)));
        }

        return load;
    }

    /// <summary>So much more was acknowledged.</summary>
    public async Task HasDone(int count)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (done.CurrentCount > 0) await done.WaitAsync(patience.Token);
        for (var i = 0; i < count; i++) await done.WaitAsync(patience.Token);
    }

    public async Task End()
    {
        await ending.CancelAsync();
        await Task.WhenAll(workers);
    }

    /// <summary>What was acknowledged and a node does not have.</summary>
    public async Task<List<string>> Missing(StoreProcesses nodes, int node)
    {
        var missing = new List<string>();
        await using var client = await nodes.Connect(node);         // those of the load may not have noticed yet that it is back
        foreach (var some in Acknowledged.Chunk(500))
        {
            var values = await client.GetDatabase().StringGetAsync([.. some.Select(each => (RedisKey)each.Key)]);
            missing.AddRange(some.Index().Where(each => each.Item.Value != values[each.Index]).Select(each => each.Item.Key));
        }

        return missing;
    }

    public async ValueTask DisposeAsync()
    {
        await End();
        foreach (var client in clients) await client.DisposeAsync();
    }

    private async Task Work(int worker)
    {
        var random = new Random(worker);
        for (var i = 0; !ending.IsCancellationRequested; i++)
        {
            var command = Draw(random, $"{worker}.{i}");
            if (i % 2 == 0)
            {
                await Share(Client(worker + i), worker, command);
                await Share(Client(worker + i + 1), worker, new Register.Get(command.Key));     // at once, and elsewhere
            }
            else
            {
                await WriteOnce(Client(worker + i), $"w{worker}:{i}");
            }
        }
    }

    private IDatabase Client(int node) =>
        (Enumerable.Range(node, 3).Select(other => clients[other % 3]).FirstOrDefault(other => other.IsConnected) ?? clients[node % 3])
            .GetDatabase();

    private static Register Draw(Random random, string value)
    {
        var key = $"r{random.Next(4)}";
        return random.Next(5) switch
        {
            0 => new Register.Set(key, value),
            1 => new Register.Cas(key, $"{random.Next(6)}.{random.Next(100)}", value),
            2 => new Register.Append(key, "+"),
            _ => new Register.Get(key),
        };
    }

    private async Task Share(IDatabase store, int worker, Register command)
    {
        Remember(history => history.Invoked(worker, command, watch.Elapsed));
        try
        {
            var result = await Ask(store, command);
            Remember(history => history.Returned(worker, result, watch.Elapsed));
            done.Release();
        }
        catch (RedisServerException refused) when (refused.Message.StartsWith("TRYAGAIN", StringComparison.Ordinal))
        {
            Remember(history => history.Refused(worker, watch.Elapsed));
        }
        catch (Exception lost) when (lost is RedisException or TimeoutException)
        {
            Remember(history => command is Register.Get ? history.Refused(worker, watch.Elapsed) : history.Lost(worker, watch.Elapsed));
        }
    }

    private async Task WriteOnce(IDatabase store, string key)
    {
        try
        {
            await store.StringSetAsync(key, $"of {key}");
            Acknowledged[key] = $"of {key}";
            done.Release();
        }
        catch (Exception lost) when (lost is RedisException or TimeoutException)
        {
            // nobody was told that it was written
        }
    }

    private static async Task<string> Ask(IDatabase store, Register command) => command switch
    {
        Register.Get(var key) => (string?)await store.StringGetAsync(key) ?? "(nil)",
        Register.Set(var key, var value) => await store.StringSetAsync(key, value) ? "OK" : "(nil)",
        Register.Cas(var key, var expected, var value) => $"{await store.ExecuteAsync("CAS", key, expected, value)}",
        Register.Append(var key, var value) => $"{await store.StringAppendAsync(key, value)}",
        _ => throw new InvalidOperationException($"{command}"),
    };

    private void Remember(Func<History<Register, string>, History<Register, string>> happened)
    {
        lock (gate) History = happened(History);
    }
}
