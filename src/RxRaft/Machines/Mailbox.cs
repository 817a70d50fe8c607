using System.Reactive;
using System.Reactive.Disposables;
using System.Threading;

namespace RxRaft;

/// <summary>Keeps what comes until its one reader is there, and passes on what comes after.</summary>
/// <remarks>A node's first step asks for its snapshot to be restored before anything listens to it.</remarks>
internal sealed class Mailbox<T> : IObservable<T>, IObserver<T>
{
    private readonly Lock gate = new();
    private Seq<T> waiting = [];
    private Option<IObserver<T>> reader;

    public IDisposable Subscribe(IObserver<T> observer)
    {
        lock (gate)
        {
            if (reader.IsSome) throw new InvalidOperationException("a mailbox has one reader");

            while (!waiting.IsEmpty)                                // reading may bring more
            {
                var kept = waiting;
                waiting = [];
                foreach (var item in kept) observer.OnNext(item);
            }

            reader = Some(observer);
            return Disposable.Create(() => reader = Some(Observer.Create<T>(_ => { })));
        }
    }

    public void OnNext(T value)
    {
        lock (gate)
        {
            if (reader.Case is IObserver<T> listening) listening.OnNext(value); else waiting = waiting.Add(value);
        }
    }

    /// <summary>The lane that writes to it fails as a whole: its node has heard.</summary>
    public void OnError(Exception error) { }

    public void OnCompleted() { }
}
