using System.Globalization;

namespace RxRaft.Tests;

/// <summary>What is refused at the start, with the setting and its value by name.</summary>
public class SettingsTests
{
    private static readonly Settings Fine = Settings.Default;

    [Fact]
    public void The_defaults_are_fine()
    {
        Assert.Empty(Fine.Problems(S1, ClusterOf(3)));
        Assert.Empty(Fine.Warnings);
    }

    [Fact]
    public void The_defaults_are_the_papers() =>
        Assert.Equal(
            (Ms(150), Ms(300), Ms(50)),
            (Fine.ElectionTimeoutMin, Fine.ElectionTimeoutMax, Fine.HeartbeatInterval));

    [Fact]
    public void The_defaults_are_those_of_the_readme()
    {
        var (limits, snapshots) = (Fine.Limits, Fine.Snapshots);

        Assert.Equal((0.05, true, false), (Fine.ClockDriftBound, Fine.ForwardProposals, Fine.LeaseReads));
        Assert.Equal((50_000, 16_777_216L, 1_000), (snapshots.Entries, snapshots.Bytes, snapshots.Trailing));
        Assert.Equal(
            (262_144, 64, 4_194_304L, 1_048_576),
            (limits.MaxAppendBytes, limits.MaxInflightAppends, limits.MaxInflightBytes, limits.MaxCommandBytes));
        Assert.Equal(
            (16_384, 67_108_864L, 16_384), (limits.MaxPendingProposals, limits.MaxBacklogBytes, limits.MaxPendingReads));
        Assert.Equal(
            (65_536, 8, 1_024, 128),
            (limits.SnapshotChunkBytes, limits.MaxInflightChunks, limits.MaxSessions, limits.MaxPromotionLag));
    }

    [Fact]
    public void What_is_just_within_the_rules_is_fine()
    {
        var least = Fine with
        {
            ElectionTimeoutMax = TimeSpan.FromDays(1),
            ClockDriftBound = 0,
            Snapshots = new() { Entries = 1, Bytes = 1, Trailing = 0 },
        };

        Assert.Empty(least.Problems(S1, ClusterOf(1)));
    }

    [Theory]
    [InlineData(0, 300, 50, "ElectionTimeoutMin is 0.0 ms: it must be above 0 ms")]
    [InlineData(-1, 300, 50, "ElectionTimeoutMin is -1.0 ms: it must be above 0 ms")]
    [InlineData(150, 150, 50,
        "ElectionTimeoutMax is 150.0 ms: "
        + "it must be above ElectionTimeoutMin, 150.0 ms, or votes split for ever (§3.4)")]
    [InlineData(150, 149.5, 50,
        "ElectionTimeoutMax is 149.5 ms: "
        + "it must be above ElectionTimeoutMin, 150.0 ms, or votes split for ever (§3.4)")]
    [InlineData(150, 86_400_001, 50, "ElectionTimeoutMax is 86400001.0 ms: it must be at most a day")]
    [InlineData(150, 300, 0, "HeartbeatInterval is 0.0 ms: it must be above 0 ms")]
    [InlineData(150, 300, 150,
        "HeartbeatInterval is 150.0 ms: "
        + "it must be below ElectionTimeoutMin, 150.0 ms, or followers lose a living leader")]
    [InlineData(150, 300, 151.25,
        "HeartbeatInterval is 151.25 ms: "
        + "it must be below ElectionTimeoutMin, 150.0 ms, or followers lose a living leader")]
    public void Times_that_cannot_work_are_named_with_their_value(
        double min, double max, double heartbeat, string problem)
    {
        var settings = Fine with
        {
            ElectionTimeoutMin = Ms(min),
            ElectionTimeoutMax = Ms(max),
            HeartbeatInterval = Ms(heartbeat),
        };

        Assert.Contains(problem, settings.Problems(S1, ClusterOf(3)));
    }

    [Theory]
    [InlineData(-0.25, "ClockDriftBound is -0.25: it must be at least 0 and below 1")]
    [InlineData(1.0, "ClockDriftBound is 1: it must be at least 0 and below 1")]
    [InlineData(double.NaN, "ClockDriftBound is NaN: it must be at least 0 and below 1")]
    public void A_drift_that_is_no_fraction_is_named_with_its_value(double drift, string problem) =>
        Assert.Equal(problem, Assert.Single((Fine with { ClockDriftBound = drift }).Problems(S1, ClusterOf(3))));

