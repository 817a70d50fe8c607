using System.Reactive.Linq;

namespace RxRaft;

/// <summary>Effects, carried out by a node's ports.</summary>
/// <param name="wire">Takes messages.</param>
/// <param name="disk">Takes term, vote, log and snapshots.</param>
/// <param name="machine">Takes what is for the state machine, which goes on in a lane of its own from there.</param>
/// <param name="requests">Takes answers to those who asked here.</param>
/// <param name="enter">Has something done inside the node's intake.</param>
internal sealed class Interpreter(
    IWire wire, IDisk disk, IObserver<MachineWork> machine, Requests requests, Action<Action> enter)
{
    /// <summary>What becomes of an effect that is done by now: nothing more comes of it.</summary>
    public static readonly IObservable<Input> Done = Observable.Empty<Input>();

    /// <summary>
    /// Does one effect, of which inputs may come. Asked when it is its turn, and subscribed to at once.
    /// </summary>
    public IObservable<Input> Perform(Effect effect) => effect switch
    {
        Effect.Persist change => new OnceDone<Input>(
            disk.Write(change), new Input.Persisted(change.CurrentTerm, change.VotedFor, change.LastLog)),

        Effect.Send(var to, var message) => Send(to, message),
        Effect.SendChunk chunk => SendChunk(chunk),
        Effect.StoreChunk part => disk.Store(part).FirstAsync().SelectMany(_ => Done),

        Effect.Apply(var entries) => Have(new MachineWork.Apply(entries)),
        Effect.Read(var readers) => Have(new MachineWork.Read(readers)),
        Effect.TakeSnapshot(var last, var configuration) => Have(new MachineWork.TakeSnapshot(last, configuration)),
        Effect.RestoreSnapshot(var snapshot) => Restore(snapshot),
        Effect.Answer(var request, var outcome) => Answer(request, outcome),
        _ => throw Unreachable.Case(effect),
    };

    /// <summary>
    /// Members that the wire has no way to, yet, hear nothing: to the algorithm their messages are lost.
    /// </summary>
    private IObservable<Input> Send(NodeId to, Message message)
    {
        if (wire.Knows(to)) wire.Send(to, message);
        return Done;
    }

    private IObservable<Input> SendChunk(Effect.SendChunk chunk) =>
        disk.Read(chunk.Snapshot, chunk.Offset, chunk.Length).SelectMany(bytes =>
        {
            var part = new Message.InstallSnapshot(chunk.Term, chunk.Round, chunk.Snapshot, chunk.Offset, bytes);
            enter(() => Send(chunk.To, part));
            return Done;
        });

    /// <summary>Read here, before a later write can put another snapshot in its place.</summary>
    private IObservable<Input> Restore(Snapshot snapshot) =>
        disk.Read(snapshot, offset: 0, checked((int)snapshot.Size)).FirstAsync()
            .SelectMany(bytes => Have(new MachineWork.Restore(snapshot, bytes)));

    private IObservable<Input> Have(MachineWork work)
    {
        machine.OnNext(work);
        return Done;
    }

    private IObservable<Input> Answer(RequestId request, Outcome outcome)
    {
        requests.Answer(request, outcome);
        return Done;
    }
}
