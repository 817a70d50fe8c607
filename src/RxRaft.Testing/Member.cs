using System.Reactive.Concurrency;
using System.Reactive.Linq;

namespace RxRaft.Testing;

/// <summary>One node and what it stands on.</summary>
internal sealed class Member
{
    private readonly NodeId id;
    private readonly WorldOptions options;
    private readonly SimulatedWire wire;
    private readonly Dice dice;
    private readonly Func<TimeSpan> now;
    private readonly Action<WorldEvent> tell;
    private readonly Func<NodeId, Effect, Option<CrashMoment>> begins;
    private readonly PausingScheduler process;
    private readonly DriftingScheduler clock;
    private IStopwatch sinceStart;
    private Option<Configuration> founders;
    private Life life = new();

    /// <summary>A node that does not run yet.</summary>
    /// <param name="id">Its own.</param>
    /// <param name="options">Of the world.</param>
    /// <param name="scheduler">The world's time, of which its clock makes its own.</param>
    /// <param name="wire">Between it and the others.</param>
    /// <param name="dice">Its own.</param>
    /// <param name="now">World time.</param>
    /// <param name="tell">Hears what happens to it.</param>
    /// <param name="begins">Hears of every effect that it is about to begin, and says whether it crashes there.</param>
    public Member(
        NodeId id, WorldOptions options, IScheduler scheduler, SimulatedWire wire, Dice dice,
        Func<TimeSpan> now, Action<WorldEvent> tell, Func<NodeId, Effect, Option<CrashMoment>> begins)
    {
        (this.id, this.options, this.wire, this.dice) = (id, options, wire, dice);
        (this.now, this.tell, this.begins) = (now, tell, begins);
        founders = options.Newcomers.Contains(id) ? None : Some(options.Configuration);
        var drift = options.ClockDrift / 2;
        process = new PausingScheduler(scheduler);
        ClockRate = dice.Between(1 - drift, 1 + drift);
        clock = new DriftingScheduler(process, ClockRate);
        sinceStart = clock.StartStopwatch();
        Disk = new SimulatedDisk(clock, dice.Fork(), options.Disk);
        State = Boot(Settings);
    }

    public SimulatedDisk Disk { get; }

    /// <summary>Its own time per world time.</summary>
    public double ClockRate { get; }

    public RaftNode? Node { get; private set; }

    public NodeState State { get; private set; }

    public Instant Clock => Instant.Zero + sinceStart.Elapsed;

    public void Prepare(PersistentState recovered, ReadOnlyMemory<byte> snapshot)
    {
        RequireDown();
        Disk.Prepare(recovered, snapshot);
        State = Boot(Settings);
    }

    public void Wipe()
    {
        founders = None;
        Prepare(PersistentState.Fresh, default);
    }

    public void Start()
    {
        RequireDown();
        var settings = Settings with { Seed = dice.Bits() };
        sinceStart = clock.StartStopwatch();
        State = Boot(settings);
        var begun = life = new Life();
        Node = options.Launch(
            new(id, founders, wire.Of(id), Disk, settings, _ => RaftNodeThreads.AllOn(clock))
            {
                Step    = options.Step,
                Journal = options.Journal(id),
                Around  = perform => effect => Perform(begun, perform, effect),
            });
        Node.Transitions.Select((step, n) => (Step: step, First: n == 0))
            .Subscribe(seen => Observe(seen.Step, seen.First), Halted);
        if (begun.IsOver && Node is not null) Crash();
    }

    public void Pause(TimeSpan span)
    {
        if (Node is null) throw new InvalidOperationException($"{id} does not run");

        process.Pause(span);
        tell(new WorldEvent.Paused(now(), id, span));
    }

    public void Crash()
    {
        if (Node is not { } running) throw new InvalidOperationException($"{id} does not run");

        Node = null;
        life.IsOver = true;
        running.StopAtOnce();
        process.Forget();
        Disk.Crash();
        tell(new WorldEvent.Crashed(now(), id));
    }

    /// <summary>Where the node is to crash, nothing is begun any more.</summary>
    private IObservable<Input> Perform(Life mine, Func<Effect, IObservable<Input>> perform, Effect effect)
    {
        if (mine.IsOver) return Observable.Never<Input>();

        var crash = begins(id, effect);
        if (crash.IsNone) return perform(effect);

        if (effect is Effect.Persist && crash.Case is CrashMoment moment and not CrashMoment.Before)
        {
            Disk.Interrupt(made: moment is CrashMoment.WriteMade, Crash);
            return perform(effect);
        }

        mine.IsOver = true;
        if (Node is not null) Crash();                              // else it is being started, and crashes after that
        return Observable.Never<Input>();
    }

    private void RequireDown()
    {
        if (Node is not null) throw new InvalidOperationException($"{id} runs already");
    }

    private Settings Settings => options.Differing(id, options.Settings);

    private NodeState Boot(Settings settings) =>
        NodeState.Boot(id, founders.IfNone(Configuration.Nobody), settings, Disk.Recover());

    private void Observe(Transition step, bool first)
    {
        var before = State;
        State = step.State;
        tell(first
            ? new WorldEvent.Started(now(), id, step)
            : new WorldEvent.Stepped(now(), id, before, step));
    }

    private void Halted(Exception reason)
    {
        Node = null;
        life.IsOver = true;
        process.Forget();
        Disk.Crash();
        tell(new WorldEvent.Halted(now(), id, reason));
    }

    /// <summary>From a start to its end.</summary>
    private sealed class Life
    {
        public bool IsOver { get; set; }
    }
}
