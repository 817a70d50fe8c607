using System.Collections.Generic;

namespace RxRaft.Tests.Journals;

/// <summary>A cluster of one by its core alone: disk and state machine are instant, and a step may be recorded.</summary>
internal sealed class Solo
{
    private readonly Queue<Input> coming = [];
    private Func<NodeState, Input, Transition> step = Raft.Step;
    private ulong commands;

    public Solo(SnapshotPolicy? snapshots = null) => State = Raft.Boot(
        new(1), Configuration.Of(1),
        Settings.Default with { Seed = 1, Snapshots = snapshots ?? SnapshotPolicy.Default }, PersistentState.Fresh).State;

    public NodeState State { get; private set; }

    /// <summary>How many inputs there were.</summary>
    public ulong Steps { get; private set; }

    /// <summary>From here on every step is recorded.</summary>
    public Solo RecordedBy(Journal journal)
    {
        step = journal.Recording(State, Raft.Step);
        return this;
    }

    /// <summary>It is elected, and its client proposes so many commands, one at a time.</summary>
    public Solo Propose(int times, int bytes = 64)
    {
        if (State.Role is not Role.Leader) Happen(new Input.Tick { At = State.NextDeadline });
        if (State.Role is not Role.Leader) Happen(new Input.Tick { At = State.NextDeadline });
        for (var i = 0; i < times; i++)
        {
            var command = new Payload.Command(new(SessionId.None, ++commands), 0, new byte[bytes]);
            Happen(new Input.Propose(Seq1(new Proposal(command))) { At = State.Now + TimeSpan.FromMilliseconds(1) });
        }

        return this;
    }

    /// <summary>Something, and all that follows from it.</summary>
    public void Happen(Input input)
    {
        coming.Enqueue(input);
        while (coming.TryDequeue(out var next))
        {
            Steps++;
            var taken = step(State, next);
            State = taken.State;
            foreach (var effect in taken.Effects) Echo(effect);
        }
    }

    private void Echo(Effect effect)
    {
        if (effect is Effect.Persist(var term, var vote, _, _, _, _, var last))
            coming.Enqueue(new Input.Persisted(term, vote, last) { At = State.Now });
        else if (effect is Effect.Apply(var entries))
            coming.Enqueue(new Input.Applied(entries[entries.Count - 1].Index) { At = State.Now });
        else if (effect is Effect.TakeSnapshot(var through, var members))
            coming.Enqueue(new Input.Snapshotted(new(through, members, 8)) { At = State.Now });
    }
}
