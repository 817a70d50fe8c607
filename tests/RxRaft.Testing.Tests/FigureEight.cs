using System.Linq;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>§3.6.2, Figure 3.7 ("Figure 8" of the paper): its five servers, of which only those speak who do in the picture.</summary>
/// <remarks>
/// The entry of each term is its leader's no-op. Appends carry one entry, and wait for the one before. S2 agrees with S1 in (c)
/// and has no entry of term 4 all the same: it has no room, since its state machine, which has applied nothing, does not keep up.
/// </remarks>
internal sealed class FigureEight : IDisposable
{
    public static readonly NodeId S1 = new(1), S2 = new(2), S3 = new(3), S4 = new(4), S5 = new(5);

    private static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Func<NodeState, Input, Transition> step;
    private bool isFull = true;                                             // S2

    /// <summary>Before (a): everybody has the entry of term 1, and knows that it is committed.</summary>
    /// <param name="seed">Of the world.</param>
    /// <param name="step">The algorithm.</param>
    public FigureEight(ulong seed, Func<NodeState, Input, Transition> step)
    {
        this.step = step;
        World = new World(WorldOptions.Of(5, seed) with
        {
            Step = Step,
            Wire = WireFaults.None with { LatencyMin = Latency, LatencyMax = Latency },
            Settings = Settings.Default with
            {
                Limits = new() { MaxAppendBytes = 1, MaxInflightAppends = 1, MaxBacklogBytes = Sizes(2) - 1 },
            },
        }, new TestScheduler());
        World.Start();
        Elect(S1, S2, S3, S4, S5);
        Until(() => World.Nodes.ForAll(node => World.StateOf(node).CommitIndex == Place(1)), "the first entry is committed");
    }

    public World World { get; }

    public void Dispose() => World.Dispose();

    /// <summary>(a) S1 is leader and partially replicates the log entry at index 2.</summary>
    public void A()
    {
        World.Crash(S1);
        World.Restart(S1);
        Elect(S1, S2, S3);
        OnlySpeak(S1, S2);                                                  // what is on its way to S3 is lost
        Until(() => Sees(S1, S2) == Place(2), "S2 has the entry");
    }

    /// <summary>(b) S1 crashes; S5 is elected leader with votes from S3, S4 and itself, and accepts a different entry there.</summary>
    public void B()
    {
        World.Crash(S1);
        Elect(S5, S3, S4);
        OnlySpeak(S5);
        Until(() => World.Durable(S5).Log.LastIndex == Place(2), "S5 has the entry");
    }

    /// <summary>(c) S5 crashes; S1 restarts, is elected leader, and continues replication.</summary>
    public void C()
    {
        World.Crash(S5);
        World.Restart(S1);
        Elect(S1, S2, S3);
        Until(() => Sees(S1, S2) == Place(2) && Sees(S1, S3) == Place(2), "the entry is on a majority, and S1 knows");
        OnlySpeak(S1);                                                      // its next entry is on its way to S3, and is lost
        isFull = false;
    }

    /// <summary>(d) S1 crashes; S5 is elected leader with votes from S2, S3 and S4, and overwrites the entry with its own.</summary>
    public void D()
    {
        World.Crash(S1);
        World.Restart(S5);
        Elect(S5, S2, S3, S4);
        Until(() => World.StateOf(S5).CommitIndex == Place(3), "S5 replicates everything");
        World.Restart(S1);
        World.Wire.HealAll();
        Until(() => Logs.Distinct().Count() == 1, "everybody has everything on disk");
    }

    /// <summary>(e) S1 replicates an entry from its current term on a majority of the servers before crashing.</summary>
    public void E()
    {
        OnlySpeak(S1, S2, S3);
        Until(() => World.StateOf(S1).CommitIndex == Place(3), "S1 commits its own entry");
    }

    /// <summary>S1 crashes; S5 asks everybody else for their votes, and for as long as you like.</summary>
    public void S5Tries()
    {
        World.Crash(S1);
        World.Restart(S5);
        OnlySpeak(S5, S2, S3, S4);
        World.RunFor(TimeSpan.FromSeconds(3));
    }

    /// <summary>What is on disks, as the picture draws it: a row of terms for each server.</summary>
    public string[] Logs => [.. World.Nodes.Map(node =>
        string.Join(' ', World.Durable(node).Log.After(LogIndex.Zero).Map(entry => entry.Term.Value)))];

    /// <summary>Who leads, and in which term; nobody else does.</summary>
    public (NodeId Leader, ulong Term) Leader => (World.Leaders.Single(), World.StateOf(World.Leaders.Single()).CurrentTerm.Value);

    /// <summary>The last place that any server that runs knows to be committed.</summary>
    public ulong Committed => World.Running.Max(node => World.StateOf(node).CommitIndex.Value);

    private static LogIndex Place(ulong index) => new(index);

    private static long Sizes(int entries) => entries * (long)new Entry(LogPosition.Zero, Payload.Noop.Instance).Size;

    private Transition Step(NodeState state, Input input) =>
        state.Self != S2 ? step(state, input)
        : !isFull ? step(Raft.Step(state, new Input.Applied(state.CommitIndex) { At = input.At }).State, input)
        : input is Input.Applied ? state.Stay()
        : step(state, input);

    private void Elect(NodeId candidate, params NodeId[] voters)
    {
        OnlySpeak(candidate, voters);                                       // nobody else can hear of enough votes
        Until(() => World.StateOf(candidate).Role is Role.Leader, $"{candidate} leads");
    }

    private void OnlySpeak(NodeId one, params NodeId[] others)
    {
        foreach (var from in World.Nodes)
            foreach (var to in World.Nodes)
                if ((from == one && others.Contains(to)) || (to == one && others.Contains(from))) World.Wire.Heal(from, to);
                else World.Wire.Cut(from, to);
    }

    private LogIndex Sees(NodeId leader, NodeId follower) =>
        World.StateOf(leader).Role is Role.Leader office ? office.Followers[follower].MatchIndex : LogIndex.Zero;

    private void Until(Func<bool> condition, string what) =>
        Assert.True(World.RunUntil(_ => condition(), Patience), $"{what}, seed {World.Seed}");
}
