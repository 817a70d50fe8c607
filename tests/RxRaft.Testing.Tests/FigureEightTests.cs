using System.Collections.Generic;
using System.Linq;
using System.Reactive.Linq;
using static RxRaft.Tests.FigureEight;

namespace RxRaft.Tests;

/// <summary>
/// §3.6.2, Figure 3.7 ("Figure 8" of the paper): "a leader cannot determine commitment using log entries from older terms".
/// </summary>
public sealed class FigureEightTests
{
    public static TheoryData<ulong> Seeds => [.. Enumerable.Range(1, 10).Select(seed => (ulong)seed)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void An_entry_of_an_older_term_on_a_majority_is_not_committed_and_d_may_be_overwritten(ulong seed)
    {
        using var picture = new FigureEight(seed, Raft.Step);

        ThroughC(picture);

        picture.D();
        Assert.Equal(["1 3 5", "1 3 5", "1 3 5", "1 3 5", "1 3 5"], picture.Logs);
        Assert.Equal((S5, 5ul), picture.Leader);
        Assert.True(picture.World.Violation.IsNone);
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void An_entry_of_an_older_term_on_a_majority_is_not_committed_and_e_is_with_one_of_the_leaders_own(ulong seed)
    {
        using var picture = new FigureEight(seed, Raft.Step);
        var refused = new List<(NodeId Voter, VoteRefusal Cause)>();
        using var listening = picture.World.Events.OfType<WorldEvent.Stepped>().Subscribe(stepped => refused.AddRange(
            stepped.Step.Reasons.OfType<Reason.PreVoteRefused>().Where(reason => reason.Candidate == S5)
                .Select(reason => (stepped.Node, reason.Cause))));

        ThroughC(picture);

        picture.E();
        Assert.Equal(["1 2 4", "1 2 4", "1 2 4", "1", "1 3"], picture.Logs);
        Assert.Equal((S1, 4ul), picture.Leader);
        Assert.Equal(3ul, picture.Committed);                           // and index 2 with it

        refused.Clear();
        picture.S5Tries();
        Assert.Empty(picture.World.Leaders);
        Assert.Equal(
            [S2, S3],
            refused.Where(vote => vote.Cause is VoteRefusal.LogBehind).Select(vote => vote.Voter).Distinct().Order());

        picture.World.Wire.HealAll();
        Assert.True(picture.World.RunUntil(world => world.Leader.IsSome && picture.Committed > 3, TimeSpan.FromSeconds(10)));
        Assert.Contains(picture.Leader.Leader, new[] { S2, S3 });
        Assert.StartsWith("1 2 4", picture.Logs[(int)picture.Leader.Leader.Value - 1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_leader_that_counts_entries_of_any_term_commits_in_c_what_d_overwrites_and_is_caught()
    {
        using var picture = new FigureEight(seed: 1, Defects.EntriesOfAnyTermAreCounted);
        picture.A();
        picture.B();

        picture.C();
        Assert.Equal(2ul, picture.Committed);
        Assert.Equal("Leader Completeness", Assert.Throws<PropertyViolationException>(picture.D).Property);
    }

    private static void ThroughC(FigureEight picture)
    {
        picture.A();
        Assert.Equal(["1 2", "1 2", "1", "1", "1"], picture.Logs);
        Assert.Equal((S1, 2ul), picture.Leader);

        picture.B();
        Assert.Equal(["1 2", "1 2", "1", "1", "1 3"], picture.Logs);
        Assert.Equal((S5, 3ul), picture.Leader);

        picture.C();
        Assert.Equal(["1 2 4", "1 2", "1 2", "1", "1 3"], picture.Logs);
        Assert.Equal((S1, 4ul), picture.Leader);
        Assert.Equal(1ul, picture.Committed);                           // not index 2, though it is on a majority
    }
}
