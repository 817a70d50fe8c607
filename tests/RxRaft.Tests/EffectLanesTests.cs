using System.Collections.Generic;
using System.Linq;
using System.Reactive.Linq;
using System.Reactive.Subjects;

namespace RxRaft.Tests;

/// <summary>Effects in order: behind a write nothing starts, and writes that wait become one (§10.2.1).</summary>
public sealed class EffectLanesTests
{
    private static readonly NodeId S2 = new(2);
    private static readonly Snapshot Shot = new(new LogPosition(new Term(1), new LogIndex(1)), Configuration.Of(1, 2, 3), 3);

    private readonly Subject<Transition> steps = new();
    private readonly Intake intake = new();
    private readonly List<string> done = [];
    private readonly Queue<Subject<Input>> writing = new();

    public EffectLanesTests() => EffectLanes.Perform(steps, Perform, intake).Subscribe(_ => { }, fault => done.Add(fault.Message));

    [Fact]
    public void A_write_begins_when_the_intake_has_settled_and_what_is_behind_it_waits_until_it_is_durable()
    {
        Step(Write(1), Say(1));
        Assert.Empty(done);

        intake.Settle();
        Assert.Equal(["write 1"], done);

        Durable();
        Assert.Equal(["write 1", "say 1"], done);
    }

    [Fact]
    public void What_a_leader_may_say_before_its_disk_has_it_goes_out_at_once_past_everything()
    {
        Step(Write(1), Say(1));
        intake.Settle();
        Step(new Effect.Send(S2, Harness.Heartbeat(term: 9, round: 1)));

        Assert.Equal(["write 1", "say 9"], done);
    }

    [Fact]
    public void Writes_that_queue_up_behind_a_running_one_become_one_and_what_was_between_them_waits_for_it()
    {
        Step(Write(1), Say(1));
        intake.Settle();
        Step(Write(2), Say(2));
        Step(Write(3), Say(3));
        intake.Settle();

        Durable();
        Assert.Equal(["write 1", "say 1", "write 2-3"], done);

        Durable();
        Assert.Equal(["write 1", "say 1", "write 2-3", "say 2", "say 3"], done);
    }

    [Fact]
    public void A_write_is_not_drawn_past_the_part_of_a_snapshot_that_it_may_name_nor_past_another_snapshot()
    {
        Step(Write(1), new Effect.StoreChunk(Shot, 0, new byte[3]), Write(2) with { Snapshot = Shot }, Write(3));
        intake.Settle();
        Durable();
        Durable();
        Durable();

        Assert.Equal(["write 1", "store", "write 2-3"], done);
    }

    [Fact]
    public void Once_the_steps_have_ended_nothing_more_is_begun()
    {
        Step(Write(1), Say(1));
        intake.Settle();
        steps.OnError(new InvalidOperationException("halted"));
        Durable();
        Step(Say(2));

        Assert.Equal(["write 1"], done);
    }

    [Fact]
    public void A_disk_that_fails_is_heard_and_what_is_behind_is_never_said()
    {
        Step(Write(1), Say(1));
        intake.Settle();

        writing.Dequeue().OnError(new InvalidOperationException("the disk is full"));
        intake.Settle();

        Assert.Equal(["write 1", "the disk is full"], done);
    }

    [Fact]
    public void A_write_that_is_done_while_it_begins_is_not_followed_any_longer()
    {
        var left  = false;
        var write = Observable.Create<Unit>(observer =>
        {
            observer.OnNext(Unit.Default);
            return () => left = true;                                               // it does not complete
        });
        using var lanes = EffectLanes.Perform(steps, _ => new OnceDone<Input>(write, new Input.Tick()), intake).Subscribe();

        Step(Write(1));
        intake.Settle();

        Assert.True(left);
    }

    private void Step(params Effect[] effects) => steps.OnNext(new Transition(null!, toSeq(effects), []));

    private void Durable()
    {
        if (!writing.TryDequeue(out var write)) return;
        write.OnCompleted();
        intake.Settle();
    }

    private IObservable<Input> Perform(Effect effect)
    {
        done.Add(effect switch
        {
            Effect.Persist write => write.Entries.Count == 1
                ? $"write {write.LastLog.Index.Value}"
                : $"write {write.Entries[0].Index.Value}-{write.LastLog.Index.Value}",
            Effect.StoreChunk => "store",
            Effect.Send(_, var message) => $"say {message.Term.Value}",
            _ => throw new InvalidOperationException($"{effect}"),
        });
        if (effect is Effect.Send) return Interpreter.Done;

        writing.Enqueue(new Subject<Input>());
        return writing.Last();
    }

    private static Effect.Send Say(ulong term) => new(S2, new Message.RequestVoteReply(new Term(term), VoteGranted: true));

    private static Effect.Persist Write(ulong index)
    {
        var entry = new Entry(new LogPosition(new Term(1), new LogIndex(index)), Payload.Noop.Instance);
        return new(new Term(1), None, None, LogPosition.Zero, new LogIndex(index - 1), Seq1(entry), entry.Position);
    }

    private sealed class Intake : IIntake
    {
        private readonly Subject<Unit> settled = new();

        public IObservable<Unit> Settled => settled;

        public IObservable<Input> Take(Arrivals arrivals, Func<Instant> now) => Observable.Never<Input>();

        public void Enter(Action action) => action();

        public IDisposable Open() => settled;

        public void Settle() => settled.OnNext(Unit.Default);
    }
}
