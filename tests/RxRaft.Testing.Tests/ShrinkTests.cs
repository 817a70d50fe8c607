using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reactive.Linq;
using System.Threading;
using Microsoft.Reactive.Testing;
using RxRaft.Swarm;

namespace RxRaft.Tests;

/// <summary>
/// What breaks a property, shrunk to what does: each planted defect to so few happenings that one can read them, none of
/// which can be left out.
/// </summary>
public sealed class ShrinkTests
{
    [Fact]
    public void Defect_1_a_stale_RequestVote_shrinks() => Shrinks(Defects.StaleRequestVoteIsNotRefused, "Terms go forward", most: 21);

    [Fact]
    public void Defect_2_an_append_without_consistency_check_shrinks() => Shrinks(
        Defects.AppendWithoutConsistencyCheck, "Durable before said", most: 22, DefectTests.DifferentLogs);

    [Fact]
    public void Defect_2_an_append_that_keeps_the_old_vote_shrinks() =>
        Shrinks(Defects.AppendKeepsTheOldVote, "Votes are of their term", most: 30);

    [Fact]
    public void Defect_3_a_vote_that_is_not_persisted_before_the_reply_shrinks() =>
        Shrinks(Defects.NothingIsPersistedBeforeTheReply, "Durable before said", most: 11);

    [Fact]
    public void Defect_4_an_election_in_two_parts_shrinks() => Shrinks(Defects.ElectionStartsInTwoParts, "One vote a term", most: 21);

    [Fact]
    public void Defect_5_a_refused_append_that_keeps_the_old_vote_shrinks() =>
        Shrinks(Defects.RefusedAppendKeepsTheOldVote, "Votes are of their term", most: 27);

    [Fact]
    public void Defect_6_a_timer_that_is_only_sampled_shrinks()
    {
        var shrinker = new Shrinker(Defects.TimerIsOnlySampled) { Watch = () => SilenceIsNoticed };
        var recorded = Enumerable.Range(1, 50).Select(seed => CrashedLeader((ulong)seed, Defects.TimerIsOnlySampled()))
            .First(schedule => shrinker.Broken(schedule).IsSome);

        Check(shrinker, new Shrinker(() => Raft.Step) { Watch = () => SilenceIsNoticed }, recorded, "Silence is noticed", most: 15);
    }

    [Fact]
    public void A_recorded_run_that_is_played_again_is_the_same_run()
    {
        var snapshots = 0;
        for (var seed = 1UL; seed <= 30; seed++)
        {
            var (recorder, seen) = (new RunRecorder(), new List<string>());
            var result = new Swarm<Map<string, string>, KeyValueCommand, Option<string>>(Trials.KeyValue)
            {
                Algorithm = () => recorder.Around(Raft.Step),
            }.Run(seed, world =>
            {
                recorder.Watch(world);
                world.Events.Where(IsOfNodes).Subscribe(happened => seen.Add(Told(happened)));
            });
            var schedule = recorder.Recorded;
            var played   = Stage.Play(schedule, schedule.Happenings.AsEnumerable(), Raft.Step, _ => None, RunJudge.OfProperties);

            Assert.True(result.Failure.IsNone && played.Failure.IsNone, $"seed {seed}: {played.Failure}");
            Assert.Equal(seen, played.Events.Where(IsOfNodes).Select(Told));
            Assert.Equal(schedule.Happenings.Count, played.Applied.Length);
            snapshots += schedule.Happenings.Filter(happening => happening is Happening.Snapshots).Count;
        }

        Assert.True(snapshots > 50, $"only {snapshots} snapshots");
    }

    [Fact]
    public void What_does_not_apply_any_more_is_passed_over()
    {
        var schedule = Stormy(Raft.Step, seed: 2, prepare: null);
        var all  = schedule.Happenings.AsEnumerable().ToList();
        var part = all.Where((_, place) => place % 3 != 1).ToList();
        var played = Stage.Play(schedule, part, Raft.Step, _ => None, RunJudge.OfProperties);

        Assert.True(played.Failure.IsNone, $"{played.Failure}");
        Assert.InRange(played.Applied.Length, 5, part.Count - 1);
    }

    [Fact]
    public void The_least_of_a_list_is_what_cannot_be_left_out()
    {
        int[] needed = [3, 40, 41, 97];
        var least = Minimal.Of([.. Enumerable.Range(0, 100)], part => needed.All(part.Contains) ? part : Option<int[]>.None);

        Assert.Equal(needed, least);
        Assert.Empty(Minimal.Of([1, 2, 3], part => part));
    }

    /// <summary>Sooner than it fails in the run, it would fail in another way.</summary>
    [Fact]
    public void What_is_shrunk_fails_in_the_same_way_and_not_only_of_the_same_property()
    {
        static Transition Fails(NodeState state, Input input) =>
            input is not Input.TransferTo ? Raft.Step(state, input)
            : state.Role is Role.Leader ? throw new InvalidOperationException($"{state.Self} leads, {state.LastLog}")
            : throw new InvalidOperationException($"{state.Self} does not lead, {state.LastLog}");

        var recorder = new RunRecorder();
        using var world = new World(WorldOptions.Of(3, 1) with { Step = recorder.Around(Fails) }, new TestScheduler());
        recorder.Watch(world);
        world.Start();
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Throws<PropertyViolationException>(() =>
        {
            world.Leader.IfSome(leader => world[leader].TransferLeadershipAsync(leader));
            world.RunFor(TimeSpan.FromSeconds(1));
        });
        var shrunk = new Shrinker(() => Fails).Shrink(recorder.Recorded).Single();

        Assert.Matches(@": S\d leads, T\d#\d", shrunk.Failure.Detail);
        Assert.Equal("InvalidOperationException: S leads, T#", shrunk.Failure.Kind);
    }

