using System.Reactive.Linq;

namespace RxRaft;

/// <summary>How those who watch a node hear that it has ended.</summary>
internal static class Endings
{
    /// <summary>
    /// What one observer throws when it hears of the end, as those do that have no answer to errors, keeps nobody else
    /// from hearing of it.
    /// </summary>
    public static IObservable<T> EndingForAll<T>(this IObservable<T> watched) => Observable.Create<T>(observer =>
        watched.Subscribe(
            observer.OnNext,
            reason => Tell(() => observer.OnError(reason)),
            () => Tell(observer.OnCompleted)));

    private static void Tell(Action end)
    {
        try
        {
            end();
        }
        catch (Exception)
        {
            // it is over all the same, and Completion has the reason
        }
    }
}
