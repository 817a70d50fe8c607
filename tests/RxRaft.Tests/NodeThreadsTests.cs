using System.Reactive.Concurrency;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>The threads of a node in production: who does what, and that all of it has ended when they are released.</summary>
public sealed class NodeThreadsTests : IAsyncLifetime
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(30);

    private readonly RaftNodeThreads threads = RaftNodeThreads.OfItsOwn(new NodeId(1), () => true, new ErrandsTests.Clock());

    /// <summary>The state machine has proved to be quick: from now on who leaves the intake runs it.</summary>
    public async Task InitializeAsync()
    {
        threads.Intake.Open();
        var here = Thread.CurrentThread;
        while (await Applying() != here) { }

        async Task<Thread> Applying()
        {
            here = Thread.CurrentThread;
            var thread = new TaskCompletionSource<Thread>(TaskCreationOptions.RunContinuationsAsynchronously);
            threads.Machine.Schedule(() => thread.SetResult(Thread.CurrentThread));
            threads.Intake.Enter(() => { });
            return await thread.Task.WaitAsync(Generous);
        }
    }

    public async Task DisposeAsync() => await threads.Release().WaitAsync(Generous);

    [Fact]
    public async Task The_thread_of_the_ticks_never_runs_the_state_machine_itself()
    {
        var thread = new TaskCompletionSource<string?>();

        threads.Node.Schedule(() => threads.Intake.Enter(() =>
            threads.Machine.Schedule(() => thread.SetResult(Thread.CurrentThread.Name))));

        Assert.Equal("raft S1 machine", await thread.Task.WaitAsync(Generous));
    }

    [Fact]
    public async Task They_are_released_only_when_the_state_machine_has_left_whatever_thread_runs_it()
    {
        using var applying = new HeldUp();
        var caller = Task.Run(() => threads.Intake.Enter(() => threads.Machine.Schedule(applying.Run)));
        applying.HasBegun();

        var releasing = threads.Release();
        var timer = new TaskCompletionSource();
        threads.Timers.Schedule(timer.SetResult);
        await timer.Task.WaitAsync(Generous);                               // they are all there, until it has left
        Assert.False(releasing.IsCompleted);

        applying.GoOn();
        await releasing.WaitAsync(Generous);
        Assert.True(applying.HasEnded);
        await caller.WaitAsync(Generous);
    }

    [Fact]
    public async Task They_are_released_only_when_a_snapshot_that_is_being_written_is_and_no_other_is_begun()
    {
        using var writing = new HeldUp();
        threads.Chores.Schedule(writing.Run);
        writing.HasBegun();

        var releasing = threads.Release();
        var begun = false;
        threads.Chores.Schedule(() => begun = true);
        var timer = new TaskCompletionSource();
        threads.Timers.Schedule(timer.SetResult);
        await timer.Task.WaitAsync(Generous);                               // the threads are all there, until it is
        Assert.False(releasing.IsCompleted);

        writing.GoOn();
        await releasing.WaitAsync(Generous);
        Assert.Equal((true, false), (writing.HasEnded, begun));
    }
}
