using System.Linq;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>The pipeline: whatever happens, one at a time, stamped, a step, its effects in order, time when it is due.</summary>
public sealed class RaftServerTests
{
    private static readonly Transition Boot =
        Raft.Boot(new NodeId(1), Configuration.Of(1, 2, 3), Harness.Seeded, PersistentState.Fresh);

    [Fact]
    public void A_node_can_be_run_on_anybodys_own_observables()
    {
        var time = new TestScheduler();
        var world = time.CreateColdObservable(
            ReactiveTest.OnNext<Input>(TimeSpan.FromMilliseconds(20).Ticks, Heard(Harness.Heartbeat(term: 4, round: 1))));

        var seen = time.CreateObserver<Transition>();
        using var node = RaftServer.Run(Boot, world, _ => Observable.Empty<Input>(), time, Raft.Step).Subscribe(seen);
        time.AdvanceTo(TimeSpan.FromMilliseconds(30).Ticks);

        Assert.Equal([new Term(0), new Term(4)], seen.Messages.Select(message => message.Value.Value.State.CurrentTerm));
        Assert.Equal(new NodeId(2), seen.Messages[1].Value.Value.State.LeaderId);
    }

    [Fact]
    public void What_is_missing_is_named_before_anybody_subscribes()
    {
        var (never, time) = (Observable.Never<Input>(), new TestScheduler());

        Assert.Equal("boot", Named(() => RaftServer.Run(default, never, _ => never, time)));
        Assert.Equal("arrivals", Named(() => RaftServer.Run(Boot, null!, _ => never, time)));
        Assert.Equal("perform", Named(() => RaftServer.Run(Boot, never, null!, time)));
        Assert.Equal("scheduler", Named(() => RaftServer.Run(Boot, never, _ => never, null!)));

        static string? Named(Action run) => Assert.Throws<ArgumentNullException>(run).ParamName;
    }

    [Fact]
    public void Inputs_are_stamped_with_the_nodes_own_clock_when_they_are_taken_up()
    {
        var time = new TestScheduler();
        time.AdvanceTo(TimeSpan.FromHours(1).Ticks);                                // the node starts now: its clock is at 0
        var inputs = new Subject<Input>();
        var last = Boot;
        using var node = RaftServer.Run(Boot, inputs, _ => Observable.Empty<Input>(), time, Raft.Step).Subscribe(step => last = step);

        time.AdvanceBy(TimeSpan.FromMilliseconds(42).Ticks);
        inputs.OnNext(Heard(Harness.Heartbeat(term: 1, round: 1)) with { At = new Instant(TimeSpan.FromDays(9)) });
        time.AdvanceBy(10);

        Assert.Equal(42, last.State.Now.SinceStart.TotalMilliseconds, tolerance: 0.01);
    }

    [Fact]
    public void Nothing_after_a_persist_starts_before_it_is_durable_also_of_later_steps()
    {
        var node = new Harness(Configuration.Of(1, 2, 3)) { DiskLatency = TimeSpan.FromMilliseconds(5) };

        node.Hear(2, new Message.RequestVote(new Term(1), LogPosition.Zero));       // too early: just started
        node.Pass(149);
        Assert.Empty(node.Done);

        node.Pass(2);
        node.Hear(2, new Message.RequestVote(new Term(1), LogPosition.Zero));
        node.Hear(3, new Message.RequestVote(new Term(1), LogPosition.Zero));
        node.Pass(3);
        Assert.Equal(["write"], node.Done);

        node.Pass(3);
        Assert.Equal(["write", "durable", "RequestVoteReply to S2", "RequestVoteReply to S3"], node.Done);
    }

    [Fact]
    public void Observers_see_a_step_before_its_effects_start()
    {
        var node = new Harness(Configuration.Of(1, 2, 3));
        using var roles = node.Node.Role.Subscribe(role => node.Done.Add(role.GetType().Name));

        node.Pass(301);

        Assert.Equal(["Follower", "PreCandidate", "PreVote to S2", "PreVote to S3"], node.Done.Take(4));
    }

    [Fact]
    public void What_effects_emit_are_inputs()
    {
        var node = new Harness(Configuration.Of(1));                                // its own durable vote makes it leader

        node.Pass(302);

        Assert.IsType<Role.Leader>(Latest(node.Node.Transitions).State.Role);
        Assert.Equal(["write", "durable", "write", "durable"], node.Done);          // its vote, and its first entry
    }

    [Fact]
    public void A_node_wakes_when_its_state_says_so_and_not_before()
    {
        var node = new Harness(Configuration.Of(1, 2, 3));
        var deadline = Latest(node.Node.Transitions).State.ElectionDeadline.SinceStart;

        node.Time.AdvanceTo(deadline.Ticks - 1);
        Assert.IsType<Role.Follower>(Latest(node.Node.Transitions).State.Role);

        node.Time.AdvanceBy(10);
        Assert.IsType<Role.PreCandidate>(Latest(node.Node.Transitions).State.Role);
    }

