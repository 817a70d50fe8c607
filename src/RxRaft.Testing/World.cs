using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace RxRaft.Testing;

/// <summary>
/// A whole cluster on one scheduler and one seed: the nodes that ship, on wires, disks and clocks that can fail.
/// </summary>
/// <remarks>
/// On a virtual-time scheduler, such as TestScheduler or HistoricalScheduler, it runs when told to, in one thread,
/// and the same seed gives the same run in every process. On a real one it runs by itself, and must be used from that
/// scheduler's thread.
/// </remarks>
public sealed class World : IDisposable, IWitnessed
{
    private readonly IScheduler scheduler;
    private readonly WorldOptions options;
    private readonly IStopwatch watch;
    private readonly Map<NodeId, Member> members;
    private readonly Subject<WorldEvent> events = new();
    private readonly Subject<(NodeId Node, Effect Effect)> begun = new();
    private readonly Properties properties;
    private Option<CrashPoint> crashPoint;

    /// <summary>Builds a world in which nobody runs yet.</summary>
    /// <param name="options">What it is made of.</param>
    /// <param name="scheduler">Its time, and its one thread.</param>
    public World(WorldOptions options, IScheduler scheduler)
    {
        (this.options, this.scheduler) = (options, scheduler);
        watch = scheduler.StartStopwatch();

        var dice = new Dice(options.Seed);
        Nodes = toSeq(options.Configuration.Members.Union(options.Newcomers)).Strict();
        Wire = new SimulatedWire(scheduler, watch, dice.Fork(), options.Wire, Nodes, Tell);
        members = toMap(Nodes.Map(id =>
            (id, new Member(id, options, scheduler, Wire, dice.Fork(), () => Now, Tell, Begins))).Strict());
        properties = new Properties(this);
    }

    /// <summary>The seed that gives this run again.</summary>
    public ulong Seed => options.Seed;

    /// <summary>World time since the world began. Nodes' own clocks run faster or slower.</summary>
    public TimeSpan Now => watch.Elapsed;

    /// <summary>The wires, to cut, heal and count.</summary>
    public SimulatedWire Wire { get; }

    /// <summary>Every member and newcomer, running or not, in the order of their ids.</summary>
    public Seq<NodeId> Nodes { get; }

    /// <summary>What happens, as it happens.</summary>
    public IObservable<WorldEvent> Events => events.AsObservable();

    /// <summary>The first property that did not hold, if there was one. <see cref="RunFor"/> throws it.</summary>
    public Option<PropertyViolationException> Violation => properties.Violation;

    /// <summary>Running nodes that take themselves for leaders.</summary>
    public Seq<NodeId> Leaders => Running.Filter(node => StateOf(node).Role is Role.Leader).Strict();

    /// <summary>The leader of the latest term that has one, as far as running nodes know themselves.</summary>
    public Option<NodeId> Leader => members.Fold(Option<NodeState>.None, (latest, member) =>
        member is { Node: not null, State.Role: Role.Leader }
        && latest.ForAll(other => other.CurrentTerm < member.State.CurrentTerm) ? member.State : latest)
        .Map(leader => leader.Self);

    /// <summary>Nodes that run at the moment.</summary>
    public Seq<NodeId> Running => Nodes.Filter(IsRunning).Strict();

    /// <summary>Whether a node runs at the moment.</summary>
    public bool IsRunning(NodeId node) => members[node].Node is not null;

    /// <summary>A running node itself.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    public RaftNode this[NodeId node] =>
        members[node].Node ?? throw new InvalidOperationException($"{node} does not run");

    /// <summary>A running node with its state machine.</summary>
    /// <exception cref="InvalidOperationException">It does not run.</exception>
    /// <exception cref="InvalidCastException">The world is of another machine, or of none.</exception>
    public RaftNode<TState, TCommand, TResult> Node<TState, TCommand, TResult>(NodeId node) =>
        (RaftNode<TState, TCommand, TResult>)this[node];

    /// <summary>A node's state: the current one, or the last before it crashed.</summary>
    public NodeState StateOf(NodeId node) => members[node].State;

    /// <summary>How much time a running node has left, on its own clock, until a moment of its own.</summary>
    public TimeSpan TimeLeft(NodeId node, Instant until) => until - members[node].Clock;

