using System.Reactive.Concurrency;
using System.Threading;

namespace RxRaft;

/// <summary>Where the parts of a node run.</summary>
/// <param name="Node">Its steps, one at a time, and its clock.</param>
/// <param name="Timers">The end of its lease.</param>
/// <param name="Work">The leader's work.</param>
/// <param name="Cancel">Cancels the leader's work: the token at once, its callbacks not on the node's thread.</param>
/// <param name="Release">Ends the threads that are the node's own.</param>
internal sealed record RaftNodeThreads(
    IScheduler Node, IScheduler Timers, IScheduler Work, Action<CancellationTokenSource> Cancel, Action Release)
{
    /// <summary>Threads for the steps and for the lease, the pool for everything that users may keep busy.</summary>
    public static RaftNodeThreads OfItsOwn(NodeId self)
    {
        var steps = new PunctualScheduler($"raft {self}");
        var lease = new PunctualScheduler($"raft {self} lease");
        return new(steps, lease, TaskPoolScheduler.Default, lost => _ = lost.CancelAsync(), () =>
        {
            steps.Dispose();
            lease.Dispose();
        });
    }

    /// <summary>
    /// The steps on a scheduler that somebody brought; everything on it, if it is virtual and brings its own time.
    /// </summary>
    /// <remarks>
    /// On a real one, work that keeps its thread busy would keep the node from losing its lease. Rx's real schedulers
    /// are all local ones; its virtual ones, and what somebody wraps around them, are not.
    /// </remarks>
    public static RaftNodeThreads Around(IScheduler scheduler)
    {
        if (scheduler is not LocalScheduler) return AllOn(scheduler);

        var lease = new PunctualScheduler("raft lease");
        return new(scheduler, lease, TaskPoolScheduler.Default, lost => _ = lost.CancelAsync(), lease.Dispose);
    }

    /// <summary>All on one scheduler, which stays when the node is gone.</summary>
    public static RaftNodeThreads AllOn(IScheduler scheduler) =>
        new(scheduler, scheduler, scheduler, lost => lost.Cancel(), () => { });
}
