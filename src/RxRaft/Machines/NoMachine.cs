using System.Reactive.Linq;

namespace RxRaft;

/// <summary>For a node that only elects leaders: its log holds nothing to apply, and its snapshots are empty.</summary>
internal sealed class NoMachine(IDisk disk) : IMachineLane
{
    public IObservable<Input> Run(IObservable<MachineWork> work) => work.SelectMany(Do);

    private IObservable<Input> Do(MachineWork work) => work switch
    {
        MachineWork.Apply(var entries) => Observable.Return(new Input.Applied(entries[^1].Index)),
        MachineWork.Restore(var snapshot, _) => Observable.Return(new Input.Applied(snapshot.Last.Index)),
        MachineWork.TakeSnapshot(var last, var configuration) =>
            disk.Save(last, configuration, _ => { }).FirstAsync().Select(snapshot => new Input.Snapshotted(snapshot)),
        MachineWork.Read => Observable.Empty<Input>(),          // there is nothing that anybody could read
        _ => throw Unreachable.Case(work),
    };
}
