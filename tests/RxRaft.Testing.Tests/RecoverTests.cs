using System.Reactive.Concurrency;

namespace RxRaft.Tests;

/// <summary>What a cluster has to do when the storm is over.</summary>
public sealed class RecoverTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void It_has_recovered_when_everybody_runs_and_agrees(bool isOneDown)
    {
        using var store = new MachineWorld<Map<string, string>, KeyValueCommand, Option<string>>(
            WorldOptions.Of(3, 1), KeyValueMachine.Instance, new HistoricalScheduler());
        store.World.Start();
        var workload = new Workload<Map<string, string>, KeyValueCommand, Option<string>>(store, Trials.KeyValue, new Dice(1)).Begin(2);
        store.World.RunFor(TimeSpan.FromSeconds(1));
        if (isOneDown) store.World.Leader.IfSome(store.World.Crash);

        var late = Record.Exception(() => Swarm<Map<string, string>, KeyValueCommand, Option<string>>.Recover(
            TimeSpan.FromSeconds(5), store, workload));

        Assert.Equal(isOneDown, late is LivenessException);
        Assert.Equal(isOneDown, late?.Message.StartsWith("no agreement after the storm", StringComparison.Ordinal) ?? false);
    }
}
