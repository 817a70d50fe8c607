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
    private readonly List<(Happening What, int From)> played = [];
    private readonly Dictionary<NodeId, Happening.Starts> starts = [];
    private Set<NodeId> wiped = [];
    private List<(Origin Origin, NodeId From, NodeId To)> underWay = [];
    private int number;

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

    public Seq<NodeId> Nodes => schedule.Nodes;

    /// <summary>What did happen, each with the place among <see cref="Events"/> of what came of it.</summary>
    public IReadOnlyList<(Happening What, int From)> Played => played;

    public IReadOnlyList<WorldEvent> Events => events;

    /// <summary>The first thing that did not hold.</summary>
    public Option<SwarmFailure> Failure { get; private set; }

    /// <summary>For something that is not in the schedule.</summary>
    public int NextNumber => ++number;

    public Seq<NodeId> LeaseHolders => schedule.Nodes.Filter(node => actors[node].HoldsLease).Strict();

    public PersistentState Durable(NodeId node) => actors[node].Durable;

    public TimeSpan TimeLeft(NodeId node, Instant until) => until - actors[node].Clock;

    /// <summary>None while it does not run.</summary>
    public Option<NodeState> StateOf(NodeId node) => actors[node].State;

    NodeState IWitnessed.StateOf(NodeId node) =>
        StateOf(node).IfNone(() => throw new InvalidOperationException($"{node} does not run"));

    /// <summary>Whether it knows nothing of the cluster, as somebody has emptied its disk.</summary>
    public bool HasLostDisk(NodeId node) => wiped.Contains(node) && Durable(node).Log.Configuration.IsNobody;

    /// <summary>As it started last, on the disk that it has; if it never did, as in the whole run.</summary>
    public Happening.Starts StartOf(NodeId node)
    {
        var start = starts.TryGetValue(node, out var last) ? last with { Disk = None } : schedule.Starts[node];
        return start with { Number = NextNumber, At = Now };
    }

    /// <summary>What has been sent since this was asked last.</summary>
    public IReadOnlyList<(Origin Origin, NodeId From, NodeId To)> TakeSent()
    {
        var sent = underWay;
        underWay = [];
        return sent;
    }

    /// <summary>Plays until the first violation, or to the end, and what is judged there.</summary>
    /// <param name="schedule">Of which run.</param>
    /// <param name="happenings">What of it happens.</param>
    /// <param name="step">The algorithm.</param>
    /// <param name="watch">A property more: its name, when it does not hold.</param>
    /// <param name="judge">Looks at the whole.</param>
    public static Played Play(
        RecordedRun schedule, IEnumerable<Happening> happenings, Func<NodeState, Input, Transition> step,
        Func<WorldEvent, Option<string>> watch, RunJudge judge)
    {
        var stage = new Stage(schedule, step, watch)
        {
            number = schedule.Happenings.Fold(0, (most, each) => Math.Max(most, each.Number)),
        };
        var applied = happenings.TakeWhile(_ => stage.Failure.IsNone).Where(stage.Happens).ToArray();
        var events  = stage.events.ToArray();
        stage.TakeSent();
        var failure = stage.Failure || judge.Of(stage);
        foreach (var actor in stage.actors.Values) actor.Dispose();
        return new(applied, events, failure);
    }

    /// <summary>Whether it applies: else it is passed over.</summary>
    public bool Happens(Happening happening)
    {
        Now = happening.At > Now ? happening.At : Now;
        var from = events.Count;
        if (!actors[happening.Node].Take(happening, Said(happening))) return false;

        played.Add((happening, from));
        if (happening is not Happening.Starts start) return true;

        if (IsOnLostDisk(start)) wiped = wiped.AddOrUpdate(start.Node);
        starts[start.Node] = start;
        return true;
    }

    /// <summary>Whether it has started before, in the whole run, and what its disk had then is no more.</summary>
    /// <remarks>The part that is played need not have that other start.</remarks>
    private bool IsOnLostDisk(Happening.Starts start)
    {
        var first = schedule.Starts[start.Node];
        return start.Number != first.Number && start.Founders.IsNone
            && (first.Founders.IsSome || start.Disk.Exists(disk => disk.Log.Configuration.IsNobody));
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
        underWay.Add((origin, from, to));
        Tell(new WorldEvent.Sent(Now, from, to, message));
    }

    private void Tell(WorldEvent happened)
    {
        if (Failure.IsSome) return;

        events.Add(happened);
        properties.Check(happened);
        Failure = properties.Violation.Map(SwarmFailure.Of)
            || watch(happened).Map(name =>
                new SwarmFailure(name, $"{name} violated at {Transcript.Time(happened.At)}"));
    }
}

/// <summary>What came of playing a schedule.</summary>
/// <param name="Applied">What did happen: the rest was passed over.</param>
/// <param name="Events">What came of it, up to where it was judged.</param>
/// <param name="Failure">What did not hold.</param>
internal sealed record Played(Happening[] Applied, IReadOnlyList<WorldEvent> Events, Option<SwarmFailure> Failure);
