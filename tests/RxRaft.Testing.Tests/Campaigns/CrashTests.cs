using System.Linq;

namespace RxRaft.Tests;

/// <summary>Nodes that lose everything but their disks.</summary>
public sealed class CrashTests
{
    [Theory]
    [MemberData(nameof(Wires.Both), MemberType = typeof(Wires))]
    public void All_crash_and_restart_and_nothing_that_was_acknowledged_is_lost(string wire) => Wires.EachSeed(wire, (store, dice) =>
    {
        store.Led();
        for (var life = 0; life < 4; life++)
        {
            store.Result(store.Append(store.Any(dice), "all", $"{life} "));
            var pending = store.Append(store.Any(dice), "maybe", $"{life} ");       // some make it, some do not
            store.Pass(dice.Below(8));
            store.World.Running.Iter(store.World.Crash);
            store.Pass(dice.Below(100));
            store.Led();
            Assert.True(pending.IsCompleted, "a node that stopped leaves nobody waiting");
        }

        Assert.Equal("0 1 2 3 ", store.Result(store.Get(store.Any(dice), "all")));
        var maybe = store.Result(store.Get(store.Any(dice), "maybe")).IfNone("").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(maybe.Distinct(), maybe);
        store.Expect(store.AllAgree, TimeSpan.FromSeconds(5), "agreement");
    });

    /// <summary>§3.6.2, Figure 3.7 ("Figure 8" of the paper), drawn by chance: leaders crash right after they appended.</summary>
    [Theory]
    [MemberData(nameof(Wires.Both), MemberType = typeof(Wires))]
    public void Leaders_that_crash_with_entries_half_replicated_never_undo_what_is_committed(string wire) => Wires.EachSeed(
        wire,
        (store, dice) =>
        {
            store.Start();
            for (var round = 0; round < 12; round++)
            {
                foreach (var node in store.World.Leaders) _ = store.Append(node, "all", $"{round} ");
                store.Pass(dice.Chance(0.1) ? dice.Below(150) : dice.Below(13));
                if (store.World.Leader.Case is NodeId leader && dice.Chance(0.8)) store.World.Crash(leader);
                while (store.World.Running.Count <= store.World.Nodes.Count / 2) Restart(store, dice);
                if (store.World.Leaders.IsEmpty) store.World.RunUntil(world => world.Leader.IsSome, TimeSpan.FromSeconds(1));
            }

            store.Led();
            store.Result(store.Append(store.Leader, "all", "end"), seconds: 10);
            store.Expect(store.AllAgree, TimeSpan.FromSeconds(10), "agreement");
        },
        options => options with { Disk = DiskFaults.Slow with { LatencyMax = TimeSpan.FromMilliseconds(10) } });

    private static void Restart(KeyValueCluster store, Dice dice)
    {
        var down = store.World.Nodes.Filter(node => !store.World.IsRunning(node)).Strict();
        store.World.Restart(down[dice.Below(down.Count)]);
    }
}
