namespace RxRaft.Samples;

/// <summary>What a watcher can do to a world, whatever state it is in.</summary>
internal static class Orders
{
    /// <summary>Whether no message passes to a node or from it.</summary>
    public static bool IsCutOff(this World world, NodeId node) => world.Nodes.ForAll(other =>
        other == node || (!world.Wire.Passes(node, other) && !world.Wire.Passes(other, node)));

    public static void CutOff(this World world, NodeId node)
    {
        if (!world.IsCutOff(node)) world.Wire.CutOff(node);
    }

    /// <summary>Connects a node with all that are not cut off themselves.</summary>
    public static void Heal(this World world, NodeId node)
    {
        if (!world.IsCutOff(node)) return;

        var others = world.Nodes.Filter(other => other != node && world.IsCutOff(other)).Strict();
        world.Wire.Rejoin(node);
        others.Iter(world.Wire.CutOff);     // Rejoin has connected them with the node
    }

    public static void CrashIfUp(this World world, NodeId node)
    {
        if (world.IsRunning(node)) world.Crash(node);
    }

    public static void RestartIfDown(this World world, NodeId node)
    {
        if (!world.IsRunning(node)) world.Restart(node);
    }

    /// <summary>Cuts off the leader that counts: that of the latest term.</summary>
    public static void IsolateLeader(this World world) => world.Leader.IfSome(world.CutOff);

    public static void MakeAllWell(this World world)
    {
        world.Wire.HealAll();
        world.Start();
    }
}
