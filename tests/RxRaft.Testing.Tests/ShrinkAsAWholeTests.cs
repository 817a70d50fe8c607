using System.IO;
using System.Linq;
using System.Threading;
using RxRaft.Swarm;

namespace RxRaft.Tests;

/// <summary>What can only be seen of a run as a whole, shrunk to what fails in the same way.</summary>
public sealed class ShrinkAsAWholeTests
{
    /// <summary>Trouble by which a follower lacks something, and nothing else: what comes then is the judge's.</summary>
    [Fact]
    public void A_cluster_that_does_not_recover_shrinks_to_the_trouble_that_it_does_not_recover_from()
    {
        var shrunk = ShrinksAsAWhole(Defects.LeadersDoNotBackUp, SwarmFailure.Liveness);

        Assert.Matches(@"^no (leader|agreement) .*within \d+(\.\d+)? s after this, ", shrunk.Failure.Detail);
        Assert.InRange(shrunk.Run.Happenings.Count, 1, 40);
    }

    [Fact]
    public void What_clients_saw_and_has_no_order_shrinks_to_who_wrote_what_and_who_did_not_see_it()
    {
        var shrunk = ShrinksAsAWhole(Defects.ReadsWaitForNothing, SwarmFailure.Linearizability);
        var asked  = shrunk.Run.Happenings.Filter(happening => happening is Happening.Asks);

        Assert.StartsWith("Not linearizable.", shrunk.Failure.Detail, StringComparison.Ordinal);
        Assert.Contains(asked, happening => happening is Happening.Asks { Input: Input.Read });
        Assert.Contains(asked, happening => happening is Happening.Asks { Input: Input.Propose });
        Assert.InRange(shrunk.Run.Happenings.Count, 2, 80);
    }

    [Fact]
    public void Runs_that_fail_as_a_whole_are_shrunk_by_the_command_too()
    {
        var (seed, _) = Failing(Defects.LeadersDoNotBackUp, SwarmFailure.Liveness);
        using var told = new StringWriter { NewLine = "\n" };
        var code = new Commands(told, isTerminal: false, CancellationToken.None) { Algorithm = () => Defects.LeadersDoNotBackUp }
            .Run(new Order { Seed = seed, Shrink = true });

        Assert.Equal(1, code);
        Assert.Matches(@"\nFAILED, Liveness: no .*\nShrunk from \d+ to \d+ happenings, in \d+ plays\. no .* after this", told.ToString());
    }

    /// <summary>Of what happened in a run that held, no part may fail: else the judge is wrong.</summary>
    [Fact]
    public void No_part_of_a_run_that_holds_fails_as_a_whole()
    {
        for (var seed = 1UL; seed <= 12; seed++)
        {
            var (result, run) = Recorded(Raft.Step, seed);
            Assert.True(result.Failure.IsNone);
            foreach (var judge in Seq(RunJudge.OfLiveness(SwarmPlan.Of(seed).Recovery), RunJudge.OfLinearizability(Trials.KeyValue)))
                for (var part = 0; part < 6; part++)
                {
                    var dice = new Dice(seed * 10 + (ulong)part);
                    var some = run with { Happenings = run.Happenings.Filter(_ => part == 0 || dice.Chance(0.2 * part)).Strict() };
                    Assert.True(new Shrinker(() => Raft.Step) { Judge = judge }.Broken(some).IsNone, $"seed {seed}, part {part}");
                }
        }
    }

    private static Shrunk ShrinksAsAWhole(Func<NodeState, Input, Transition> defect, string property)
    {
        var (seed, run) = Failing(defect, property);
        var judge = Swarms.KeyValue.JudgeOf(property, seed);
        var shrinker = new Shrinker(() => defect) { Judge = judge };
        var shrunk = shrinker.Shrink(run).Single();

        Assert.Equal(property, shrunk.Failure.Property);
        Assert.Equal(run.Happenings.Count, shrunk.Of);
        Assert.Equal(property, shrinker.Broken(shrunk.Run));                            // it is had again
        Assert.True(new Shrinker(() => Raft.Step) { Judge = judge }.Broken(shrunk.Run).IsNone, "the algorithm that ships fails too");
        for (var left = 0; left < shrunk.Run.Happenings.Count; left++)
        {
            var rest = shrunk.Run with { Happenings = shrunk.Run.Happenings.Take(left) + shrunk.Run.Happenings.Skip(left + 1) };
            Assert.False(shrinker.Broken(rest) == property, $"{shrunk.Run.Happenings[left]} can be left out");
        }

        return shrunk;
    }

    /// <summary>The first seed of the swarm that fails so.</summary>
    private static (ulong Seed, RecordedRun Run) Failing(Func<NodeState, Input, Transition> defect, string property) =>
        new SeedRange(1, 100).Seeds.Select(seed => (Seed: seed, Of: Recorded(defect, seed)))
            .Where(each => each.Of.Result.Failure.Exists(failure => failure.Property == property))
            .Select(each => (each.Seed, each.Of.Run)).First();

    private static (SwarmResult Result, RecordedRun Run) Recorded(Func<NodeState, Input, Transition> step, ulong seed)
    {
        var recorder = new RunRecorder();
        var result = new Swarm<Map<string, string>, KeyValueCommand, Option<string>>(Trials.KeyValue)
        {
            Algorithm = () => recorder.Around(step),
        }.Run(seed, world => recorder.Watch(world));
        return (result, recorder.Recorded);
    }
}
