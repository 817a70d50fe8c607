using System.Reactive.Threading.Tasks;

namespace RxRaft.Samples;

/// <summary>What a watcher can do to a world, whatever state it is in.</summary>
internal static class Orders
{
    public static void CrashIfUp(this World world, NodeId node)
    {
        if (world.IsRunning(node)) world.Crash(node);
    }

    public static void RestartIfDown(this World world, NodeId node)
    {
        if (!world.IsRunning(node)) world.Restart(node);
    }

    /// <summary>
    /// A client asks a node to count up, once or many times at once, and waits for as long as it takes: without a
    /// leader until there is one, and for nothing if the node crashes.
    /// </summary>
    public static void ProposeIfUp(this World world, NodeId node, int times)
    {
        if (!world.IsRunning(node)) return;

        var counter = world.Counter(node);
        Range(0, times).Iter(_ => counter.ProposeAsync(1).ToObservable().Subscribe(_ => { }, _ => { }));
    }

    /// <summary>Cuts off the leader that counts: that of the latest term.</summary>
    public static void IsolateLeader(this World world) => world.Leader.IfSome(world.Wire.CutOff);

    public static void MakeAllWell(this World world)
    {
        world.Wire.HealAll();
        world.Start();
    }
}
