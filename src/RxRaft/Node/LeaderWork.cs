using System.Reactive.Concurrency;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>
/// Work that runs while a node holds its lease: one run at a time, each cancelled when its lease ends.
/// </summary>
internal sealed class LeaderWork(
    Func<Term, CancellationToken, Task> work, IScheduler runner, Action<CancellationTokenSource> cancel)
    : IObserver<Option<Term>>
{
    /// <summary>The work that the present code is part of; it cannot be waited for from there.</summary>
    public static readonly AsyncLocal<LeaderWork?> Current = new();

    private readonly Lock gate = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Action cancelRun = () => { };
    private Option<Term> finished;          // work that returned of its own accord is done for its term
    private Task last = Task.CompletedTask;
    private bool stopped;

    /// <summary>Ends when the work fails, or after <see cref="Stop"/> when the last run has returned.</summary>
    public Task Ended => ended.Task;

    public void OnNext(Option<Term> lease)
    {
        lock (gate)
        {
            Cancel();
            if (stopped || ended.Task.IsCompleted || lease.Case is not Term term) return;

            var lost = new CancellationTokenSource();
            cancelRun = () => cancel(lost);
            last = RunAfter(last, term, lost.Token);
        }
    }

    public void OnCompleted() => Stop(error: null);

    public void OnError(Exception error) => Stop(error);

    /// <summary>Cancels the run, waits for it, and ends: with the error, if there is one.</summary>
    public void Stop(Exception? error)
    {
        Task running;
        lock (gate)
        {
            Cancel();
            stopped = true;
            running = last;
        }

        _ = running.ContinueWith(
            _ => error is null ? ended.TrySetResult() : ended.TrySetException(error),
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void Cancel()
    {
        cancelRun();
        cancelRun = () => { };
    }

    private async Task RunAfter(Task before, Term term, CancellationToken lost)
    {
        await before.Inline();
        if (lost.IsCancellationRequested || finished == term) return;

        try
        {
            await Start(term, lost).Inline();
            if (!lost.IsCancellationRequested) finished = term;
        }
        catch (OperationCanceledException) when (lost.IsCancellationRequested)
        {
            // it lost the lease, as it was told
        }
        catch (Exception failure)
        {
            ended.TrySetException(failure);     // the caller's to see, whatever it is
        }
    }

    /// <summary>Begins the work where it should run, and ends with it.</summary>
    private async Task Start(Term term, CancellationToken lost)
    {
        var begun = new TaskCompletionSource<Task>();
        runner.Schedule(() => begun.SetResult(Begin()));
        await begun.Task.Inline();
        await begun.Task.Result.Inline();

        async Task Begin()                                      // async: a throw is the task's, not the scheduler's
        {
            if (lost.IsCancellationRequested) return;           // the lease was lost on the way here

            Current.Value = this;
            await work(term, lost).Inline();
        }
    }
}
