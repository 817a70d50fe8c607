using System.Collections.Generic;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace RxRaft.Testing;

/// <summary>
/// A node to which happens what a schedule says, and its disk: the pipeline that ships, without its ports.
/// </summary>
/// <param name="id">Its own.</param>
/// <param name="clockRate">Its own time per world time.</param>
/// <param name="step">The algorithm.</param>
/// <param name="now">World time.</param>
/// <param name="turns">Its one thread.</param>
/// <param name="tell">Hears what happens to it.</param>
/// <param name="send">Takes its messages.</param>
internal sealed class Actor(
    NodeId id, double clockRate, Func<NodeState, Input, Transition> step, Func<TimeSpan> now, Turns turns,
    Action<WorldEvent> tell, Action<Origin, NodeId, Message> send) : IDisposable
{
    private readonly Dictionary<ByReference, Origin> origins = [];
    private readonly Queue<LogIndex> applying = new();
    private readonly Queue<(LogPosition Last, Configuration Configuration)> snapshots = new();
    private Option<(Effect.Persist Change, IObserver<Unit> Done)> writing;
    private Shelf shelf = Shelf.Empty;
    private Subject<Input> inputs = new();
    private IDisposable? running;
    private TimeSpan startedAt;
    private NodeState? state;
    private int current;

    public PersistentState Durable { get; private set; } = PersistentState.Fresh;

    public bool IsRunning => running is not null;

    /// <summary>None while it does not run.</summary>
    public Option<NodeState> State => IsRunning ? Optional(state) : None;

    public Instant Clock => Instant.Zero + TimeSpan.FromTicks((long)((now() - startedAt).Ticks * clockRate));

    public bool HoldsLease => IsRunning && state!.LeaseEnd.Exists(end => end > Clock);

    /// <summary>Whether it applies: else it is passed over.</summary>
    public bool Take(Happening happening, Option<Message> message)
    {
        current = happening.Number;
        var does = happening switch
        {
            Happening.Starts starts => !IsRunning && Start(starts),
            _ when !IsRunning => false,
            Happening.Crashes crashes => Crash(crashes.WriteMade),
            Happening.Ticks => Clock >= state!.NextDeadline && Enter(new Input.Tick()),
            Happening.Arrives arrives => message.Case is Message said && Hear(arrives.From, said),
            Happening.Writes => Write(),
            Happening.Applies => applying.TryDequeue(out var index) && Enter(new Input.Applied(index)),
            Happening.Snapshots taken => Snapshot(taken.Size),
            Happening.Asks asks => Enter(asks.Input),
            _ => throw Unreachable.Case(happening),
        };
        if (happening is not Happening.Writes { Heard: false }) turns.Pass();
        return does;
    }

    public void Dispose()
    {
        Stop();
        inputs.Dispose();
    }

    private void Stop()
    {
        running?.Dispose();
        running = null;
    }

    private bool Start(Happening.Starts starts)
    {
        if (starts.Disk.Case is PersistentState prepared)
            (Durable, shelf) = (prepared, new Shelf(Blank(prepared.Log.Snapshot), None, None));
        (startedAt, inputs, state) = (now(), new Subject<Input>(), null);
        var boot = Raft.Boot(id, starts.Founders.IfNone(Configuration.Nobody), starts.Settings, Durable);
        var only = new Arrivals(
            Seq1<IObservable<Input>>(inputs), Observable.Never<Seq<Input.Receive>>(), Observable.Never<Input>(),
            Observable.Never<Proposal>());
        running = System.Reactive.Disposables.Disposable.Empty;
        running = RaftServer.Run(boot, only, Perform, new ScheduledIntake(turns), turns, () => Clock, step)
            .Subscribe(Observe, Halt);
        return true;
    }

    private bool Crash(bool made)
    {
        Stop();
        if (made) Settle();
        Forget();
        tell(new WorldEvent.Crashed(now(), id));
        return true;
    }

    private void Halt(Exception reason)
    {
        running = null;
        Forget();
        tell(new WorldEvent.Halted(now(), id, reason));
    }

    private void Forget()
    {
        (writing, shelf) = (None, shelf with { Incoming = None, Saved = None });
        applying.Clear();
        snapshots.Clear();
    }

    private bool Enter(Input input)
    {
        inputs.OnNext(input);
        return true;
    }

    private bool Hear(NodeId from, Message message)
    {
        tell(new WorldEvent.Delivered(now(), from, id, message));
        return Enter(new Input.Receive(from, message));
    }

    private bool Write()
    {
        if (writing.Case is not (Effect.Persist, IObserver<Unit> done)) return false;

        Settle();
        done.OnNext(Unit.Default);
        done.OnCompleted();
        return true;
    }

    private void Settle()
    {
        shelf   = writing.Fold(shelf, (stored, under) => stored.After(under.Change));
        Durable = writing.Fold(Durable, (durable, under) => durable.After(under.Change));
        writing = None;
    }

    private bool Snapshot(long size)
    {
        if (!snapshots.TryDequeue(out var asked)) return false;

        var snapshot = new Snapshot(asked.Last, asked.Configuration, size);
        shelf = shelf.With(snapshot, new byte[size]);
        return Enter(new Input.Snapshotted(snapshot));
    }

    private void Observe(Transition taken)
    {
        var before = state;
        state = taken.State;
        for (var i = 0; i < taken.Effects.Count; i++) origins[new(taken.Effects[i])] = new Origin(current, i);
        tell(before is null
            ? new WorldEvent.Started(now(), id, taken)
            : new WorldEvent.Stepped(now(), id, before, taken));
    }

    private IObservable<Input> Perform(Effect effect)
    {
        switch (effect)
        {
            case Effect.Persist change:
                return new OnceDone<Input>(
                    Observable.Create<Unit>(done =>
                    {
                        writing = (change, done);
                        return System.Reactive.Disposables.Disposable.Empty;
                    }),
                    new Input.Persisted(change.CurrentTerm, change.VotedFor, change.LastLog));
            case Effect.Send(var to, var message): send(origins[new(effect)], to, message); break;
            case Effect.SendChunk part: Send(part, origins[new(effect)]); break;
            case Effect.StoreChunk part: shelf = shelf.With(part); break;
            case Effect.Apply(var entries): applying.Enqueue(entries[^1].Index); break;
            case Effect.RestoreSnapshot(var snapshot): applying.Enqueue(snapshot.Last.Index); break;
            case Effect.TakeSnapshot(var last, var configuration): snapshots.Enqueue((last, configuration)); break;
        }

        return Interpreter.Done;
    }

    private void Send(Effect.SendChunk part, Origin origin) =>
        shelf.Read(part.Snapshot, part.Offset, part.Length).IfSome(bytes => send(
            origin, part.To,
            new Message.InstallSnapshot(part.Term, part.Round, part.Snapshot, part.Offset, bytes)));

    private static Stored Blank(Snapshot snapshot) => new(snapshot, new byte[snapshot.Size]);
}
