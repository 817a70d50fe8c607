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

    /// <summary>
    /// The steps on a scheduler that somebody brought; everything on it, if it is virtual and brings its own time.
    /// </summary>
    /// <remarks>On a real one, work that keeps its thread busy would keep the node from losing its lease.</remarks>
    public static RaftNodeThreads Around(IScheduler scheduler) => IsVirtual(scheduler)
        ? AllOn(scheduler)
        : new(scheduler, DefaultScheduler.Instance, TaskPoolScheduler.Default, lost => _ = lost.CancelAsync(), Stay);

    /// <summary>All on one scheduler, which stays when the node is gone.</summary>
    public static RaftNodeThreads AllOn(IScheduler scheduler) =>
        new(scheduler, scheduler, scheduler, lost => lost.Cancel(), Stay);

    private static bool IsVirtual(IScheduler scheduler)
    {
        for (var type = scheduler.GetType(); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VirtualTimeSchedulerBase<,>))
                return true;
        }

        return false;
    }

    private static void Stay() { }
}
