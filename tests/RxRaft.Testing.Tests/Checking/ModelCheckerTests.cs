using RxRaft.Testing.Checking;

namespace RxRaft.Tests.Checking;

/// <summary>The model checker, within bounds that take seconds.</summary>
public sealed class ModelCheckerTests
{
    private static readonly Bounds OneElection = new() { Terms = 1, Timeouts = 1, Proposals = 0 };
    private static readonly Bounds TwoTerms = new() { InFlight = 3 };

    [Fact]
    public void Every_state_of_one_election_is_found() => Exhausts(53, 11, new() { Bounds = OneElection });

    [Fact]
    public void Every_state_of_one_election_of_five_is_found() => Exhausts(262, 15, new()
    {
        Configuration = Configuration.Of(1, 2, 3, 4, 5),
        Bounds = OneElection,
        PreVotes = false,
    });

    [Fact]
    public void Two_terms_with_their_pre_votes_are_exhausted() => Exhausts(36_808, 23, new() { Bounds = TwoTerms });

    [Fact]
    public void Two_terms_without_pre_votes_are_exhausted() =>
        Exhausts(13_630, 19, new() { Bounds = TwoTerms with { InFlight = 4 }, PreVotes = false });

    [Fact]
    public void Two_terms_with_a_crash_are_exhausted() =>
        Exhausts(66_453, 20, new() { Bounds = TwoTerms with { Crashes = 1 }, PreVotes = false });

    [Fact]
    public void Two_terms_with_a_message_that_comes_twice_are_exhausted() =>
        Exhausts(68_012, 19, new() { Bounds = TwoTerms with { Duplicates = 1 }, PreVotes = false });

    [Fact]
    public void A_hand_over_is_exhausted() =>
        Exhausts(3_687, 19, new() { Bounds = TwoTerms with { Timeouts = 1, Transfers = 1 }, PreVotes = false });

    [Fact]
    public void A_read_is_exhausted() =>
        Exhausts(1_581, 16, new() { Bounds = OneElection with { Reads = 1, InFlight = 3 }, PreVotes = false });

    [Fact]
    public void The_removal_of_a_node_is_exhausted() => Exhausts(345, 17, new()
    {
        Bounds = TwoTerms with { Changes = 1, Timeouts = 1, Entries = 4, Proposals = 0, InFlight = 4 },
        Changes = Seq1<MembershipChange>(new MembershipChange.Remove(new NodeId(3))),
        PreVotes = false,
    });

    [Fact]
    public void The_addition_of_a_node_is_exhausted() => Exhausts(118, 22, new()
    {
        Configuration = Configuration.Of(1, 2),
        Newcomers = Set(new NodeId(3)),
        Bounds = TwoTerms with { Changes = 1, Timeouts = 1, Entries = 4, Proposals = 0, InFlight = 2 },
        Changes = Seq1<MembershipChange>(new MembershipChange.Add(new NodeId(3))),
        PreVotes = false,
    });

    [Fact]
    public void From_every_state_the_cluster_recovers()
    {
        var result = Exhausts(11_046, 19, new()
        {
            Bounds = TwoTerms,
            PreVotes = false,
            HealOneIn = 1,
        });

        Assert.Equal(result.States - 1, result.Healed);
    }

    [Fact]
    public void Symmetry_leaves_the_verdict_and_about_a_sixth_of_the_states()
    {
        var options = new CheckOptions { Bounds = TwoTerms with { InFlight = 2 } };
        var (with, without) = (ModelChecker.Run(options), ModelChecker.Run(options with { Symmetry = false }));

        Assert.True(with.Exhausted && without.Exhausted);
        Assert.Equal(with.Depth, without.Depth);
        Assert.InRange(without.States, with.States * 5, with.States * 6);
    }

    [Fact]
    public void Where_no_reply_is_forgotten_more_states_have_the_same_verdict() =>
        Exhausts(241, 12, new() { Bounds = OneElection, ForgetsIdleReplies = false });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void As_many_threads_as_you_like_find_the_same_states(int workers)
    {
        var result = ModelChecker.Run(new CheckOptions
        {
            Bounds = TwoTerms with { Crashes = 1, Duplicates = 1, InFlight = 2 },
            PreVotes = false,
            Workers = workers,
        });

        Assert.Equal((94_090L, 286_993L, 21, true), (result.States, result.Transitions, result.Depth, result.Exhausted));
    }

    [Fact]
    public void A_search_ends_at_its_bounds_and_says_so()
    {
        var options = new CheckOptions { Bounds = TwoTerms with { Depth = 3 } };

        Assert.Equal((3, false), (ModelChecker.Run(options).Depth, ModelChecker.Run(options).Exhausted));
        Assert.False(ModelChecker.Run(options with { Bounds = TwoTerms with { States = 10 } }).Exhausted);
        Assert.Matches(@" states to depth 3, not all there are, in .*: nothing is wrong so far$", ModelChecker.Run(options).ToString());
    }

    /// <summary>16 messages that will arrive, and 6 more of one step: 74,613 choices of 16.</summary>
    [Fact]
    public void A_state_may_have_more_followers_than_two_bytes_can_count()
    {
        var level = new Level(width: 1);
        level.Add([7], parent: 3, ordinal: 74_612);

        Assert.Equal((3, 74_612), level.Origin(0));
        Assert.Equal((3, 74_612), new Levels([new Level(width: 1), level]).Origin(0));
    }

    [Fact]
    public void It_tells_how_it_goes()
    {
        var told = new System.Collections.Generic.List<CheckProgress>();

        var result = ModelChecker.Run(new CheckOptions { Bounds = OneElection, Progress = told.Add });

        Assert.Equal((result.States, 0L), (told[^1].States, told[^1].Left));
        Assert.Matches(@"^depth \d+, 53 states, [\d,]+ a second, frontier 0 \(0 left, 0 s\)$", told[^1].ToString());
        Assert.Matches(@"^53 states to depth 11, all there are within the bounds, in \d+\.\d s: nothing is wrong$", result.ToString());
    }

    [Fact]
    public void What_cannot_be_is_named_with_its_value()
    {
        var wrong = Assert.Throws<ArgumentException>(() => ModelChecker.Run(new CheckOptions
        {
            Bounds = new Bounds { Terms = 8, InFlight = 0, Changes = 1 },
            Workers = 0,
        }));

        Assert.Contains("Terms is 8: it must be from 1 to 7; InFlight is 0: it must be from 1 to 16", wrong.Message,
            StringComparison.Ordinal);
        Assert.Contains("Bounds.Changes is 1, and Changes holds 0", wrong.Message, StringComparison.Ordinal);
        Assert.Contains("Workers is 0: it must be at least 1", wrong.Message, StringComparison.Ordinal);
    }

    private static CheckResult Exhausts(long states, int depth, CheckOptions options)
    {
        var result = ModelChecker.Run(options);

        Assert.True(result.Violation.IsNone, result.ToString());
        Assert.Equal((states, depth, true), (result.States, result.Depth, result.Exhausted));
        return result;
    }
}
