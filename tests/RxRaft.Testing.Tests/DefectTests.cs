using System.Linq;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>Each of the six defects of the published lab code fails here; without it, the same runs pass.</summary>
public sealed class DefectTests
{
    [Fact]
    public void Defect_1_a_stale_RequestVote_that_is_not_refused_takes_terms_back() =>
        Caught(Defects.StaleRequestVoteIsNotRefused, "Terms go forward");

    [Fact]
    public void Defect_2_an_append_without_consistency_check_claims_entries_that_are_not_there() =>
        Caught(Defects.AppendWithoutConsistencyCheck, "Durable before said", DifferentLogs);

    [Fact]
    public void Defect_2_an_append_of_a_newer_term_that_keeps_the_old_vote_votes_for_somebody_who_does_not_stand() =>
        Caught(Defects.AppendKeepsTheOldVote, "Votes are of their term");

    [Fact]
    public void Defect_3_a_vote_that_is_not_persisted_before_the_reply_is_one_that_a_crash_would_undo() =>
        Caught(Defects.NothingIsPersistedBeforeTheReply, "Durable before said");

    [Fact]
    public void Defect_4_an_election_that_starts_in_two_parts_overwrites_a_vote_given_in_between() =>
        Caught(Defects.ElectionStartsInTwoParts, "One vote a term");

    [Fact]
    public void Defect_5_a_refused_append_that_keeps_the_old_vote_votes_for_somebody_who_does_not_stand() =>
        Caught(Defects.RefusedAppendKeepsTheOldVote, "Votes are of their term");

    [Fact]
    public void Defect_6_a_timer_that_is_only_sampled_notices_a_dead_leader_too_late()
    {
        var longest = Settings.Default.ElectionTimeoutMax;

        Assert.True(LongestSilence(Raft.Step) <= longest);
        Assert.True(LongestSilence(Defects.TimerIsOnlySampled()) > longest + Settings.Default.ElectionTimeoutMin / 2);
    }

    private static void Caught(
        Func<NodeState, Input, Transition> defect, string property, Action<World>? prepare = null)
    {
        var seeds = toSeq(Range(1, 100)).Map(seed => (ulong)seed).Strict();

        seeds.Iter(seed => Violation(Raft.Step, seed, prepare).IfSome(violation => throw violation));
        Assert.Equal(property, seeds.Map(seed => Violation(defect, seed, prepare)).Somes().Head.Property);
    }

    private static Option<PropertyViolationException> Violation(
        Func<NodeState, Input, Transition> step, ulong seed, Action<World>? prepare)
    {
        using var world = Storm.Blow(step, seed, prepare);
        return world.Violation;
    }

    /// <summary>
    /// Logs as crashes of leaders leave them: a common beginning, and ends of different terms and lengths.
    /// </summary>
    internal static void DifferentLogs(World world)
    {
        foreach (var node in world.Nodes)
        {
            var terms = Seq(1, 1, 2).Concat(Range(0, (int)node.Value).Map(_ => 2 + (int)node.Value)).Strict();
            var log = Log.Empty.Append(toSeq(Enumerable.Select(terms, (term, index) => Entry(index + 1, term)).ToArray()));
            world.Prepare(node, new PersistentState(new Term(10), None, log));
        }
    }

    private static Entry Entry(int index, int term) =>
        new(new LogPosition(new Term((ulong)term), new LogIndex((ulong)index)), Payload.Noop.Instance);

    /// <summary>How long a follower waits at most for a leader that has been heard and then crashes.</summary>
    private static TimeSpan LongestSilence(Func<NodeState, Input, Transition> step)
    {
        var longest = TimeSpan.Zero;
        for (var seed = 1UL; seed <= 50; seed++)
        {
            using var world = new World(WorldOptions.Of(3, seed) with { Step = step }, new TestScheduler());
            using var silences = world.Events.OfType<WorldEvent.Stepped>().SelectMany(stepped => stepped.Step.Reasons)
                .OfType<Reason.LeaderSilent>().Where(reason => reason.Leader.IsSome)
                .Subscribe(reason => longest = reason.Silence > longest ? reason.Silence : longest);

            world.Start();
            Assert.True(world.RunUntil(LeaderIsKnown, TimeSpan.FromSeconds(5)));
            world.RunFor(TimeSpan.FromMilliseconds(700 + 10 * (int)seed));
            world.Leader.IfSome(world.Crash);
            world.RunFor(TimeSpan.FromSeconds(1));
        }

        return longest;
    }

    private static bool LeaderIsKnown(World world) =>
        world.Leader.IsSome && world.Nodes.ForAll(node => world.StateOf(node).LeaderId.IsSome);
}
