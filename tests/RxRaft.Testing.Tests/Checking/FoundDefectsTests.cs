using RxRaft.Testing.Checking;

namespace RxRaft.Tests.Checking;

/// <summary>Each property is seen to fail: a defect is found, by a way as short as can be, that can be gone again.</summary>
public sealed class FoundDefectsTests
{
    private static readonly Bounds Small = new() { Terms = 2, Timeouts = 2, Entries = 2, Proposals = 0, InFlight = 3 };

    [Fact]
    public void A_second_vote_is_found() => Found(Wrong.VotesTwice, "One vote a term", With(Small));

    [Fact]
    public void Refusals_that_count_as_votes_elect_two_leaders() =>
        Found(Wrong.CountsRefusals, "Election Safety", With(Small) with { ForgetsIdleReplies = false });

    [Fact]
    public void A_vote_that_is_not_on_disk_is_found() =>
        Found(Defects.NothingIsPersistedBeforeTheReply, "Durable before said", With(Small with { Crashes = 1 }));

    [Fact]
    public void A_stale_request_that_is_not_refused_takes_a_term_back() =>
        Found(Defects.StaleRequestVoteIsNotRefused, "Terms go forward", With(Small));

    [Fact]
    public void A_vote_for_a_shorter_log_elects_a_leader_that_lacks_what_is_committed() =>
        Found(Wrong.VotesForShorterLogs, "Leader Completeness", With(Small));

    [Fact]
    public void A_follower_that_commits_what_it_has_where_its_leader_has_something_else_is_found() =>
        Found(Wrong.CommitsWhatItHas, "State Machine Safety",
            Forked with { Bounds = Small with { Terms = 4, Timeouts = 1, Entries = 3, Heartbeats = 1, InFlight = 2 } });

    [Fact]
    public void A_leader_that_overwrites_its_log_is_found() =>
        Found(Wrong.LeaderOverwrites, "Leader Append-Only", With(Small with { Proposals = 1 }));

    [Fact]
    public void A_follower_that_mishears_is_found() => Found(Wrong.FollowerMishears, "Log Matching", With(Small));

    [Fact]
    public void An_append_without_consistency_check_claims_what_is_not_there() =>
        Found(Defects.AppendWithoutConsistencyCheck, "Durable before said",
            Forked with { Bounds = Small with { Terms = 4, Timeouts = 1, Entries = 4 } });

    [Fact]
    public void A_commit_by_counting_an_older_terms_entry_is_Figure_8() =>
        Found(Defects.EntriesOfAnyTermAreCounted, "Leader Completeness",
            Forked with { Bounds = Small with { Terms = 5, Timeouts = 3, Entries = 3, InFlight = 2 } });

    [Fact]
    public void A_read_that_asks_nobody_is_stale() =>
        Found(Wrong.ReadsAtOnce, "Linearizable reads", With(Small with { Reads = 1 }));

    [Fact]
    public void A_read_that_joins_a_question_that_was_asked_before_it_is_stale() => Found(
        Wrong.ReadsJoinTheQuestionThatIsOut, "Linearizable reads",
        With(Small with { Terms = 1, Timeouts = 1, Reads = 2, Proposals = 1, InFlight = 2 }) with
        {
            Configuration = Configuration.Of(1, 2),
        });

    [Fact]
    public void A_change_of_members_without_the_joint_configuration_is_found() => Found(
        Wrong.SkipsTheJointConfiguration, "Membership Safety", With(Small with { Changes = 1, Timeouts = 1, Entries = 3 }) with
        {
            Changes = Seq1<MembershipChange>(new MembershipChange.Remove(new NodeId(3))),
        });

    [Fact]
    public void A_cluster_in_which_nobody_asks_for_votes_does_not_recover() =>
        Found(Wrong.NobodyAsks, "Liveness", With(Small) with { HealOneIn = 1 });

    [Fact]
    public void A_cluster_that_elects_but_commits_nothing_more_does_not_recover() =>
        Found(Wrong.LeaderKeepsCommandsToItself, "Liveness", With(Small) with { HealOneIn = 1 });

    [Fact]
    public void What_is_committed_is_remembered_when_every_log_has_dropped_it() =>
        Found(Wrong.VotesForShorterLogs, "Leader Completeness", With(Small) with { Settings = SnapshotsAtOnce });

    [Fact]
    public void What_is_committed_is_remembered_behind_a_snapshot_that_the_cluster_begins_with() =>
        Found(Wrong.VotesForShorterLogs, "Leader Completeness", With(Small with { Terms = 3, Entries = 3 }) with
        {
            Disks = Map((new NodeId(1), Compacted), (new NodeId(2), Compacted), (new NodeId(3), Compacted)),
        });

