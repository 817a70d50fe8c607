using System.Reactive.Concurrency;

namespace RxRaft.Testing;

/// <summary>
/// Runs in which everything is drawn from a seed: the cluster, its settings, the trouble, the clients. First safety in
/// the middle of trouble, then liveness without it; and that clients saw one thing happening after another.
/// </summary>
/// <param name="trial">Whose state machine, and what is asked of it.</param>
/// <remarks>Each run is in one thread, and independent of all others: see <see cref="SwarmRunner"/>.</remarks>
public sealed class Swarm<TState, TCommand, TResult>(Trial<TState, TCommand, TResult> trial)
{
    /// <summary>
    /// Makes the algorithm of each run. By default the one that ships, <see cref="Raft.Step"/>; else a variant, to see
    /// that it is caught.
    /// </summary>
    public Func<Func<NodeState, Input, Transition>> Algorithm { get; init; } = () => Raft.Step;

    /// <summary>What comes of a seed. The same in every process.</summary>
    /// <param name="seed">Any.</param>
    /// <param name="watch">Sees the world before it starts.</param>
    public SwarmResult Run(ulong seed, Action<World>? watch = null)
    {
        var plan = SwarmPlan.Of(seed);
        using var store = new MachineWorld<TState, TCommand, TResult>(
            plan.Options with { Step = Algorithm() }, trial.Machine, new HistoricalScheduler(), trial.Model.States);
        var reasons = ReasonCounts.Of(store.World);
        watch?.Invoke(store.World);
        var failure = Play(plan, store, new Dice(seed).Fork());
        return new(seed, plan.ToString(), store.World.Now, reasons(), failure);
    }

    /// <summary>The failure of a seed, as short as it gets: see <see cref="Shrinker"/>.</summary>
    /// <param name="seed">Any.</param>
    /// <returns>None if its run holds, or if what happened to the nodes does not fail by itself.</returns>
    public Option<Shrunk> Shrink(ulong seed)
    {
        var recorder = new RunRecorder();
        var recorded = new Swarm<TState, TCommand, TResult>(trial) { Algorithm = () => recorder.Around(Algorithm()) };
        return recorded.Run(seed, world => recorder.Watch(world)).Failure.Bind(failure =>
            new Shrinker(Algorithm) { Judge = JudgeOf(failure.Property, seed) }.Shrink(recorder.Recorded));
    }

    /// <summary>Who sees whether a part of a run fails in the same way.</summary>
    /// <param name="property">What did not hold of the run.</param>
    /// <param name="seed">Of the run.</param>
    public RunJudge JudgeOf(string property, ulong seed) => property switch
    {
        SwarmFailure.Liveness => RunJudge.OfLiveness(SwarmPlan.Of(seed).Recovery),
        SwarmFailure.Linearizability => RunJudge.OfLinearizability(trial),
        _ => RunJudge.OfProperties,
    };

    private Option<SwarmFailure> Play(SwarmPlan plan, MachineWorld<TState, TCommand, TResult> store, Dice dice)
    {
        try
        {
            store.World.Start();
            var weather  = new Weather(store.World, dice, plan.Mix);
            var workload = new Workload<TState, TCommand, TResult>(store, trial, dice).Begin(plan.Clients);
            weather.Blow(plan.Gusts);
            weather.Calm();
            weather.Mend(plan.Recovery);
            Recover(plan.Recovery, store, workload);
            return Judged(workload);
        }
        catch (Exception failure) when (failure is not OutOfMemoryException)
        {
            return SwarmFailure.Of(failure);
        }
    }

    /// <summary>Within its time there is a leader, somebody is answered, and in the end all run, and agree.</summary>
    internal static void Recover(
        TimeSpan limit, MachineWorld<TState, TCommand, TResult> store, Workload<TState, TCommand, TResult> workload)
    {
        var answers = workload.Answers;
        store.Expect(world => world.Leader.IsSome, limit, "leader after the storm");
        store.Expect(_ => workload.Answers > answers, limit, "answer after the storm");
        workload.Stop();
        store.Expect(
            world => world.Nodes.ForAll(world.IsRunning) && store.AllAgree(world), limit, "agreement after the storm");
        workload.Close();
    }

    internal static Option<SwarmFailure> Judged(Workload<TState, TCommand, TResult> workload)
    {
        var verdict = workload.Judge();
        return verdict is Verdict<TCommand, TResult>.Linearizable
            ? None
            : new SwarmFailure(SwarmFailure.Linearizability, $"{verdict}");
    }
}
