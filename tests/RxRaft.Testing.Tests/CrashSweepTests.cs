using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using RxRaft.Swarm;

namespace RxRaft.Tests;

/// <summary>A crash at every point of a run: nothing is broken, and what was acknowledged is there.</summary>
public sealed class CrashSweepTests
{
    private static readonly CrashSweep<Map<string, string>, KeyValueCommand, Option<string>> Small =
        new(Trials.KeyValue) { Clients = 1, Length = TimeSpan.FromMilliseconds(680) };

    [Fact]
    public void A_crash_at_any_point_of_a_run_with_an_election_snapshots_and_a_newcomer_breaks_nothing()
    {
        var points = Small.Points(seed: 1);
        var tally  = new SwarmRunner { Workers = 2 }.Run(
            points.AsEnumerable().Select(Func<SwarmResult> (point) => () => Small.Run(seed: 1, point)), (_, _) => { });

        Assert.True(tally.Failures.IsEmpty, $"{tally.Failures.HeadOrNone()}");
        Assert.Equal((ulong)points.Count, tally.Done);
        Assert.True(points.Count > 300, $"only {points.Count} points");
        Assert.Contains("Reason.LogCompacted", tally.Reasons.Taken.Map(each => each.Name));
        Assert.Contains("Reason.Reconfigured", tally.Reasons.Taken.Map(each => each.Name));
    }

    [Fact]
    public void Every_effect_of_the_run_is_a_point_and_every_write_is_three()
    {
        var points = Small.Points(seed: 1);

        Assert.Equal(
            Enumerable.Range(1, (int)points.Last.Effect),
            points.Filter(point => point.Moment is CrashMoment.Before).Map(point => (int)point.Effect));
        Assert.Equal(
            points.Filter(point => point.Moment is CrashMoment.WriteLost).Map(point => point.Effect),
            points.Filter(point => point.Moment is CrashMoment.WriteMade).Map(point => point.Effect));
        Assert.Contains(new CrashPoint(1, CrashMoment.WriteMade), points);             // a new disk's first
    }

    [Fact]
    public void Who_crashes_at_a_point_is_who_comes_to_it_and_the_same_point_is_the_same_run()
    {
        var point = new CrashPoint(40, CrashMoment.Before);

        Assert.Matches(@"^S\d crashed before effect 40, at \d+\.\d{3} ms$", Small.Run(1, point).What);
        Assert.Equal(Told(point), Told(point));
        Assert.Equal("nobody crashed", Small.Run(1, default).What);
    }

    [Fact]
    public void A_point_that_nobody_comes_to_is_a_failure()
    {
        var failure = Small.Run(1, new CrashPoint(1_000_000, CrashMoment.Before)).Failure.Single();

        Assert.Equal(("Crash point", "Nobody comes to the point before effect 1000000"), (failure.Property, failure.Detail));
    }

    [Fact]
    public void A_reply_that_leaves_before_it_is_durable_is_caught_though_nobody_crashes() =>
        Assert.Equal("Durable before said", Of(() => Defects.NothingIsPersistedBeforeTheReply).Run(1, default).Failure.Single().Property);

    [Fact]
    public void A_vote_that_is_forgotten_at_a_restart_is_caught_by_crashes_alone() =>
        FoundByCrashesAlone(Defects.VotesAreForgottenAtRestarts, "One vote a term");

    [Fact]
    public void The_command_tells_every_point_that_fails_and_how_to_have_it_alone()
    {
        var order = new Order { CrashPoints = true, Seed = 1, Workers = 2 };
        var (code, told) = Run(order, () => Defects.NothingIsPersistedBeforeTheReply);

        Assert.Equal(1, code);
        Assert.Matches(@"FAILED seed 1, Durable before said: ", told);
        Assert.Matches(@"-- --seed 1 --crash-points --point 0 --transcript\n", told);

        var alone = Run(order with { Point = new CrashPoint(1, CrashMoment.WriteLost), Transcript = true }, () => Raft.Step);
        Assert.Equal(0, alone.Code);
        Assert.Contains("Seed 1: S1 crashed in effect 1, a write that is lost, at ", alone.Told, StringComparison.Ordinal);
        Assert.Contains("S1  crashed\n", alone.Told, StringComparison.Ordinal);
    }

    private static void FoundByCrashesAlone(Func<NodeState, Input, Transition> defect, string property)
    {
        var sweep = Of(() => defect);
        Assert.True(sweep.Run(1, default).Failure.IsNone, "it is caught though nobody crashes");

        Assert.Contains(
            sweep.Points(1).AsEnumerable().Select(point => sweep.Run(1, point)),
            result => result.Failure.Exists(failure => failure.Property == property));
    }

    private static CrashSweep<Map<string, string>, KeyValueCommand, Option<string>> Of(
        Func<Func<NodeState, Input, Transition>> algorithm) =>
        new(Trials.KeyValue) { Clients = 1, Length = TimeSpan.FromMilliseconds(680), Algorithm = algorithm };

    private static string Told(CrashPoint point)
    {
        var lines = new List<string>();
        Small.Run(1, point, world => Transcript.Of(world, messages: true).Subscribe(lines.Add));
        return string.Join('\n', lines);
    }

    private static (int Code, string Told) Run(Order order, Func<Func<NodeState, Input, Transition>> algorithm)
    {
        using var told = new StringWriter { NewLine = "\n" };
        var code = new Commands(told, isTerminal: false, CancellationToken.None) { Algorithm = algorithm }.Run(order);
        return (code, told.ToString());
    }
}
