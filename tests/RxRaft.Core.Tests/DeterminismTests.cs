using System.Linq;
using CsCheck;

namespace RxRaft.Tests;

/// <summary>The core is a function: what a node does follows from its boot state and its inputs alone.</summary>
public class DeterminismTests
{
    [Fact]
    public void The_same_boot_and_inputs_give_the_same_states_effects_and_reasons() =>
        Schedules.Of(steps: 80).Sample(schedule =>
        {
            var run = schedule.Run().ToArray();

            var replay = Replay(Schedules.Boot(), run.Select(happened => happened.Input));

            Assert.Equal(run.Select(happened => happened.Step), replay);
        }, iter: 300, print: Schedules.Print);

    [Fact]
    public void The_schedules_are_worth_running_they_reach_every_role_and_change_the_log()
    {
        var roles = Set<string>();
        var deletions = 0;

        Schedules.Of(steps: 80).Sample(schedule =>
        {
            foreach (var (_, step) in schedule.Run())
            {
                roles = roles.AddOrUpdate(step.State.Role.GetType().Name);
                deletions += step.Reasons.Count(reason => reason is Reason.EntriesDeleted);
            }
        }, iter: 500, threads: 1, seed: "0N0XIzNsQ0O2", print: Schedules.Print);

        Assert.Equal(Set("Follower", "PreCandidate", "Candidate", "Leader"), roles);
        Assert.True(deletions > 20, $"{deletions}");
    }

    [Fact]
    public void Nodes_with_another_seed_choose_other_timeouts()
    {
        var one = NodeState.Boot(S1, ClusterOf(3), Given.Settings with { Seed = 1 }, PersistentState.Fresh);
        var two = NodeState.Boot(S1, ClusterOf(3), Given.Settings with { Seed = 2 }, PersistentState.Fresh);

        Assert.NotEqual(one.ElectionDeadline, two.ElectionDeadline);
    }

    private static Transition[] Replay(NodeState state, System.Collections.Generic.IEnumerable<Input> inputs) =>
        [.. inputs.Select(input =>
        {
            var step = Raft.Step(state, input);
            state = step.State;
            return step;
        })];
}
