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
    private readonly DriftingScheduler clock;
    private IStopwatch sinceStart;
    private Option<Configuration> founders;

    /// <summary>A node that does not run yet.</summary>
    /// <param name="id">Its own.</param>
    /// <param name="options">Of the world.</param>
    /// <param name="scheduler">The world's time, of which its clock makes its own.</param>
    /// <param name="wire">Between it and the others.</param>
    /// <param name="dice">Its own.</param>
    /// <param name="now">World time.</param>
    /// <param name="tell">Hears what happens to it.</param>
    public Member(
        NodeId id, WorldOptions options, IScheduler scheduler, SimulatedWire wire, Dice dice,
        Func<TimeSpan> now, Action<WorldEvent> tell)
    {
        (this.id, this.options, this.wire, this.dice, this.now, this.tell) = (id, options, wire, dice, now, tell);
        founders = options.Newcomers.Contains(id) ? None : Some(options.Configuration);
        var drift = options.ClockDrift / 2;
        clock = new DriftingScheduler(scheduler, rate: dice.Between(1 - drift, 1 + drift));
        sinceStart = clock.StartStopwatch();
        Disk = new SimulatedDisk(clock, dice.Fork(), options.Disk);
        State = Boot(options.Settings);
    }

    public SimulatedDisk Disk { get; }

    public RaftNode? Node { get; private set; }

    public NodeState State { get; private set; }

    public Instant Clock => Instant.Zero + sinceStart.Elapsed;

    public void Prepare(PersistentState recovered, ReadOnlyMemory<byte> snapshot)
    {
        RequireDown();
        Disk.Prepare(recovered, snapshot);
        State = Boot(options.Settings);
    }

    public void Wipe()
    {
        founders = None;
        Prepare(PersistentState.Fresh, default);
    }

    public void Start()
    {
        RequireDown();
        var settings = options.Settings with { Seed = dice.Bits() };
        sinceStart = clock.StartStopwatch();
        State = Boot(settings);
        Node = options.Launch(
            new(id, founders, wire.Of(id), Disk, settings, _ => RaftNodeThreads.AllOn(clock))
            {
                Step    = options.Step,
                Journal = options.Journal(id),
            });
        Node.Transitions.Select((step, n) => (Step: step, First: n == 0))
            .Subscribe(seen => Observe(seen.Step, seen.First), Halted);
    }

    public void Crash()
    {
        if (Node is not { } running) throw new InvalidOperationException($"{id} does not run");

        Node = null;
        running.StopAtOnce();
        Disk.Crash();
        tell(new WorldEvent.Crashed(now(), id));
    }

    private void RequireDown()
    {
        if (Node is not null) throw new InvalidOperationException($"{id} runs already");
    }

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
        Disk.Crash();
        tell(new WorldEvent.Halted(now(), id, reason));
    }
}
