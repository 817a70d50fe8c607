using System.Collections.Generic;

namespace RxRaft.Testing.Checking;

/// <summary>
/// One input at one node, and all that comes of it at once: what the step asks for is carried out in order, a write is
/// durable when it is made, and the state machine keeps up; what they answer is taken up behind it.
/// </summary>
/// <remarks>Checks on its way what can be seen at one node. The first thing that is wrong ends it.</remarks>
internal sealed class Errand(NodeState state, PersistentState disk, Func<NodeState, Input, Transition> step)
{
    private readonly Queue<Input> echoes = new();
    private readonly List<Stop> stops = [];
    private readonly List<Entry> committed = [];
    private LogIndex handed = state.CommitIndex;                // to the state machine, all through there

    public NodeState State { get; private set; } = state;

    public PersistentState Disk { get; private set; } = disk;

    public List<Letter> Sent { get; } = [];

    public List<(RequestId Request, LogIndex Seen)> Reads { get; } = [];

    public List<Reason> Reasons { get; } = [];

    /// <summary>What came to be committed: by the end a snapshot may have taken its place in the log.</summary>
    public IReadOnlyList<Entry> Committed => committed;

    /// <summary>Moments just before a write.</summary>
    public IReadOnlyList<Stop> Stops => stops;

    /// <summary>What must not be, if it was.</summary>
    public Option<Finding> Wrong { get; private set; }

    /// <summary>A moment at which the power may go.</summary>
    /// <param name="State">Of the node.</param>
    /// <param name="Disk">What it will come back with.</param>
    /// <param name="Sent">How many messages have left.</param>
    /// <param name="Reads">How many reads were let see the state machine.</param>
    /// <param name="Committed">How many entries have come to be committed.</param>
    public readonly record struct Stop(NodeState State, PersistentState Disk, int Sent, int Reads, int Committed);

    /// <summary>A node that starts, with what is on its disk.</summary>
    public static Errand Boot(
        NodeId self, Configuration founders, Settings settings, PersistentState disk,
        Func<NodeState, Input, Transition> step)
    {
        var errand = new Errand(NodeState.Boot(self, founders, settings, disk), disk, step) { handed = LogIndex.Zero };
        errand.Try(() => errand.Take(Raft.Boot(self, founders, settings, disk), first: true));
        return errand;
    }

    /// <summary>Takes up an input, and what comes of it.</summary>
    public Errand Do(Input input)
    {
        Try(() => Take(step(State, input), first: false));
        return this;
    }

    /// <summary>Nothing that a step throws is right: a node halts on it.</summary>
    private void Try(Action action)
    {
        try
        {
            action();
            while (Wrong.IsNone && echoes.TryDequeue(out var echo))
                Take(step(State, echo with { At = State.Now }), first: false);
        }
        catch (Exception broken)
        {
            Wrong = new Finding($"Node {State.Self}'s own invariant", broken.Message);
        }
    }

    private void Take(Transition taken, bool first)
    {
        var before = State;
        State = taken.State;
        Reasons.AddRange(taken.Reasons);
        if (!first) Wrong = Local.Changed(before, State);
        if (Wrong.IsSome) return;

        committed.AddRange(State.Log.Between(
            LogIndex.Max(before.CommitIndex, State.Log.Base.Index), State.CommitIndex));
        for (var i = 0; i < taken.Effects.Count && Wrong.IsNone; i++) Carry(taken.Effects[i]);
        if (Wrong.IsNone && handed != State.CommitIndex)
            Wrong = new Finding("Committed and applied", $"{State.Self} has committed through {State.CommitIndex}, "
                + $"and its state machine was given what is committed through {handed}");
    }

    private void Carry(Effect effect)
    {
        switch (effect)
        {
            case Effect.Persist write:
                stops.Add(new(State, Disk, Sent.Count, Reads.Count, committed.Count));
                var written = Disk.After(write);
                Wrong = Local.Written(State.Self, Disk, written);
                Disk = written;
                echoes.Enqueue(new Input.Persisted(write.CurrentTerm, write.VotedFor, write.LastLog));
                break;
            case Effect.Send send:
                Say(new Letter(State.Self, send.To, send.Message));
                break;
            case Effect.SendChunk part when Disk.Log.Snapshot.Last == part.Snapshot.Last:
                var none = ReadOnlyMemory<byte>.Empty;                      // snapshots are empty here
                Say(new Letter(State.Self, part.To, new Message.InstallSnapshot(
                    part.Term, part.Round, part.Snapshot, part.Offset, none)));
                break;
            case Effect.Apply apply:
                handed = apply.Entries[0].Index == handed.Next ? apply.Entries.Last.Index : LogIndex.Zero;
                echoes.Enqueue(new Input.Applied(apply.Entries.Last.Index));
                break;
            case Effect.RestoreSnapshot restore:
                handed = restore.Snapshot.Last.Index;
                echoes.Enqueue(new Input.Applied(restore.Snapshot.Last.Index));
                break;
            case Effect.TakeSnapshot take:
                echoes.Enqueue(new Input.Snapshotted(new Snapshot(take.Last, take.Configuration, Size: 0)));
                break;
            case Effect.Read read:
                foreach (var request in read.Requests) Reads.Add((request, handed));
                break;
            case Effect.SendChunk or Effect.StoreChunk or Effect.Answer:
                break;
            default:
                throw Unreachable.Case(effect);
        }
    }

    private void Say(Letter letter)
    {
        if (Wrong.IsNone && !Durability.IsSaidAfter(State, letter.To, letter.Message, Disk))
            Wrong = new Finding("Durable before said",
                $"{letter.From} sent {letter.To} a {Transcript.Of(letter.Message)} that a crash would undo");
        Sent.Add(letter);
    }
}

/// <summary>Something that must not be.</summary>
/// <param name="Property">Which property it breaks, under the paper's name where it has one.</param>
/// <param name="Detail">In which way.</param>
internal sealed record Finding(string Property, string Detail);
