using System.Reactive.Linq;

namespace RxRaft;

/// <summary>Effects, carried out by a node's ports.</summary>
internal sealed class Interpreter(IWire wire, IDisk disk)
{
    /// <summary>Does one effect when subscribed to, and emits the inputs that come of it.</summary>
    public IObservable<Input> Perform(Effect effect) => effect switch
    {
        Effect.Persist change => disk.Write(change)
            .FirstAsync()                                       // a disk that ends without a word has not written
            .Select(_ => new Input.Persisted(change.CurrentTerm, change.VotedFor)),

        Effect.Send(var to, var message) => Observable.Defer(() =>
        {
            wire.Send(to, message);
            return Observable.Empty<Input>();
        }),

        _ => throw Unreachable.Case(effect),
    };
}
