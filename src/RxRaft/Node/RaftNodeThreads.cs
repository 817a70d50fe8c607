using System.Reactive.Concurrency;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>Where the parts of a node run.</summary>
/// <param name="Intake">Where its steps run, one at a time.</param>
/// <param name="Node">Its clock, and what wakes it.</param>
/// <param name="Timers">The end of its lease, and the pauses between two attempts of a client.</param>
/// <param name="Machine">Where the state machine applies commands.</param>
/// <param name="Work">The leader's work.</param>
/// <param name="Chores">The writing of snapshots.</param>
/// <param name="Tell">Has callers go on when they are answered: at once, or elsewhere.</param>
/// <param name="Pausing">How clients go on after a pause: at once, or elsewhere.</param>
/// <param name="Cancel">
/// Cancels the leader's work: the token at once; its callbacks on the pool, or in virtual time at once too.
/// </param>
/// <param name="Release">
/// Ends the threads that are the node's own, each after what it is doing; ends when they have, and when nobody else's
/// thread is inside the node, applies commands or writes a snapshot.
/// </param>
internal sealed record RaftNodeThreads(
    IIntake Intake, IScheduler Node, IScheduler Timers, IScheduler Machine, IScheduler Work,
    IScheduler Chores, Action<IThreadPoolWorkItem> Tell, TaskCreationOptions Pausing,
    Action<CancellationTokenSource> Cancel, Func<Task> Release)
{
    /// <summary>
    /// The steps on whatever thread brings something; timers on a thread of their own, and the state machine too,
    /// unless it is quick enough to be run by who leaves the intake; the pool for all that users may keep busy.
    /// </summary>
    /// <param name="self">Whose.</param>
    /// <param name="alone">Whether at most one client waits for an answer.</param>
    /// <param name="clock">Measures how quick the state machine is; by default the system's.</param>
    public static RaftNodeThreads OfItsOwn(NodeId self, Func<bool> alone, TimeProvider? clock = null)
    {
        var (ticks, machine) = (new PunctualScheduler($"raft {self}"), new PunctualScheduler($"raft {self} machine"));
        var errands = new Errands(machine, clock ?? TimeProvider.System, GC.GetTotalPauseDuration);
        var answers = new Answers($"raft {self} answers", Pool, ticks);
        var guests  = new Guests(ticks);
        var intake  = new SerialDrain(alone, SerialDrain.Turn, Soon, ticks, () =>
        {
            if (ticks.IsThisThread) errands.RunElsewhere(); else errands.Run();     // or ticks would be late
        });
        return Real($"raft {self}", intake, ticks, errands, Seq(ticks, machine), Tell, async () =>
        {
            await Task.WhenAll(intake.Close(), errands.Close()).ConfigureAwait(false);
            answers.Dispose();
            guests.Dispose();
        });

        void Tell(IThreadPoolWorkItem who)
        {
            if (!alone() || !guests.TryTakeIn(who)) answers.Tell(who);
        }

        // Where others are who are about to ask, too.
        void Soon(IThreadPoolWorkItem drain)
        {
            if (Thread.CurrentThread.IsThreadPoolThread || answers.IsHeldUp) Pool(drain);
            else answers.Afterwards(drain);
        }
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

        var machine = new PunctualScheduler("raft machine");
        return Real(
            "raft", new ScheduledIntake(scheduler), scheduler, machine, Seq1(machine), Pool, () => Task.CompletedTask);
    }

    /// <summary>All on one scheduler, which stays when the node is gone.</summary>
    public static RaftNodeThreads AllOn(IScheduler scheduler) =>
        new(new ScheduledIntake(scheduler), scheduler, scheduler, scheduler, scheduler, scheduler,
            InPlace, TaskCreationOptions.None, lost => lost.Cancel(), () => Task.CompletedTask);

    /// <summary>With callers that go on where their answer becomes known, if they asked for that.</summary>
    public RaftNodeThreads AnsweringInPlace(bool asked) => asked ? this with { Tell = InPlace } : this;

    private static void InPlace(IThreadPoolWorkItem item) => item.Execute();

    private static void Pool(IThreadPoolWorkItem item) => ThreadPool.UnsafeQueueUserWorkItem(item, preferLocal: false);

    private static RaftNodeThreads Real(
        string name, IIntake intake, IScheduler steps, IScheduler machine, Seq<PunctualScheduler> own,
        Action<IThreadPoolWorkItem> tell, Func<Task> close)
    {
        var timers = new PunctualScheduler($"{name} timers");
        var chores = new Chores(TaskPoolScheduler.Default);
        var all    = own.Add(timers);
        return new(
            intake, steps, timers, machine, TaskPoolScheduler.Default, chores, tell,
            TaskCreationOptions.RunContinuationsAsynchronously, lost => _ = lost.CancelAsync(), async () =>
            {
                // Before its own threads end, which may have to do what is still inside.
                await Task.WhenAll(close(), chores.Close()).ConfigureAwait(false);
                foreach (var thread in all) thread.Dispose();
                await Task.WhenAll(all.Map(thread => thread.Ended)).ConfigureAwait(false);
            });
    }
}
