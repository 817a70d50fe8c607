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

    /// <summary>Cuts off the leader that counts: that of the latest term.</summary>
    public static void IsolateLeader(this World world) => world.Leader.IfSome(world.Wire.CutOff);

    public static void MakeAllWell(this World world)
    {
        world.Wire.HealAll();
        world.Start();
    }
}
