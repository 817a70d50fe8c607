using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§5.1: InstallSnapshot, part by part, at the leader.</summary>
public class InstallationTests
{
    private static readonly Settings Parts = Given.Settings with
    {
        Limits = new() { SnapshotChunkBytes = 10, MaxInflightChunks = 2 },
        Snapshots = new() { Entries = 4, Trailing = 0 },
    };

    [Fact]
    public void A_follower_that_needs_what_is_no_longer_in_the_log_gets_the_snapshot()
    {
        var leader = Leader();

        var after = leader.Receive(S3, Speak.Lacks(leader, At(1, 1)));

        Assert.Equal([0L, 10L], Chunks(after).Select(part => part.Offset));
        Assert.Equal(new(S3, leader.Snapshot.Last), after.Why<Reason.SnapshotNeeded>());
    }

    [Fact]
    public void So_does_one_that_is_to_get_it_when_it_goes()
    {
        var leader = Asking.Settled(log: Logs.Of(1, 1, 1, 1), settings: Parts);

        var after = leader.Snapshotted(new(At(4, 5), ClusterOf(3), Size: 35));

        Assert.Equal([(S3, 0L), (S3, 10L)], Chunks(after).Select(part => (part.To, part.Offset)));
    }

    [Fact]
    public void No_more_parts_are_on_their_way_than_the_window_holds_and_each_answer_makes_room()
    {
        var leader = Installing();

        var first  = leader.Receive(S3, Has(leader, 10));
        var second = first.State.Receive(S3, Has(leader, 20));
        var again  = second.State.Receive(S3, Has(leader, 20));

        Assert.Equal([(20L, 10)], Chunks(first).Select(part => (part.Offset, part.Length)));
        Assert.Equal([(30L, 5)], Chunks(second).Select(part => (part.Offset, part.Length)));
        Assert.Empty(again.Effects);
    }

    [Fact]
    public void A_later_answer_that_says_the_same_is_no_news_and_what_is_on_its_way_is_not_repeated()
    {
        var leader = Installing();
        var beat = leader.Receive(S3, Has(leader, 10)).State.TickAtDeadline().State;

        Assert.Empty(Chunks(beat.Receive(S3, Has(beat, 10))));
    }

    [Fact]
    public void Heartbeats_go_on_meanwhile_and_parts_that_are_on_their_way_are_not_repeated()
    {
        var beat = Installing().TickAtDeadline();

        Assert.Equal([S2, S3], beat.Asked<AppendEntries>());
        Assert.Equal(LogPosition.Zero, beat.To<AppendEntries>(S3).PrevLog);
        Assert.Empty(Chunks(beat));
    }

    [Fact]
    public void After_a_heartbeat_interval_without_news_one_part_is_sent_from_there_until_the_follower_answers_and_then_a_window_again()
    {
        var leader = Installing();
        leader = leader.Receive(S3, Has(leader, 10)).State;

        var first = leader.TickAtDeadline();
        var second = first.State.Follows(S2).TickAtDeadline();
        var third = second.State.Follows(S2).TickAtDeadline();
        var answered = third.State.Receive(S3, Has(third.State, 20));

        Assert.Empty(Chunks(first));
        Assert.Equal([10L], Chunks(second).Select(part => part.Offset));
        Assert.Equal([10L], Chunks(third).Select(part => part.Offset));
        Assert.Equal([20L, 30L], Chunks(answered).Select(part => part.Offset));
    }

    [Fact]
    public void To_a_follower_that_says_nothing_of_the_one_before_a_newer_snapshot_is_one_part_too()
    {
        var leader = Installing().TickAtDeadline().State.Follows(S2);
        for (var sequence = 1ul; sequence <= 16; sequence++)
            leader = leader.Propose(Samples.Proposal(sequence)).State.Persisted().State.Follows(S2).Applied().State;
        leader = leader.Snapshotted(new(leader.LastLog, leader.Configuration, Size: 25)).State;

        var beat = leader.TickAtDeadline();

        Assert.Equal([(leader.LastLog, 0L)], Chunks(beat).Select(part => (part.Snapshot.Last, part.Offset)));
        Assert.Equal([10L, 20L], Chunks(beat.State.Receive(S3, Has(beat.State, 10))).Select(part => part.Offset));
    }

    /// <summary>A part waits for the disk that it is read from, and heartbeats and reads' rounds wait for nothing.</summary>
    [Fact]
    public void An_answer_to_a_part_counts_also_if_answers_to_later_rounds_have_overtaken_it()
    {
        var sent = Installing();
        var leader = sent.TickAtDeadline().State;
        leader = leader.Receive(S3, Speak.Matches(leader, through: 0)).State;

        var after = leader.Receive(S3, Has(sent, 20));
        var installed = leader.Receive(S3, Has(sent, 35, installed: true)).State;

        Assert.Equal([20L, 30L], Chunks(after).Select(part => part.Offset));
        Assert.Equal(leader.Of(S3).Answered, after.State.Of(S3).Answered);
        Assert.IsType<Progress.Replicate>(installed.Of(S3));
    }

    [Fact]
    public void Answers_to_parts_of_one_round_may_overtake_each_other_and_nothing_is_sent_twice()
    {
        var leader = Installing();

        var after = leader.Receive(S3, Has(leader, 20)).State.Receive(S3, Has(leader, 10));

        Assert.Empty(Chunks(after));
        Assert.Equal((20L, 35L), after.State.Of(S3) is Progress.Install install ? (install.Received, install.SentTo) : default);
    }

