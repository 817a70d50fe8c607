using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>Clients of a replicated store, each asking one thing after another of any node, and what they saw.</summary>
internal sealed class Workload
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private static readonly string[] Keys = ["a", "b", "c"];

    private readonly KeyValueCluster store;
    private readonly Dice dice;
    private int written;
    private bool over;

    private Workload(KeyValueCluster store, Dice dice) => (this.store, this.dice) = (store, dice);

    /// <summary>What the clients saw.</summary>
    public History<KeyValueCommand, Option<string>> History { get; private set; } = History<KeyValueCommand, Option<string>>.Empty;

    /// <summary>How many answers there were.</summary>
    public int Answers { get; private set; }

    /// <summary>Clients that begin now, and go on until they are told to stop.</summary>
    public static Workload Start(KeyValueCluster store, Dice dice, int clients = 4)
    {
        var workload = new Workload(store, dice);
        for (var client = 1; client <= clients; client++) _ = workload.Run(client);
        return workload;
    }

    /// <summary>No more is asked; what was asked is waited for.</summary>
    public void Stop()
    {
        over = true;
        store.Pass(Patience.TotalMilliseconds + 1);
    }

    /// <summary>What they saw can be explained by one thing happening after another.</summary>
    public void IsLinearizable()
    {
        var verdict = Linearizability.Check(History, KeyValueModel.Instance);
        Assert.True(verdict is Verdict<KeyValueCommand, Option<string>>.Linearizable, $"seed {store.World.Seed}: {verdict}");
    }

    private async Task Run(int client)
    {
        while (!over)
        {
            if (!store.World.Running.IsEmpty) await Ask(client).Inline();
            await store.Idle(dice.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(40))).Inline();
        }
    }

    private async Task Ask(int client)
    {
        var node    = store[store.Any(dice)];
        var command = Command();
        using var patience = new CancellationTokenSource();
        using var alarm = store.World.After(Patience, patience.Cancel);
        History = History.Invoked(client, command, store.World.Now);
        try
        {
            var result = command is KeyValueCommand.Get(var key) && dice.Chance(0.8)
                ? await node.ReadAsync(state => state.Find(key), patience.Token).Inline()
                : await node.ProposeAsync(command, patience.Token).Inline();
            History = History.Returned(client, result, store.World.Now);
            Answers++;
        }
        catch (Exception failure) when (failure is OperationCanceledException or ObjectDisposedException or RequestFailedException)
        {
            History = History.Lost(client, store.World.Now);
        }
    }

    private KeyValueCommand Command()
    {
        var key = Keys[dice.Below(Keys.Length)];
        return dice.Below(10) switch
        {
            < 4 => new KeyValueCommand.Get(key),
            < 8 => new KeyValueCommand.Append(key, $"{++written} "),
            8 => new KeyValueCommand.Put(key, $"{++written} "),
            _ => new KeyValueCommand.Cas(key, Recent(key), $"{++written} "),
        };
    }

    private Option<string> Recent(string key) =>
        store.Latest.Values.Select(latest => latest.State.Find(key)).FirstOrDefault();
}