    [Fact]
    public void Heartbeats_move_the_deadline_without_a_timer_for_each()
    {
        var counting = new CountingScheduler(new TestScheduler());
        var inputs = new Subject<Input>();
        using var node = RaftServer.Run(Boot, inputs, _ => Observable.Empty<Input>(), counting, Raft.Step).Subscribe();

        for (var round = 1UL; round <= 1_000; round++)
        {
            inputs.OnNext(Heard(Harness.Heartbeat(term: 1, round)));
            counting.Time.AdvanceBy(TimeSpan.FromMilliseconds(10).Ticks);           // ten seconds in all
        }

        // One an election timeout, and one where a timeout is drawn that ends before the pending one; not one a heartbeat.
        Assert.InRange(counting.Timers, 10_000 / 300, 150);
    }

    [Fact]
    public void A_timer_that_fires_early_is_set_again()
    {
        var hasty = new CountingScheduler(new TestScheduler(), haste: 0.9);
        var last = Boot;
        using var node = RaftServer.Run(Boot, Observable.Never<Input>(), _ => Observable.Empty<Input>(), hasty, Raft.Step)
            .Subscribe(step => last = step);

        hasty.Time.AdvanceTo(Boot.State.ElectionDeadline.SinceStart.Ticks + 100);

        Assert.IsType<Role.PreCandidate>(last.State.Role);
        Assert.True(hasty.Timers > 1);
    }

    [Fact]
    public void However_many_effects_wait_for_the_disk_they_do_not_exhaust_the_stack()
    {
        var node = new Harness(Configuration.Of(1, 2, 3)) { DiskLatency = TimeSpan.FromMilliseconds(100) };
        node.Pass(151);

        for (var n = 0; n < 100_000; n++) node.Hear(2, new Message.RequestVote(new Term(1), LogPosition.Zero));
        node.Pass(101);

        Assert.Equal(100_000, node.Done.Count(done => done == "RequestVoteReply to S2"));
    }

    [Fact]
    public void The_first_tick_is_not_lost_however_long_the_start_takes()
    {
        var time = new TestScheduler();
        var boot = Raft.Boot(new NodeId(1), Configuration.Of(1), Harness.Seeded, PersistentState.Fresh);
        var slow = Observable.Create<Input>(_ =>
        {
            time.AdvanceBy(TimeSpan.FromSeconds(1).Ticks);
            return () => { };
        });
        var last = boot;
        using var node = RaftServer.Run(boot, slow, _ => Observable.Empty<Input>(), time).Subscribe(step => last = step);

        time.AdvanceBy(TimeSpan.FromSeconds(1).Ticks);

        Assert.IsType<Role.Candidate>(last.State.Role);
    }

    [Fact]
    public void A_throwing_step_ends_the_stream_with_what_was_thrown()
    {
        var time = new TestScheduler();
        var inputs = new Subject<Input>();
        var seen = time.CreateObserver<Transition>();
        using var node = RaftServer
            .Run(Boot, inputs, _ => Observable.Empty<Input>(), time, (_, _) => throw new InvalidOperationException("no"))
            .Subscribe(seen);

        inputs.OnNext(new Input.Tick());
        time.AdvanceBy(10);

        Assert.Equal("no", seen.Messages[^1].Value.Exception!.Message);
        Assert.False(inputs.HasObservers);
    }

    private static Input Heard(Message message) => new Input.Receive(new NodeId(2), message);

    private static Transition Latest(IObservable<Transition> transitions)
    {
        Transition latest = default;
        using var _ = transitions.Subscribe(step => latest = step);
        return latest;
    }

    /// <summary>Counts timers, and may ring them early.</summary>
    private sealed class CountingScheduler(TestScheduler time, double haste = 1) : IScheduler, IServiceProvider
    {
        public TestScheduler Time => time;

        public int Timers { get; private set; }

        public DateTimeOffset Now => time.Now;

        public IDisposable Schedule<TState>(TState state, Func<IScheduler, TState, IDisposable> action) =>
            time.Schedule(state, action);

        public IDisposable Schedule<TState>(TState state, TimeSpan due, Func<IScheduler, TState, IDisposable> action)
        {
            Timers++;
            return time.Schedule(state, due * haste, action);
        }

        public IDisposable Schedule<TState>(TState state, DateTimeOffset due, Func<IScheduler, TState, IDisposable> action) =>
            Schedule(state, due - Now, action);

        public object? GetService(Type serviceType) => ((IServiceProvider)time).GetService(serviceType);
    }
}
