using System.Buffers;
using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;

namespace RxRaft;

/// <summary>
/// A replicated state machine on one node, outside of its steps: entries are folded into its replica.
/// </summary>
/// <param name="machine">The fold.</param>
/// <param name="disk">Where its snapshots go.</param>
/// <param name="requests">Those who wait for results.</param>
/// <param name="states">Sees every state, each with the entry that led to it, and how it ends.</param>
/// <param name="lane">
/// Where commands are applied, one thing at a time: a thread for that, or whoever leaves the node's intake.
/// </param>
/// <param name="background">Where snapshots are written, while applying goes on.</param>
internal sealed class MachineLane<TState, TCommand, TResult>(
    IMachine<TState, TCommand, TResult> machine, IDisk disk, Requests requests,
    IObserver<(LogIndex Index, TState State)> states, IScheduler lane, IScheduler background)
    : IMachineLane
{
    private Applying<TState, TResult> replica = Replica.Of(machine).Begin();

    public IObservable<Input> Run(IObservable<MachineWork> work) => work
        .ObserveOn(lane)
        .SelectMany(Do)
        .Do(_ => { }, states.OnError)
        .Finally(states.OnCompleted);

    private IObservable<Input> Do(MachineWork work) => work switch
    {
        MachineWork.Apply(var entries) => new Known<Input>(Apply(entries)),
        MachineWork.Read(var readers) => Read(readers),
        MachineWork.TakeSnapshot(var last, var configuration) => Save(replica.Replica, last, configuration),
        MachineWork.Restore(var snapshot, var bytes) => new Known<Input>(Restore(snapshot, bytes)),
        _ => throw Unreachable.Case(work),
    };

    private Input.Applied Apply(Seq<Entry> entries)
    {
        for (var i = 0; i < entries.Count; i++)
        {
            var outcome = Next(entries[i]);
            states.OnNext((replica.Applied, replica.State));                // seen before it is told
            Tell(entries[i], outcome);
        }

        return new Input.Applied(replica.Applied);
    }

    private Option<Outcome<TResult>> Next(Entry entry)
    {
        try
        {
            return machine.Apply(replica, entry);
        }
        catch (Exception failure) when (failure is not InvariantViolationException)
        {
            throw Failed($"cannot apply the command at {entry.Index}", failure);
        }
    }

    private void Tell(Entry entry, Option<Outcome<TResult>> outcome)
    {
        switch (entry.Payload)
        {
            case Payload.Command command when outcome.Case is Outcome<TResult> result:
                requests.Answer(command.Request, result);
                break;
            case Payload.Register register:
                requests.Answer(register.Request, new Outcome<SessionId>.Applied(new SessionId(entry.Index.Value)));
                break;
        }
    }

    private IObservable<Input> Read(Seq<RequestId> readers)
    {
        foreach (var reader in readers) requests.Read(reader, replica.State);
        return Interpreter.Done;
    }

    /// <summary>The replica is a value: it stays as it is while later entries are applied to its successors.</summary>
    private IObservable<Input> Save(Replica<TState, TResult> taken, LogPosition last, Configuration configuration)
    {
        if (taken.Applied != last.Index)
            throw new InvariantViolationException($"the snapshot at {last} is taken there, and not at {taken.Applied}");

        var save = Observable.Defer(() => disk.Save(last, configuration, writer => Write(taken, last, writer)));
        return Begun(save).FirstAsync().Select(snapshot => new Input.Snapshotted(snapshot));
    }

    /// <summary>
    /// Begun in the background; who ends it does so at once, and not there, where nothing may go on then.
    /// </summary>
    private IObservable<T> Begun<T>(IObservable<T> work) => Observable.Create<T>(observer =>
    {
        var begun = new SingleAssignmentDisposable();
        return new CompositeDisposable(
            background.Schedule(() => begun.Disposable = work.Subscribe(observer)), begun);
    });

    private void Write(Replica<TState, TResult> taken, LogPosition last, IBufferWriter<byte> writer)
    {
        try
        {
            ReplicaFormat.Write(machine, taken, writer);
        }
        catch (Exception failure)
        {
            throw Failed($"cannot write its snapshot at {last}", failure);
        }
    }

    private Input.Applied Restore(Snapshot snapshot, ReadOnlyMemory<byte> bytes)
    {
        replica = Read(snapshot, bytes).Begin();
        if (replica.Applied != snapshot.Last.Index)
            throw new InvariantViolationException(
                $"the snapshot at {snapshot.Last} holds the state of {replica.Applied}");

        states.OnNext((replica.Applied, replica.State));
        return new Input.Applied(replica.Applied);
    }

    private Replica<TState, TResult> Read(Snapshot snapshot, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return ReplicaFormat.Read(machine, bytes);
        }
        catch (Exception failure) when (failure is not InvariantViolationException)
        {
            throw Failed($"cannot read the snapshot at {snapshot.Last}", failure);
        }
    }

    /// <summary>What halts the node, and every other node that comes so far: it says on what.</summary>
    private static InvalidOperationException Failed(string what, Exception failure) =>
        new($"The state machine {what}: {failure.Message}", failure);
}
