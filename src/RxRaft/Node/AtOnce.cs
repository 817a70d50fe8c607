using System.Reactive.Disposables;

namespace RxRaft;

/// <summary>
/// What is done when subscribed to, on the subscriber's thread, and has one value by the time the subscription returns.
/// </summary>
/// <remarks>
/// Rx's Defer and Return give the same in ten objects and a trampoline; here each commit passes several times.
/// </remarks>
internal sealed class AtOnce<T>(Func<T> work) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        T value;
        try
        {
            value = work();
        }
        catch (Exception fault)
        {
            observer.OnError(fault);
            return Disposable.Empty;
        }

        observer.OnNext(value);
        observer.OnCompleted();
        return Disposable.Empty;
    }
}

/// <summary>A value that is there already.</summary>
internal sealed class Known<T>(T value) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer)
    {
        observer.OnNext(value);
        observer.OnCompleted();
        return Disposable.Empty;
    }
}

/// <summary>A word that something is done, in place of its first value.</summary>
/// <param name="doing">Fails if it ends without any value: then it has not been done.</param>
/// <param name="word">What is said then.</param>
internal sealed class OnceDone<T>(IObservable<Unit> doing, T word) : IObservable<T>
{
    public IDisposable Subscribe(IObserver<T> observer) => doing.Subscribe(new Waiting(observer, word));

    private sealed class Waiting(IObserver<T> observer, T word) : IObserver<Unit>
    {
        private bool ended;

        public void OnNext(Unit value)
        {
            if (ended) return;

            ended = true;
            observer.OnNext(word);
            observer.OnCompleted();
        }

        public void OnError(Exception error)
        {
            if (ended) return;

            ended = true;
            observer.OnError(error);
        }

        public void OnCompleted()
        {
            if (!ended) OnError(new InvalidOperationException("It ended without having been done"));
        }
    }
}