    /// <summary>Puts something on the disk of a node that does not run.</summary>
    /// <param name="node">Which.</param>
    /// <param name="recovered">
    /// What it will find when it starts; <see cref="PersistentState.Fresh"/> wipes the disk.
    /// </param>
    /// <param name="snapshot">The bytes of its snapshot, if it has one.</param>
    public void Prepare(NodeId node, PersistentState recovered, ReadOnlyMemory<byte> snapshot = default) =>
        members[node].Prepare(recovered, snapshot);

    /// <summary>
    /// Wipes the disk of a node that does not run. From then on it starts as one that is to join, as an operator would
    /// have it who knows what happened.
    /// </summary>
    public void Wipe(NodeId node) => members[node].Wipe();

    /// <summary>Starts every node that does not run.</summary>
    public World Start()
    {
        foreach (var node in Nodes.Filter(node => !IsRunning(node)).Strict()) Restart(node);
        return this;
    }

    /// <summary>Starts a node that does not run, for the first time or again, with what its disk remembers.</summary>
    public void Restart(NodeId node) => members[node].Start();

    /// <summary>Kills a node: it loses everything that is not durable.</summary>
    public void Crash(NodeId node) => members[node].Crash();

    /// <summary>
    /// Holds a running node's process up, as a machine or a garbage collector does: its clock goes on, and what it has
    /// to do, it does after that.
    /// </summary>
    public void Pause(NodeId node, TimeSpan span) => members[node].Pause(span);

    /// <summary>How many effects have been begun so far, by all nodes.</summary>
    public long Effects { get; private set; }

    /// <summary>
    /// Whichever node comes to this point crashes there, in the middle of what it has to do. One point at a time; one
    /// that has passed, or lies beyond the end, does nothing.
    /// </summary>
    public void CrashAt(CrashPoint point) => crashPoint = point;

    /// <summary>Lets virtual time pass.</summary>
    /// <exception cref="PropertyViolationException">A property did not hold.</exception>
    /// <exception cref="InvalidOperationException">The scheduler's time passes by itself.</exception>
    public void RunFor(TimeSpan span)
    {
        switch (scheduler)
        {
            case VirtualTimeSchedulerBase<long, long> ticks: ticks.AdvanceBy(span.Ticks); break;
            case VirtualTimeSchedulerBase<DateTimeOffset, TimeSpan> history: history.AdvanceBy(span); break;
            default:
                throw new InvalidOperationException(
                $"{scheduler.GetType().Name} is not virtual: its time passes by itself");
        }

        properties.Violation.IfSome(violation => throw violation);
    }

    /// <summary>Lets virtual time pass, millisecond by millisecond, until something is so.</summary>
    /// <returns>Whether it came to be so within the limit.</returns>
    /// <inheritdoc cref="RunFor"/>
    public bool RunUntil(Func<World, bool> condition, TimeSpan limit)
    {
        var end = Now + limit;
        while (!condition(this) && Now < end) RunFor(TimeSpan.FromMilliseconds(1));
        return condition(this);
    }

    /// <summary>Does something when so much world time has passed, in the world's one thread.</summary>
    /// <returns>Dispose of it to call it off.</returns>
    public IDisposable After(TimeSpan span, Action action) => scheduler.Schedule(span, action);

    /// <summary>Stops all nodes. What is on its way arrives nowhere, and nobody hears of it.</summary>
    public void Dispose()
    {
        foreach (var node in Running) members[node].Node?.StopAtOnce();
        events.OnCompleted();
    }

    /// <summary>Whether a write is under way, or to come, that ends in a crash.</summary>
    internal bool IsSomebodyToCrash => Nodes.Exists(node => members[node].Disk.IsInterrupted);

    internal PersistentState Durable(NodeId node) => members[node].Disk.Durable;

    internal double ClockRate(NodeId node) => members[node].ClockRate;

    PersistentState IWitnessed.Durable(NodeId node) => Durable(node);

    Seq<NodeId> IWitnessed.LeaseHolders => Running
        .Filter(node => StateOf(node).LeaseEnd.Exists(end => TimeLeft(node, end) > TimeSpan.Zero)).Strict();

    /// <summary>Every effect that is about to be begun.</summary>
    internal IObservable<(NodeId Node, Effect Effect)> Begun => begun;

    private Option<CrashMoment> Begins(NodeId node, Effect effect)
    {
        Effects++;
        begun.OnNext((node, effect));
        if (crashPoint.Case is not CrashPoint point || point.Effect != Effects) return None;

        crashPoint = None;
        return point.Moment;
    }

    private void Tell(WorldEvent happened)
    {
        properties.Check(happened);
        events.OnNext(happened);
    }
}
