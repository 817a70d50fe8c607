using System.Threading;
using CsCheck;

namespace RxRaft.Tests;

/// <summary>Random walks: messages lost, duplicated and late; nodes that crash between any two effects.</summary>
public class ReachableStatesTests
{
    [Theory]
    [InlineData(3, 400, 200)]
    [InlineData(5, 600, 70)]
    public void Whatever_happens_there_is_one_leader_a_term_one_lease_at_a_time_and_one_entry_at_each_committed_place(
       int size, int steps, int walks)
    {
        int ran = 0, withLeader = 0, withSeveral = 0, leases = 0, crashes = 0, committed = 0, installed = 0;

        Gen.Int[0, 1_000_000].Array[steps / 2, steps].Sample(draws =>
        {
            var walk = new Walk(size);

            foreach (var draw in draws) walk.Take(draw);

            Interlocked.Increment(ref ran);
            if (walk.Leaders.Count > 0) Interlocked.Increment(ref withLeader);
            if (walk.Leaders.Count > 1) Interlocked.Increment(ref withSeveral);
            Interlocked.Add(ref leases, walk.Leases);
            Interlocked.Add(ref crashes, walk.Crashes);
            Interlocked.Add(ref committed, walk.Committed);
            Interlocked.Add(ref installed, walk.Installed);
        }, iter: walks, print: draws => $"{size} nodes, draws {string.Join(", ", draws)}");

        var story = $"{ran} walks: {withLeader} with a leader, {withSeveral} with several, "
            + $"{leases} leases, {crashes} crashes, {committed} entries committed, {installed} snapshots installed";
        Assert.True(withLeader > ran / 2, story);
        Assert.True(withSeveral > ran / 10, story);
        Assert.True(leases > ran / 2, story);
        Assert.True(crashes > ran / 2, story);
        Assert.True(committed > 10 * ran, story);
        Assert.True(installed > ran, story);
    }
}
