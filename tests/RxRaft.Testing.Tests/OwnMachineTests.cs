using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Tests;

/// <summary>The swarm, and shrinking, with a state machine of one's own.</summary>
public sealed class OwnMachineTests
{
    [Fact]
    public void A_swarm_takes_any_state_machine()
    {
        var swarm = new Swarm<long, int, long>(new(new Sum(), (dice, _, _) => dice.Below(100)) { Closing = Seq1(0) });

        Assert.All(Enumerable.Range(1, 5), seed => Assert.Equal(Option<SwarmFailure>.None, swarm.Run((ulong)seed).Failure));
        var wrong = new Swarm<long, int, long>(new(new Sum(), (dice, _, _) => dice.Below(100)) { Model = new Forgetful() });
        Assert.Contains(
            Enumerable.Range(1, 5).Select(seed => wrong.Run((ulong)seed).Failure),
            failure => failure.Exists(found => found.Property == SwarmFailure.Linearizability));
    }

    [Fact]
    public void A_failure_with_any_state_machine_is_shrunk()
    {
        var swarm = new Swarm<long, int, long>(new(new Sum(), (dice, _, _) => dice.Below(100)))
        {
            Algorithm = () => Defects.NothingIsPersistedBeforeTheReply,
        };

        var shrunk = swarm.Shrink(1).Single();
        Assert.Equal("Durable before said", shrunk.Failure.Property);
        Assert.True(shrunk.Run.Happenings.Count <= 11, string.Join('\n', shrunk.Transcript));
        Assert.True(new Swarm<long, int, long>(new(new Sum(), (dice, _, _) => dice.Below(100))).Shrink(1).IsNone);
    }

    [Fact]
    public void States_without_an_equality_by_value_are_told_from_states_that_differ()
    {
        var failure = new Swarm<List<int>, int, int>(new(new Listed(), (_, number, _) => number)).Run(1).Failure.Single();

        Assert.Contains("are written in the same bytes, but their equality tells them apart", failure.Detail, StringComparison.Ordinal);
        Assert.Contains(typeof(List<int>).ToString(), failure.Detail, StringComparison.Ordinal);
    }

    private sealed class Listed : JsonMachine<List<int>, int, int>
    {
        public override List<int> Initial => [];

        public override (List<int> State, int Result) Apply(List<int> state, int command) => ([.. state, command], command);
    }

    [Fact]
    public void A_recorder_whose_algorithm_the_world_does_not_have_says_so()
    {
        var recorder = new RunRecorder();
        new Swarm<long, int, long>(new(new Sum(), (dice, _, _) => dice.Below(100))).Run(1, world => recorder.Watch(world));

        Assert.Contains("Around", Assert.Throws<InvalidOperationException>(() => recorder.Recorded).Message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(() => new RunRecorder().Recorded);
    }

    private sealed class Sum : JsonMachine<long, int, long>
    {
        public override long Initial => 0;

        public override (long State, long Result) Apply(long state, int command) => (state + command, state + command);
    }

    private sealed class Forgetful : IModel<long, int, long>
    {
        public long Initial => 0;

        public (long State, long Result) Step(long state, int command) => (command, command);
    }
}
