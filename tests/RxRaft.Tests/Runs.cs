using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>The runs of a leader's work, in order.</summary>
internal sealed class Runs : List<(Term Term, CancellationToken Lost)>
{
    /// <summary>Work that goes on until it is cancelled.</summary>
    public Task UntilCancelled(Term term, CancellationToken lost)
    {
        Add((term, lost));
        var cancelled = new TaskCompletionSource();
        lost.Register(cancelled.SetResult);
        return cancelled.Task;
    }
}