    [Fact]
    public void A_newer_snapshot_begins_anew()
    {
        var leader = Installing();
        leader = leader.Receive(S3, Has(leader, 20)).State;
        for (var sequence = 1ul; sequence <= 16; sequence++)
            leader = leader.Propose(Samples.Proposal(sequence)).State.Persisted().State.Follows(S2).Applied().State;
        leader = leader.Snapshotted(new(leader.LastLog, leader.Configuration, Size: 25)).State;

        var beat = leader.TickAfter(50);

        Assert.Equal([(leader.LastLog, 0L), (leader.LastLog, 10L)], Chunks(beat).Select(part => (part.Snapshot.Last, part.Offset)));
        beat.State.Receive(S3, new InstallSnapshotReply(T(4), beat.State.Round, At(1, 4), 30, false))
            .IsIgnored(beat.State, IgnoreCause.EarlierRound);
    }

    [Fact]
    public void If_the_log_no_longer_goes_on_right_behind_it_what_it_brought_counts_and_the_next_one_is_needed()
    {
        var leader = Installing();
        var installed = Has(leader, 35, installed: true);
        for (var sequence = 1ul; sequence <= 16; sequence++)
            leader = leader.Propose(Samples.Proposal(sequence)).State.Persisted().State.Follows(S2).Applied().State;
        leader = leader.Snapshotted(new(leader.LastLog, leader.Configuration, Size: 25)).State;

        var after = leader.Receive(S3, installed);

        Assert.Equal((leader.LastLog, 0L, 20L, Place(4)), after.State.Of(S3) is Progress.Install next
            ? (next.Snapshot.Last, next.Received, next.SentTo, next.MatchIndex) : default);
        Assert.Equal(new(S3, leader.LastLog), after.Why<Reason.SnapshotNeeded>());
        Assert.Equal([(leader.LastLog, 0L), (leader.LastLog, 10L)], Chunks(after).Select(part => (part.Snapshot.Last, part.Offset)));
    }

    [Fact]
    public void When_it_is_installed_the_log_goes_on_right_behind_it()
    {
        var leader = Installing();

        var after = leader.Receive(S3, Has(leader, 35, installed: true));

        Assert.Equal((At(1, 4), 1), (after.To<AppendEntries>(S3).PrevLog, after.To<AppendEntries>(S3).Entries.Count));
        Assert.Equal(new(S3, Place(4)), after.Why<Reason.FollowerMatched>());
        Assert.IsType<Progress.Replicate>(after.State.Of(S3));
    }

    [Fact]
    public void An_installed_snapshot_counts_for_what_is_committed_after_it()
    {
        var leader = Installing();
        leader = leader.Propose(Samples.Proposal(1)).State.Persisted().State.Receive(S3, Has(leader, 35, installed: true)).State;

        Assert.Equal(Place(5), leader.CommitIndex);
        Assert.Equal(Place(6), leader.Follows(S3).CommitIndex);
    }

    [Fact]
    public void An_empty_snapshot_is_one_empty_part()
    {
        var leader = Leader(size: 0);

        Assert.Equal((0L, 0), Assert.Single(
            Chunks(leader.Receive(S3, Speak.Lacks(leader, At(1, 1)))).Select(part => (part.Offset, part.Length))));
    }

    [Fact]
    public void An_answer_to_a_part_is_contact_with_the_leader_like_any_other()
    {
        var leader = Installing().TickAtDeadline().State;

        Assert.Equal(leader.Now + Ms(300), leader.Receive(S3, Has(leader, 10)).State.StepsDownAt());
    }

    /// <summary>The first part of a window is lost: the second is answered with what was there before.</summary>
    [Fact]
    public void An_answer_that_says_nothing_new_does_not_make_the_leader_wait_longer_for_a_lost_part()
    {
        var leader = Installing().TickAtDeadline().State;

        var beat = leader.Receive(S3, Has(leader, 0)).State.Follows(S2).TickAtDeadline();

        Assert.Equal([0L], Chunks(beat).Select(part => part.Offset));
    }

    [Fact]
    public void A_follower_that_has_begun_anew_is_sent_a_window_from_there_which_is_not_repeated_at_once()
    {
        var leader = Installing();
        leader = leader.Receive(S3, Has(leader, 20)).State.TickAtDeadline().State;

        var anew = leader.Receive(S3, Has(leader, 0));
        var beat = anew.State.Follows(S2).TickAtDeadline();

        Assert.Equal([0L, 10L], Chunks(anew).Select(part => part.Offset));
        Assert.Empty(Chunks(beat));
    }

    private static Effect.SendChunk[] Chunks(Transition step) => [.. step.Effects.OfType<Effect.SendChunk>()];

    private static InstallSnapshotReply Has(NodeState leader, long received, bool installed = false) =>
        new(leader.CurrentTerm, leader.Round, leader.Snapshot.Last, received, installed);

    /// <summary>Its log begins behind a snapshot at T1#4; S2 has everything, and S3 has not been heard.</summary>
    private static NodeState Leader(long size = 35) =>
        Asking.Settled(log: Log.Over(new Snapshot(At(1, 4), ClusterOf(3), size)), settings: Parts);

    private static NodeState Installing()
    {
        var leader = Leader();
        return leader.Receive(S3, Speak.Lacks(leader, At(1, 1))).State;
    }
}
