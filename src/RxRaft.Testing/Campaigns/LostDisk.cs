using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Testing;

/// <summary>
/// A node that loses its disk, and operators who know what to do: it starts as one that is to join, is removed, and is
/// added again.
/// </summary>
/// <param name="world">Where.</param>
/// <remarks>
/// One at a time, and only where a majority of any configuration in anybody's log is left without it: to lose more is
/// more than Raft promises to survive.
/// </remarks>
internal sealed class LostDisk(World world)
{
    private Option<Loss> lost;

    /// <summary>Whether everybody has a disk with what it once said on it.</summary>
    public bool IsMended => lost.IsNone;

    /// <summary>A node's disk is lost, if another is not yet, and it starts with an empty one.</summary>
    public void Lose(NodeId node)
    {
        if (lost.IsSome || !world.Nodes.ForAll(IsSpareTo)) return;

        if (world.IsRunning(node)) world.Crash(node);
        world.Wipe(node);
        world.Restart(node);
        lost = new Loss(node);
    }

    /// <summary>The next thing that an operator does, if there is somebody to ask for it.</summary>
    /// <remarks>
    /// That the node knows something of the cluster again is no sign that it was removed: what a leader sent it before
    /// may come late.
    /// </remarks>
    public void Mend()
    {
        if (lost.Case is not Loss loss || world.Leader.Case is not NodeId leader) return;

        var members = world.StateOf(leader).Configuration;
        if (!loss.IsRemoved) Remove(loss, world[leader]);
        else if (!members.IsVoter(loss.Node)) world[leader].AddAsync(loss.Node);
        else if (members is Configuration.Simple) lost = None;
    }

    private static void Remove(Loss loss, RaftNode leader) =>
        leader.RemoveAsync(loss.Node).ContinueWith(
            asked => loss.IsRemoved |= asked is { IsCompletedSuccessfully: true, Result: Outcome.Done },
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);

    private bool IsSpareTo(NodeId node) =>
        IsSpare(world.StateOf(node).Configuration) && IsSpare(world.Durable(node).Log.Configuration);

    private static bool IsSpare(Configuration configuration) => configuration switch
    {
        Configuration.Simple one => one.Voters.IsEmpty || one.Voters.Count >= 3,
        Configuration.Joint two => two.Old.Count >= 3 && two.New.Count >= 3,
        _ => throw Unreachable.Case(configuration),
    };

    private sealed class Loss(NodeId node)
    {
        public NodeId Node => node;

        /// <summary>Since its disk was lost.</summary>
        public bool IsRemoved { get; set; }
    }
}
