using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>
/// Awaits a task and goes on where it ended, at once: in virtual time everything stays on the one thread.
/// </summary>
/// <remarks>
/// An ordinary await hops to the pool where the current thread has a context of its own, as test runners' have.
/// </remarks>
internal readonly struct InlineAwait(Task task) : INotifyCompletion
{
    public bool IsCompleted => task.IsCompleted;

    public InlineAwait GetAwaiter() => this;

    public void GetResult() => task.GetAwaiter().GetResult();

    public void OnCompleted(Action continuation)
    {
        if (SynchronizationContext.Current is null && TaskScheduler.Current == TaskScheduler.Default)
            task.ConfigureAwait(false).GetAwaiter().UnsafeOnCompleted(continuation);        // the same, and costs less
        else
            task.ContinueWith(
                static (_, then) => ((Action)then!)(), continuation,
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }
}

/// <inheritdoc cref="InlineAwait"/>
internal readonly struct InlineAwait<T>(Task<T> task) : INotifyCompletion
{
    public bool IsCompleted => task.IsCompleted;

    public InlineAwait<T> GetAwaiter() => this;

    public T GetResult() => task.GetAwaiter().GetResult();

    public void OnCompleted(Action continuation) => new InlineAwait(task).OnCompleted(continuation);
}

/// <summary>Reads as one says it: await task.Inline().</summary>
internal static class InlineAwaitExtensions
{
    public static InlineAwait Inline(this Task task) => new(task);

    public static InlineAwait<T> Inline<T>(this Task<T> task) => new(task);
}
