namespace RxRaft;

/// <summary>What the state machine's lane has to do, in this order.</summary>
internal abstract record MachineWork
{
    private MachineWork() { }

    /// <summary>Apply these entries, and answer the requests among them that were asked here.</summary>
    public sealed record Apply(Seq<Entry> Entries) : MachineWork;

    /// <summary>Let these reads see the state as it is now.</summary>
    public sealed record Read(Seq<RequestId> Requests) : MachineWork;

    /// <summary>Put the state as it is now on disk, without holding the lane up.</summary>
    public sealed record TakeSnapshot(LogPosition Last, Configuration Configuration) : MachineWork;

    /// <summary>Go on from a snapshot.</summary>
    public sealed record Restore(Snapshot Snapshot, ReadOnlyMemory<byte> Bytes) : MachineWork;
}

/// <summary>A node's state machine: work in, and out what the node has to hear of it.</summary>
internal interface IMachineLane
{
    /// <summary>Does the work, in order.</summary>
    /// <returns><see cref="Input.Applied"/> and <see cref="Input.Snapshotted"/>; fails when the machine does.</returns>
    IObservable<Input> Run(IObservable<MachineWork> work);
}
