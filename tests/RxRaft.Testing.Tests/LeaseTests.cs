using System.Collections.Generic;
using System.Reactive.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>Leader's work in a whole cluster: whatever fails, at most one node's work runs, and none once another is elected.</summary>
public sealed class LeaseTests
{
    [Fact]
    public void Work_is_cancelled_before_a_rival_is_elected_whatever_fails_and_however_clocks_drift()
    {
        var terms = 0;
        for (var seed = 1UL; seed <= 100; seed++) terms += Watch(seed).TermsWorked;

        Assert.True(terms > 300, $"only {terms} terms in which work ran");
    }

    [Fact]
    public void A_lease_that_is_longer_than_followers_hold_their_votes_back_is_caught()
    {
        var seeds = toSeq(Range(1, 50)).Map(seed => (ulong)seed).Strict();

        Assert.All(seeds, seed => Assert.True(LeaderCutOff(seed, Raft.Step).IsNone));
        Assert.Equal("Lease Safety", seeds.Map(seed => LeaderCutOff(seed, TooLong)).Somes().Head.Property);
    }

    [Fact]
    public void A_node_that_votes_right_after_its_start_breaks_leases_and_is_caught()
    {
        var seeds = toSeq(Range(1, 50)).Map(seed => (ulong)seed).Strict();

        Assert.All(seeds, seed => Assert.True(RestartingVoter(seed, Raft.Step).IsNone));
        Assert.Equal("Lease Safety", seeds.Map(seed => RestartingVoter(seed, VotesAtOnce)).Somes().Head.Property);
    }

    /// <summary>As if every node had started long ago.</summary>
    private static Transition VotesAtOnce(NodeState state, Input input) => Raft.Step(
        state.HasHeardNoLeader ? state with { LeaderContact = new Instant(TimeSpan.FromSeconds(-1)) } : state, input);

    /// <summary>The leader and one follower cannot hear each other; the third, whom both hear, starts again and again.</summary>
    private static Option<PropertyViolationException> RestartingVoter(ulong seed, Func<NodeState, Input, Transition> step)
    {
        using var world = new World(WorldOptions.Of(3, seed) with { Step = step }, new TestScheduler());
        world.Start();
        Assert.True(world.RunUntil(now => now.Leader.IsSome, TimeSpan.FromSeconds(5)));
        world.RunFor(TimeSpan.FromMilliseconds(200));
        var leader = world.Leader.IfNone(new NodeId(1));
        var others = world.Nodes.Filter(node => node != leader).Strict();
        world.Wire.Cut(leader, others[0]);
        world.Wire.Cut(others[0], leader);
        try
        {
            for (var time = 0; time < 10; time++)
            {
                world.Crash(others[1]);
                world.Restart(others[1]);
                world.RunFor(TimeSpan.FromMilliseconds(100));
            }
        }
        catch (PropertyViolationException violation)
        {
            return violation;
        }

        return None;
    }

    /// <summary>Almost twice the minimum election timeout.</summary>
    private static Transition TooLong(NodeState state, Input input)
    {
        var step = Raft.Step(state, input);
        return step with { State = step.State with { Settings = step.State.Settings with { ClockDriftBound = -0.9 } } };
    }

    private static Option<PropertyViolationException> LeaderCutOff(ulong seed, Func<NodeState, Input, Transition> step)
    {
        using var world = new World(WorldOptions.Of(5, seed) with { Step = step }, new TestScheduler());
        world.Start();
        Assert.True(world.RunUntil(now => now.Leader.IsSome, TimeSpan.FromSeconds(5)));
        world.RunFor(TimeSpan.FromSeconds(1));
        world.Leader.IfSome(world.Wire.CutOff);
        try
        {
            world.RunFor(TimeSpan.FromSeconds(1));
        }
        catch (PropertyViolationException violation)
        {
            return violation;
        }

        return None;
    }

    private static Work Watch(ulong seed)
    {
        var work = new Work();
        using var world = Storm.Blow(Raft.Step, seed, prepare: work.Attend);
        world.Violation.IfSome(violation => throw violation);
        Assert.Empty(work.Overlaps);
        return work;
    }

    /// <summary>Gives every node work to do while it leads, from each of its starts on, and sees that no two do it.</summary>
    private sealed class Work
    {
        private readonly Dictionary<NodeId, (Term Term, CancellationToken Lost)> running = [];
        private readonly System.Collections.Generic.HashSet<Term> terms = [];

        public int TermsWorked => terms.Count;

        public List<string> Overlaps { get; } = [];

        public void Attend(World world)
        {
            world.Events.OfType<WorldEvent.Started>().Subscribe(started => world[started.Node].WhileLeaderAsync((term, lost) =>
            {
                NobodyWorks(world, besides: started.Node);
                terms.Add(term);
                running[started.Node] = (term, lost);
                var cancelled = new TaskCompletionSource();
                lost.Register(cancelled.SetResult);
                return cancelled.Task;
            }));
            world.Events.OfType<WorldEvent.Stepped>()
                .Where(step => step.Step.State.Role is Role.Leader && step.Before.Role is not Role.Leader)
                .Subscribe(elected => NobodyWorks(world, besides: elected.Node));
        }

        private void NobodyWorks(World world, NodeId besides)
        {
            foreach (var (node, (term, lost)) in running)
            {
                if (node != besides && !lost.IsCancellationRequested)
                    Overlaps.Add($"{node} works in {term} at {world.Now} while {besides} leads (seed {world.Seed})");
            }
        }
    }
}
