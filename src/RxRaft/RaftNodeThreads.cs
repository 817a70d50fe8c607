using System.Reactive.Concurrency;
using System.Threading;

namespace RxRaft;

/// <summary>Where the parts of a node run.</summary>
/// <param name="Node">Its steps, one at a time, and its clock.</param>
/// <param name="Timers">The end of its lease.</param>
/// <param name="Work">The leader's work.</param>
/// <param name="Cancel">Cancels the leader's work: the token at once, its callbacks not on the node's thread.</param>
/// <param name="Release">Ends the node's own thread, if it has one.</param>
internal sealed record RaftNodeThreads(
    IScheduler Node, IScheduler Timers, IScheduler Work, Action<CancellationTokenSource> Cancel, Action Release)
{
    /// <summary>A thread for the steps, the pool for everything that users may keep busy.</summary>
    public static RaftNodeThreads OfItsOwn(NodeId self)
    {
        var own = new EventLoopScheduler(start => new Thread(start) { Name = $"raft {self}", IsBackground = true });
        return new(
            own, DefaultScheduler.Instance, TaskPoolScheduler.Default, lost => _ = lost.CancelAsync(), own.Dispose);
    }

    /// <summary>All on one scheduler, which brings its own time, and stays when the node is gone.</summary>
    public static RaftNodeThreads On(IScheduler scheduler) =>
        new(scheduler, scheduler, scheduler, lost => lost.Cancel(), () => { });
}