    [Fact]
    public void The_command_shrinks_a_seed_that_fails_and_tells_and_draws_it()
    {
        using var told = new StringWriter { NewLine = "\n" };
        var code = new Commands(told, isTerminal: false, CancellationToken.None)
        {
            Algorithm = () => Defects.NothingIsPersistedBeforeTheReply,
        }.Run(new Order { Seed = 1, Shrink = true });

        Assert.Equal(1, code);
        Assert.Matches(@"\nShrunk from \d+ to \d+ happenings, in \d+ plays\. Durable before said violated at ", told.ToString());
        Assert.Matches(@"\n```mermaid\nsequenceDiagram\n    participant S\d\n", told.ToString());
        Assert.Matches(@"\n    S\d->>S\d: \d+\.\d{3} ms PreVote T", told.ToString());
    }

    [Fact]
    public void A_diagram_has_its_participants_messages_and_notes_and_no_sign_that_ends_a_line()
    {
        var (s1, s2, at) = (new NodeId(1), new NodeId(2), TimeSpan.FromMilliseconds(1.5));

        Assert.Equal(
            "sequenceDiagram\n    participant S1\n    participant S2\n"
            + "    S2->>S1: 1.500 ms after T3#35;7#59; more\n    Note over S1: 1.500 ms crashed\n",
            Diagrams.Mermaid([(at, s2, Some(s1), "after T3#7; more"), (at, s1, None, "crashed")]));
    }

    private static void Shrinks(
        Func<NodeState, Input, Transition> defect, string property, int most, Action<World>? prepare = null)
    {
        var recorded = Enumerable.Range(1, 100).Select(seed => Stormy(defect, (ulong)seed, prepare))
            .First(schedule => new Shrinker(() => defect).Broken(schedule).IsSome);

        Check(new Shrinker(() => defect), new Shrinker(() => Raft.Step), recorded, property, most);
    }

    private static void Check(Shrinker shrinker, Shrinker correct, RecordedRun recorded, string property, int most)
    {
        var shrunk = shrinker.Shrink(recorded).Single();
        var (least, count) = (shrunk.Run, shrunk.Run.Happenings.Count);

        Assert.Equal(property, shrunk.Failure.Property);
        Assert.True(count <= most, $"{count} happenings:\n{string.Join('\n', shrunk.Transcript)}");
        Assert.Equal(property, shrinker.Broken(least));                                 // it is had again
        Assert.True(correct.Broken(least).IsNone, "the algorithm that ships breaks it too");
        for (var left = 0; left < count; left++)
        {
            var rest = least with { Happenings = least.Happenings.Take(left) + least.Happenings.Skip(left + 1) };
            Assert.False(shrinker.Broken(rest) == property, $"{least.Happenings[left]} can be left out");
        }

        Assert.Contains("sequenceDiagram", shrunk.Diagram, StringComparison.Ordinal);
    }

    private static RecordedRun Stormy(Func<NodeState, Input, Transition> step, ulong seed, Action<World>? prepare)
    {
        var recorder = new RunRecorder();
        using var world = Storm.Blow(recorder.Around(step), seed, world =>
        {
            recorder.Watch(world);
            prepare?.Invoke(world);
        });
        return recorder.Recorded;
    }

    private static RecordedRun CrashedLeader(ulong seed, Func<NodeState, Input, Transition> step)
    {
        var recorder = new RunRecorder();
        using var world = new World(WorldOptions.Of(3, seed) with { Step = recorder.Around(step) }, new TestScheduler());
        recorder.Watch(world);
        world.Start();
        world.RunFor(TimeSpan.FromMilliseconds(700 + 10 * (int)seed));
        world.Leader.IfSome(world.Crash);
        world.RunFor(TimeSpan.FromSeconds(1));
        return recorder.Recorded;
    }

    /// <summary>However late its timer rings, it was set for no later than an election timeout after the leader was heard.</summary>
    private static Option<string> SilenceIsNoticed(WorldEvent happened) =>
        happened is WorldEvent.Stepped(_, _, var before, var step)
        && step.Reasons.Exists(reason => reason is Reason.LeaderSilent { Leader.IsSome: true })
        && before.ElectionDeadline - before.LeaderContact > before.Settings.ElectionTimeoutMax
            ? "Silence is noticed"
            : None;

    /// <summary>But for ticks that come early, which change nothing.</summary>
    private static bool IsOfNodes(WorldEvent happened) => happened is WorldEvent.Started or WorldEvent.Crashed
        || (happened is WorldEvent.Stepped(_, _, var before, var step) && step.State with { Now = before.Now } != before);

    private static string Told(WorldEvent happened) => happened switch
    {
        WorldEvent.Stepped(var at, _, _, var step) => $"{at} {step.State.Self} {step.State.Now} {step.State.CurrentTerm} {step.State.Role} "
            + $"{step.State.LastLog} {step.State.CommitIndex} {step.State.Durable} {step.State.NextDeadline} {step.Reasons}",
        WorldEvent.Started(var at, var node, var step) => $"{at} {node} {step.Reasons}",
        _ => $"{happened}",
    };
}
