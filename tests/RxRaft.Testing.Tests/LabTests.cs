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
    public void No_more_RPCs_and_bytes_than_the_published_run_in_the_same_span_of_virtual_time()
    {
        for (var seed = 1UL; seed <= 50; seed++)
        {
            NoMore(Lab.InitialElection(seed, WireFaults.None, new TestScheduler()), seconds: 3.1, rpcs: 60, bytes: 16_464);
            NoMore(Lab.ElectionAfterNetworkFailure(seed, WireFaults.None, new TestScheduler()), seconds: 4.6, rpcs: 132, bytes: 26_326);
            NoMore(Lab.MultipleElections(10, seed, WireFaults.None, new TestScheduler()), seconds: 5.6, rpcs: 504, bytes: 99_661);
        }
    }

    private static void EachSeed(string wire, Func<ulong, WireFaults, TestScheduler, LabResult> test)
    {
        for (var seed = 1UL; seed <= 200; seed++) Passes(test(seed, Faults(wire), new TestScheduler()));
    }

    private static void Passes(LabResult result) => Assert.True(result.Passed, result.Failure.IfNone(""));

    private static void NoMore(LabResult ours, double seconds, long rpcs, long bytes)
    {
        Passes(ours);
        Assert.Equal(TimeSpan.FromSeconds(seconds), ours.Span);
        Assert.InRange(ours.Counts.Rpcs, 1, rpcs);
        Assert.InRange(ours.Counts.Bytes, 1, bytes);
    }

    private static WireFaults Faults(string wire) => wire == "reliable" ? WireFaults.None : WireFaults.Unreliable;
}
