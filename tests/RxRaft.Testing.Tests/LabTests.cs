using System.Linq;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>The lab's three tests, in the virtual time of the real TestScheduler.</summary>
public sealed class LabTests
{
    public static TheoryData<string> Wires => new("reliable", "unreliable");

    [Theory]
    [MemberData(nameof(Wires))]
    public void Initial_election(string wire) => EachSeed(wire, Lab.InitialElection);

    [Theory]
    [MemberData(nameof(Wires))]
    public void Election_after_network_failure(string wire) => EachSeed(wire, Lab.ElectionAfterNetworkFailure);

    [Theory]
    [MemberData(nameof(Wires))]
    public void Multiple_elections_a_thousand_rounds(string wire) =>
        Passes(Lab.MultipleElections(1_000, seed: 1, Faults(wire), new TestScheduler()));

    [Fact]
    public void Initial_election_takes_no_more_RPCs_and_bytes_than_the_published_run() =>
        NoMore(Lab.InitialElection, seconds: 3.1, rpcs: 60, bytes: 16_464);

    [Fact]
    public void Election_after_network_failure_takes_no_more_RPCs_and_bytes_than_the_published_run() =>
        NoMore(Lab.ElectionAfterNetworkFailure, seconds: 4.6, rpcs: 132, bytes: 26_326);

    [Fact]
    public void Multiple_elections_take_no_more_RPCs_and_bytes_than_the_published_run() =>
        NoMore((seed, wire, time) => Lab.MultipleElections(10, seed, wire, time), seconds: 5.6, rpcs: 504, bytes: 99_661);

    private static void EachSeed(string wire, Func<ulong, WireFaults, TestScheduler, LabResult> test)
    {
        for (var seed = 1UL; seed <= 200; seed++) Passes(test(seed, Faults(wire), new TestScheduler()));
    }

    private static void Passes(LabResult result) => Assert.True(result.Passed, result.Failure.IfNone(""));

    /// <summary>
    /// The published run is one run: the console's, seed 1, and the median of 100 seeds are held against it.
    /// </summary>
    private static void NoMore(Func<ulong, WireFaults, TestScheduler, LabResult> test, double seconds, long rpcs, long bytes)
    {
        var runs = toSeq(Range(1, 100)).Map(seed => test((ulong)seed, WireFaults.None, new TestScheduler())).Strict();

        Assert.All(runs, Passes);
        Assert.All(runs, run => Assert.InRange(run.Span.TotalSeconds, seconds, seconds + 0.5));      // an election took longer
        Assert.Equal(seconds, runs[0].Span.TotalSeconds);
        Assert.InRange(runs[0].Counts.Rpcs, 1, rpcs);
        Assert.InRange(runs[0].Counts.Bytes, 1, bytes);
        Assert.InRange(Median(runs.Map(run => run.Counts.Rpcs)), 1, rpcs);
        Assert.InRange(Median(runs.Map(run => run.Counts.Bytes)), 1, bytes);
    }

    private static long Median(Seq<long> values) => values.Order().ElementAt(values.Count / 2);

    private static WireFaults Faults(string wire) => wire == "reliable" ? WireFaults.None : WireFaults.Unreliable;
}
