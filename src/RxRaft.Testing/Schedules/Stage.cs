using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Testing;

/// <summary>
/// Where schedules are played: nothing happens there but what they say, and every property is looked at.
/// </summary>
internal sealed class Stage : IWitnessed
{
    private readonly RecordedRun schedule;
    private readonly Turns turns = new();
    private readonly Map<NodeId, Actor> actors;
    private readonly Dictionary<Origin, (NodeId From, NodeId To, Message Message)> sent = [];
    private readonly Properties properties;
    private readonly Func<WorldEvent, Option<string>> watch;
    private readonly List<WorldEvent> events = [];
    private Option<SwarmFailure> failure;

    private Stage(
        RecordedRun schedule, Func<NodeState, Input, Transition> step, Func<WorldEvent, Option<string>> watch)
    {
        (this.schedule, this.watch) = (schedule, watch);
        properties = new Properties(this);
        actors = toMap(schedule.Nodes.Map(node => (node, new Actor(
            node, schedule.ClockRates[node], step, () => Now, turns, Tell,
            (origin, to, message) => Send(origin, node, to, message)))).Strict());
    }

    public ulong Seed => schedule.Seed;

    public TimeSpan Now { get; private set; }

    public Seq<NodeId> LeaseHolders => schedule.Nodes.Filter(node => actors[node].HoldsLease).Strict();

    public PersistentState Durable(NodeId node) => actors[node].Durable;

    public TimeSpan TimeLeft(NodeId node, Instant until) => until - actors[node].Clock;

    /// <summary>Plays until the first violation, or to the end.</summary>
    /// <param name="schedule">Of which run.</param>
    /// <param name="happenings">What of it happens.</param>
    /// <param name="step">The algorithm.</param>
    /// <param name="watch">A property more: its name, when it does not hold.</param>
    public static Played Play(
        RecordedRun schedule, IEnumerable<Happening> happenings, Func<NodeState, Input, Transition> step,
        Func<WorldEvent, Option<string>> watch)
    {
        var stage = new Stage(schedule, step, watch);
        var applied = happenings.TakeWhile(_ => stage.failure.IsNone).Where(stage.Happens).ToArray();
        foreach (var actor in stage.actors.Values) actor.Dispose();
        return new(applied, stage.events, stage.failure);
    }

    private bool Happens(Happening happening)
    {
        Now = happening.At > Now ? happening.At : Now;
        return actors[happening.Node].Take(happening, Said(happening));
    }

    private Option<Message> Said(Happening happening) =>
        happening is Happening.Arrives arrives
        && sent.TryGetValue(arrives.Message, out var message) && message.To == arrives.Node
            ? message.Message
            : None;

    private void Send(Origin origin, NodeId from, NodeId to, Message message)
    {
        if (!actors.ContainsKey(to)) return;

        sent[origin] = (from, to, message);
        Tell(new WorldEvent.Sent(Now, from, to, message));
    }

    private void Tell(WorldEvent happened)
    {
        if (failure.IsSome) return;

        events.Add(happened);
        properties.Check(happened);
        failure = properties.Violation.Map(violation => new SwarmFailure(violation.Property, violation.Message))
            || watch(happened).Map(name =>
                new SwarmFailure(name, $"{name} violated at {Transcript.Time(happened.At)}"));
    }
}

/// <summary>What came of playing a schedule.</summary>
/// <param name="Applied">What did happen: the rest was passed over.</param>
/// <param name="Events">What came of it.</param>
/// <param name="Failure">What did not hold.</param>
internal sealed record Played(Happening[] Applied, IReadOnlyList<WorldEvent> Events, Option<SwarmFailure> Failure);
