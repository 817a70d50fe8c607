using System.Reactive.Linq;

namespace RxRaft;

/// <summary>Effects, carried out by a node's ports.</summary>
/// <param name="wire">Takes messages.</param>
/// <param name="disk">Takes term, vote, log and snapshots.</param>
/// <param name="machine">Takes what is for the state machine, which goes on in a lane of its own from there.</param>
/// <param name="requests">Takes answers to those who asked here.</param>
internal sealed class Interpreter(IWire wire, IDisk disk, IObserver<MachineWork> machine, Requests requests)
{
    /// <summary>Does one effect when subscribed to, and emits the inputs that come of it.</summary>
    public IObservable<Input> Perform(Effect effect) => effect switch
    {
        Effect.Persist change => disk.Write(change)
            .FirstAsync()                                       // a disk that ends without a word has not written
            .Select(_ => new Input.Persisted(change.CurrentTerm, change.VotedFor, change.LastLog)),

        Effect.Send(var to, var message) => Do(() => Send(to, message)),
        Effect.SendChunk chunk => disk.Read(chunk.Snapshot, chunk.Offset, chunk.Length).SelectMany(bytes => Do(() =>
            Send(chunk.To, new Message.InstallSnapshot(chunk.Term, chunk.Round, chunk.Snapshot, chunk.Offset, bytes)))),
        Effect.StoreChunk part => disk.Store(part).FirstAsync().SelectMany(_ => Observable.Empty<Input>()),

        Effect.Apply(var entries) => Do(() => machine.OnNext(new MachineWork.Apply(entries))),
        Effect.Read(var readers) => Do(() => machine.OnNext(new MachineWork.Read(readers))),
        Effect.TakeSnapshot(var last, var configuration) =>
            Do(() => machine.OnNext(new MachineWork.TakeSnapshot(last, configuration))),
        Effect.RestoreSnapshot(var snapshot) => Restore(snapshot),
        Effect.Answer(var request, var outcome) => Do(() => requests.Answer(request, outcome)),
        _ => throw Unreachable.Case(effect),
    };

    /// <summary>Read here, before a later write can put another snapshot in its place.</summary>
    private IObservable<Input> Restore(Snapshot snapshot) =>
        disk.Read(snapshot, offset: 0, checked((int)snapshot.Size)).FirstAsync().SelectMany(bytes => Do(() =>
            machine.OnNext(new MachineWork.Restore(snapshot, bytes))));

    /// <summary>
    /// Members that the wire has no way to, yet, hear nothing: to the algorithm their messages are lost.
    /// </summary>
    private void Send(NodeId to, Message message)
    {
        if (!wire.Knows(to)) return;
        wire.Send(to, message);
        wire.Flush();
    }

    private static IObservable<Input> Do(Action action) => Observable.Defer(() =>
    {
        action();
        return Observable.Empty<Input>();
    });
}
