using System.Linq;
using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace RxRaft.Testing;

/// <summary>
/// One run with elections, replication, snapshots, changes of members and a hand-over, and a crash at each point of it:
/// between any two effects of every step, and inside every write. The node starts again; nothing that must hold is
/// broken, what was acknowledged is there, and the cluster goes on.
/// </summary>
/// <param name="trial">Whose state machine, and what is asked of it.</param>
/// <remarks>A loop and no lottery: the run is had again for each point, the same up to there.</remarks>
public sealed class CrashSweep<TState, TCommand, TResult>(Trial<TState, TCommand, TResult> trial)
{
    private static readonly TimeSpan Down = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan GoesOnFor = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(5);

    /// <summary>Than the wire, so that some have heard what others have not written yet.</summary>
    private static readonly DiskFaults Slower = new(TimeSpan.FromMilliseconds(0.5), TimeSpan.FromMilliseconds(6));

    /// <summary>
    /// Makes the algorithm of each run. By default the one that ships, <see cref="Raft.Step"/>; else a variant, to see
    /// that it is caught.
    /// </summary>
    public Func<Func<NodeState, Input, Transition>> Algorithm { get; init; } = () => Raft.Step;

    /// <summary>How many clients there are at work. By default 2.</summary>
    public int Clients { get; init; } = 2;

    /// <summary>
    /// How long the run is: until 0.5 s there is an election, then a newcomer joins; at 0.8 s the leader hands over,
    /// and at 1.0 s a member leaves. By default 1.3 s.
    /// </summary>
    public TimeSpan Length { get; init; } = TimeSpan.FromSeconds(1.3);

    /// <summary>Every point of a run, in order.</summary>
    /// <param name="seed">Of the run.</param>
    /// <exception cref="PropertyViolationException">
    /// A property did not hold, though nobody crashed: <see cref="Run"/> without a point says so as its result.
    /// </exception>
    public Seq<CrashPoint> Points(ulong seed)
    {
        using var store = Store(seed);
        var points = Seq<CrashPoint>();
        using var counting = store.World.Begun.Subscribe(begun =>
        {
            var here = store.World.Effects;
            points = points.Add(new(here, CrashMoment.Before));
            if (begun.Effect is Effect.Persist)
                points += Seq(new CrashPoint(here, CrashMoment.WriteLost), new CrashPoint(here, CrashMoment.WriteMade));
        });
        Begin(store, new Dice(seed).Fork());
        store.World.RunFor(Length);
        return points;
    }

    /// <summary>What comes of a crash. The same in every process.</summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="point">
    /// Where, of <see cref="Points"/>; <c>default</c>, and nobody crashes. That nobody comes to it is a failure:
    /// nothing was tried.
    /// </param>
    /// <param name="watch">Sees the world before it starts.</param>
    public SwarmResult Run(ulong seed, CrashPoint point, Action<World>? watch = null)
    {
        using var store = Store(seed);
        var reasons = ReasonCounts.Of(store.World);
        var crash   = Option<WorldEvent.Crashed>.None;
        using var restarting = store.World.Events.OfType<WorldEvent.Crashed>().Subscribe(crashed =>
        {
            crash = crashed;
            store.World.After(Down, () => store.World.Start());
        });
        watch?.Invoke(store.World);
        store.World.CrashAt(point);
        var failure = Play(store, seed, world => crash.Exists(crashed => world.Now > crashed.At + GoesOnFor));
        if (failure.IsNone && crash.IsNone && point.Effect > 0)
            failure = new SwarmFailure("Crash point", $"Nobody comes to the point {point}");
        var what = crash.Match(
            crashed => $"{crashed.Node} crashed {point}, at {Transcript.Time(crashed.At)}", () => "nobody crashed");
        return new(seed, what, store.World.Now, reasons(), failure) { Point = point };
    }

    private Option<SwarmFailure> Play(
        MachineWorld<TState, TCommand, TResult> store, ulong seed, Func<World, bool> isOver)
    {
        try
        {
            var workload = Begin(store, new Dice(seed).Fork());
            store.World.RunUntil(isOver, Length);
            store.World.Start();
            Swarm<TState, TCommand, TResult>.Recover(Recovery, store, workload);
            return Swarm<TState, TCommand, TResult>.Judged(workload);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return SwarmFailure.Of(failure);
        }
    }

    private MachineWorld<TState, TCommand, TResult> Store(ulong seed)
    {
        var options = WorldOptions.Of(nodes: 3, seed) with
        {
            Newcomers = Set(new NodeId(4)),
            Disk = Slower,
            Step = Algorithm(),
            Settings = Settings.Default with
            {
                Snapshots = new SnapshotPolicy { Entries = 6, Bytes = 2_000, Trailing = 2 },
                Limits = new Limits { SnapshotChunkBytes = 60, MaxInflightChunks = 2 },
            },
        };
        return new(options, trial.Machine, new HistoricalScheduler(), trial.Model.States);
    }

    private Workload<TState, TCommand, TResult> Begin(MachineWorld<TState, TCommand, TResult> store, Dice dice)
    {
        var world = store.World;
        Ask(TimeSpan.FromMilliseconds(500), (leader, _) => leader.AddAsync(new NodeId(4)));
        Ask(TimeSpan.FromMilliseconds(800), (leader, others) => leader.TransferLeadershipAsync(others.First()));
        Ask(TimeSpan.FromMilliseconds(1_000), (leader, others) => leader.RemoveAsync(others.Last()));
        world.Start();
        return new Workload<TState, TCommand, TResult>(store, trial, dice)
        {
            Patience = TimeSpan.FromMilliseconds(300),
        }.Begin(Clients);

        void Ask(TimeSpan at, Func<RaftNode, Seq<NodeId>, object> what) => world.After(at, () =>
        {
            if (world.Leader.Case is not NodeId leader) return;

            var voters = toSeq(world.Nodes.Filter(world.StateOf(leader).Configuration.IsVoter)).Strict();
            if (voters.Count > 1) what(world[leader], voters.Filter(node => node != leader).Strict());
        });
    }
}