    [Fact]
    public void A_snapshot_that_misnames_its_last_entry_is_found() =>
        Found(Wrong.MisnamesSnapshots, "State Machine Safety", With(Small) with { Settings = SnapshotsAtOnce });

    [Fact]
    public void A_read_before_what_is_committed_is_applied_is_stale() => Found(
        Wrong.ReadsBeforeItApplies, "Linearizable reads", With(Small with { Terms = 1, Timeouts = 1, Reads = 1, Heartbeats = 1 }));

    [Fact]
    public void What_is_committed_and_not_applied_is_found() =>
        Found(Wrong.FollowerDoesNotApply, "Committed and applied", With(Small with { Terms = 1, Timeouts = 1, Heartbeats = 1 }));

    [Fact]
    public void A_follower_that_drops_what_is_committed_is_found() =>
        Found(Wrong.FollowerDropsWhatIsBehind, "State Machine Safety", With(Small with
        {
            Terms = 1,
            Timeouts = 1,
            Proposals = 1,
            Heartbeats = 1,
            Duplicates = 1,
        }));

    [Fact]
    public void A_crash_between_what_a_leader_sends_and_what_it_writes_is_tried()
    {
        var options = With(Small with { Terms = 1, Timeouts = 1, Crashes = 1 }) with { ForgetsIdleReplies = false };
        var result = ModelChecker.Run(options with { Step = Wrong.NeverForgets });

        var violation = Assert.IsType<Violation>(result.Violation.Case);
        Assert.Contains("acknowledges what it has lost", violation.Detail, StringComparison.Ordinal);
        Assert.True(violation.Trace.Moves.Exists(move => move.Cut.IsSome));
        Assert.Contains("crashed before it had written that", violation.Trace.ToTranscript(), StringComparison.Ordinal);
        Assert.Equal((violation.Property, violation.Detail), violation.Trace.Replay());
    }

    [Fact]
    public void A_node_that_halts_is_found() => Found(Wrong.Halts, "own invariant", With(Small));

    [Fact]
    public void A_property_of_ones_own_is_found()
    {
        var options = With(Small with { Proposals = 1 });
        var result = ModelChecker.Run(options with { Property = entries => entries.Count > 1 ? Some("two entries") : None });

        var violation = Assert.IsType<Violation>(result.Violation.Case);
        Assert.Equal(("Own property", "two entries"), (violation.Property, violation.Detail));
    }

    /// <summary>
    /// As in (b) of Figure 8: S1 has led the second term, S3 the third, and each has its entry at place 2. Appends carry one
    /// entry.
    /// </summary>
    private static CheckOptions Forked => With(Small) with
    {
        Disks = Map(
            (new NodeId(1), Disks.Of(3, None, 1, 2)),
            (new NodeId(2), Disks.Of(3, new NodeId(3), 1)),
            (new NodeId(3), Disks.Of(3, new NodeId(3), 1, 3))),
        Settings = Settings.Default with { Limits = new() { MaxAppendBytes = 1, MaxInflightAppends = 1 } },
    };

    private static Settings SnapshotsAtOnce =>
        Settings.Default with { Snapshots = new SnapshotPolicy { Entries = 1, Trailing = 0 } };

    /// <summary>One entry, which only the snapshot has.</summary>
    private static PersistentState Compacted
    {
        get
        {
            var (disk, last) = (Disks.Of(1, None, 1), new LogPosition(new Term(1), new LogIndex(1)));
            return disk with { Log = disk.Log.OnTopOf(new Snapshot(last, Configuration.Of(1, 2, 3), Size: 0), last) };
        }
    }

    private static CheckOptions With(Bounds bounds) => new() { Bounds = bounds, PreVotes = false, Workers = 1 };

    private static void Found(Func<NodeState, Input, Transition> step, string property, CheckOptions options)
    {
        var sound = ModelChecker.Run(options);
        Assert.True(sound.Exhausted, sound.ToString());

        var violation = Assert.IsType<Violation>(ModelChecker.Run(options with { Step = step }).Violation.Case);
        Assert.EndsWith(property, violation.Property, StringComparison.Ordinal);

        var trace = violation.Trace;
        Assert.Equal((violation.Property, violation.Detail), trace.Replay());
        Assert.False(trace.Replay(Raft.Step).Exists(wrong => wrong.Property == violation.Property));
        var shorter = options with { Step = step, Bounds = options.Bounds with { Depth = trace.Moves.Count - 1 } };
        Assert.True(ModelChecker.Run(shorter).Violation.IsNone);
        Assert.Contains($"{violation.Property} violated", trace.ToTranscript(), StringComparison.Ordinal);
        Assert.StartsWith("sequenceDiagram\n", trace.ToMermaid(), StringComparison.Ordinal);
    }
}
