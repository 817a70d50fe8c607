using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>A client whose command mostly succeeds at once: then nothing more is needed than to say so.</summary>
/// <param name="attempt">What it asks for.</param>
/// <param name="client">Whose it is: it goes on with it if the outcome is another.</param>
/// <param name="tell">Has it go on.</param>
internal sealed class FirstTry<TResult>(
    Attempt attempt, IPersistent<TResult> client, Action<IThreadPoolWorkItem> tell)
    : Asking<TResult>(tell)
{
    private readonly TaskCompletionSource<TResult> told = new();

    public Task<TResult> Task => told.Task;

    protected override void GoOn(Outcome<TResult> outcome)
    {
        if (outcome is not Outcome<TResult>.Applied(var result))
        {
            _ = Pass(client.GoOn(attempt, outcome));
            return;
        }

        attempt.Session.End(attempt.Sequence);
        told.TrySetResult(result);
    }

    protected override void GiveUp(Exception failure) => throw Unreachable.Case(failure);

    private async Task Pass(Task<TResult> further)
    {
        try
        {
            told.TrySetResult(await further.Inline());
        }
        catch (Exception failure)
        {
            told.TrySetException(failure);
        }
    }
}

/// <summary>Who does not leave it at a first try.</summary>
internal interface IPersistent<TResult>
{
    /// <summary>As many more tries as it takes.</summary>
    /// <param name="attempt">What was asked for.</param>
    /// <param name="outcome">What came of it.</param>
    Task<TResult> GoOn(Attempt attempt, Outcome<TResult> outcome);
}
