using System.Threading;
using System.Threading.Tasks;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>A world of nodes with a replicated key-value store, and short words for what campaigns ask of it.</summary>
internal sealed class KeyValueCluster(WorldOptions options)
    : MachineWorld<Map<string, string>, KeyValueCommand, Option<string>>(
        options, KeyValueMachine.Instance, new TestScheduler())
{
    public KeyValueCluster Start()
    {
        World.Start();
        return this;
    }

    /// <summary>Started, and with a leader that all know.</summary>
    public KeyValueCluster Led()
    {
        Lead();
        return this;
    }

    public Task<Option<string>> Put(NodeId node, string key, string value, CancellationToken cancel = default) =>
        this[node].ProposeAsync(new KeyValueCommand.Put(key, value), cancel);

    public Task<Option<string>> Append(NodeId node, string key, string value, CancellationToken cancel = default) =>
        this[node].ProposeAsync(new KeyValueCommand.Append(key, value), cancel);

    public Task<Option<string>> Get(NodeId node, string key, CancellationToken cancel = default) =>
        this[node].ReadAsync(state => state.Find(key), cancel);

    /// <summary>Lets time pass until somebody is answered.</summary>
    public T Result<T>(Task<T> asked, double seconds = 5)
    {
        Expect(_ => asked.IsCompleted, TimeSpan.FromSeconds(seconds), "answer");
        return asked.GetAwaiter().GetResult();
    }
}
