using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>
/// A cluster in bad weather: links cut and healed, nodes crashed and restarted, on an unreliable wire.
/// </summary>
internal static class Storm
{
    private static readonly WireFaults Wild = WireFaults.Unreliable with { Reordering = 0.4, HeldUpMax = TimeSpan.FromMilliseconds(900) };

    /// <summary>What comes of some seconds of it, all chance drawn from the seed.</summary>
    /// <param name="step">The algorithm.</param>
    /// <param name="seed">Of the world and of the weather.</param>
    /// <param name="prepare">Puts something on the disks before the start.</param>
    public static World Blow(Func<NodeState, Input, Transition> step, ulong seed, Action<World>? prepare = null)
    {
        var options = WorldOptions.Of(seed % 2 == 0 ? 3 : 5, seed) with
        {
            Wire = Wild, Disk = DiskFaults.Slow, ClockDrift = Settings.Default.ClockDriftBound, Step = step,
        };
        var world = new World(options, new TestScheduler());
        prepare?.Invoke(world);
        world.Start();

        var dice = new Dice(seed).Fork();
        for (var gust = 0; gust < 60 && world.Violation.IsNone; gust++)
        {
            Gust(world, dice);
            Pass(world, dice.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(500)));
        }

        return world;
    }

    /// <summary>Everything heals.</summary>
    public static void Calm(World world)
    {
        world.Wire.Faults = WireFaults.None;
        world.Wire.HealAll();
        world.Start();
    }

    private static void Gust(World world, Dice dice)
    {
        var node = world.Nodes[dice.Below(world.Nodes.Count)];
        var other = world.Nodes[dice.Below(world.Nodes.Count)];
        switch (dice.Below(10))
        {
            case 0 or 1: world.Wire.CutOff(node); break;
            case 2 or 3: world.Wire.HealAll(); break;
            case 4: world.Wire.Cut(node, other); break;
            case 5: world.Leader.IfSome(world.Wire.CutOff); break;
            case 6 or 7 when world.IsRunning(node): world.Crash(node); break;
            case 8 or 9: world.Start(); break;
        }
    }

    // A violation ends the run, but is the caller's to judge.
    private static void Pass(World world, TimeSpan span)
    {
        try
        {
            world.RunFor(span);
        }
        catch (PropertyViolationException)
        {
            Assert.True(world.Violation.IsSome);
        }
    }
}