    public static TheoryData<Configuration, string> Clusters => new()
    {
        { Simple([], [S1]), "Voters is empty: a cluster needs at least one voter" },
        { Simple([S1, S2], [S2, S3]), "Voters and Learners both contain S2: a node is one or the other" },
        { Simple([S2, S3], []), "Self is S1, which is not in the configuration (voters S2 S3)" },
        { Joint([], [S1]), "Old is empty: a cluster needs at least one voter" },
        { Joint([S1], []), "New is empty: a cluster needs at least one voter" },
        { Joint([S2], [S3]), "Self is S1, which is not in the configuration (voters S2 and S3)" },
        {
            new Configuration.Joint(Set(S1), Set(S1, S3), Set(S3)),
            "New and Learners both contain S3: a node is one or the other"
        },
    };

    [Theory, MemberData(nameof(Clusters))]
    public void A_cluster_that_cannot_work_is_named(Configuration cluster, string problem) =>
        Assert.Equal(problem, Assert.Single(Fine.Problems(S1, cluster)));

    [Fact]
    public void An_old_voter_may_become_a_learner() =>
        Assert.Empty(Fine.Problems(S1, new Configuration.Joint(Set(S1, S2), Set(S1), Set(S2))));

    [Theory]
    [InlineData(0)]
    [InlineData(-3)]
    public void Every_limit_that_is_not_above_zero_is_named_with_its_value(int value)
    {
        var settings = Fine with
        {
            Limits = new()
            {
                MaxAppendBytes = value,
                MaxInflightAppends = value,
                MaxInflightBytes = value,
                MaxCommandBytes = value,
                MaxPendingProposals = value,
                MaxBacklogBytes = value,
                MaxPendingReads = value,
                SnapshotChunkBytes = value,
                MaxInflightChunks = value,
                MaxSessions = value,
                MaxPromotionLag = value,
            },
            Snapshots = new() { Entries = value, Bytes = value, Trailing = -1 },
        };

        var problems = settings.Problems(S1, ClusterOf(3));

        Assert.Equal(14, problems.Count);
        Assert.Contains($"MaxAppendBytes is {value}: it must be above 0", problems);
        Assert.Contains($"Snapshots.Bytes is {value}: it must be above 0", problems);
        Assert.Contains("Snapshots.Trailing is -1: it must be at least 0", problems);
    }

    [Fact]
    public void All_problems_are_named_at_once()
    {
        var settings = new Settings(Ms(0), Ms(-1), Ms(0), ClockDriftBound: 2, Seed: null);

        Assert.Equal(7, settings.Problems(S1, Simple([], [])).Count);
    }

    [Theory]
    [InlineData(75, false)]
    [InlineData(75.001, true)]
    public void A_heartbeat_above_half_the_minimum_is_warned_about(double heartbeat, bool warned)
    {
        var settings = Fine with { HeartbeatInterval = Ms(heartbeat) };

        Assert.Equal(warned, !settings.Warnings.IsEmpty);
        Assert.Empty(settings.Problems(S1, ClusterOf(3)));
    }

    [Fact]
    public void A_node_warns_when_it_starts()
    {
        var settings = Fine with { HeartbeatInterval = Ms(125) };

        var boot = Raft.Boot(S1, ClusterOf(3), settings, PersistentState.Fresh);

        Assert.Equal(
            "Warning: HeartbeatInterval is 125.0 ms, above half of ElectionTimeoutMin, 150.0 ms: "
            + "one lost heartbeat can cost the leader its office",
            boot.Why<Reason.Warned>().ToString());
    }

    [Fact]
    public void What_is_not_set_is_as_in_the_defaults()
    {
        var fine = Settings.Default;

        Assert.Equal(SnapshotPolicy.Default, new SnapshotPolicy());
        Assert.Equal(16_777_216L, new SnapshotPolicy().Bytes);
        Assert.Equal(fine, new(
            fine.ElectionTimeoutMin, fine.ElectionTimeoutMax, fine.HeartbeatInterval, fine.ClockDriftBound, fine.Seed));
        Assert.True(fine.ForwardProposals);
    }

    [Theory]
    [InlineData(0, 150)]
    [InlineData(0.05, 142.5)]
    [InlineData(0.5, 75)]
    public void A_lease_lasts_the_minimum_election_timeout_less_the_drift(double drift, double lease) =>
        Assert.Equal(Ms(lease), (Fine with { ClockDriftBound = drift }).LeaseDuration);

    [Fact]
    public void The_words_are_the_same_in_every_culture()
    {
        var settings = Fine with { HeartbeatInterval = Ms(151.25) };
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = new CultureInfo("") { NumberFormat = { NumberDecimalSeparator = "," } };
            Assert.Contains("151.25 ms", Assert.Single(settings.Problems(S1, ClusterOf(3))));
            Assert.Contains("0.5 ms", new Instant(Ms(0.5)).ToString());
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    private static Configuration.Simple Simple(NodeId[] voters, NodeId[] learners) =>
        new(toSet(voters), toSet(learners));
}
