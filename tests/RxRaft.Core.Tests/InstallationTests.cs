using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§5.3: InstallSnapshot, part by part, at the leader and at the follower.</summary>
public class InstallationTests
{
    private static readonly Settings Parts = Given.Settings with
    {
        Limits = new() { SnapshotChunkBytes = 10, MaxInflightChunks = 2 },
        Snapshots = new() { Entries = 4, Trailing = 0 },
    };

    private static readonly Snapshot Big = new(At(2, 7), ClusterOf(3), Size: 35);

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
    public void Heartbeats_go_on_meanwhile_and_parts_that_are_on_their_way_are_not_repeated()
    {
        var beat = Installing().TickAtDeadline();

        Assert.Equal([S2, S3], beat.Asked<AppendEntries>());
        Assert.Equal(LogPosition.Zero, beat.To<AppendEntries>(S3).PrevLog);
        Assert.Empty(Chunks(beat));
    }

    [Fact]
    public void After_a_heartbeat_interval_without_news_what_is_missing_is_sent_again_from_there()
    {
        var leader = Installing();
        leader = leader.Receive(S3, Has(leader, 10)).State;

        var first = leader.TickAtDeadline();
        var second = first.State.Follows(S2).TickAtDeadline();

        Assert.Empty(Chunks(first));
        Assert.Equal([10L, 20L], Chunks(second).Select(part => part.Offset));
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
        Assert.True(Received(Given.FollowerOf(S2).Receive(S2, Part(0, 0, Big with { Size = 0 }))).Installed);
    }

    [Fact]
    public void Parts_are_stored_one_behind_the_other_and_each_is_answered_with_what_is_there()
    {
        var follower = Given.FollowerOf(S2);

        var first  = follower.Receive(S2, Part(0, 20));
        var second = first.State.Receive(S2, Part(20, 10));

        Assert.Equal((20L, false), Received(first));
        Assert.Equal((30L, false), Received(second));
        Assert.Equal(20L, second.Effects.OfType<Effect.StoreChunk>().Single().Offset);
    }

    [Theory]
    [InlineData(0, 10)]         // comes twice
    [InlineData(30, 5)]         // one is missing
    public void A_part_that_does_not_follow_is_not_stored_and_the_leader_hears_from_where_to_go_on(long offset, int length)
    {
        var follower = Given.FollowerOf(S2).Receive(S2, Part(0, 20)).State;

        var after = follower.Receive(S2, Part(offset, length));

        Assert.Equal((20L, false), Received(after));
        Assert.DoesNotContain(after.Effects, effect => effect is Effect.StoreChunk);
    }

    [Fact]
    public void A_stale_snapshot_is_ignored_and_its_leader_hears_that_nothing_is_missing()
    {
        var follower = Given.FollowerOf(S2, log: Logs.Of(1, 1, 2, 2, 2, 2, 2, 2));
        follower = follower.Receive(S2, Speak.Heartbeat(3, At(2, 8), commit: 7)).State;

        var after = follower.Receive(S2, Part(0, 10));

        Assert.Same(follower.Log, after.State.Log);
        Assert.Equal(Place(7), after.State.CommitIndex);
        Assert.True(Received(after).Installed);
        Assert.Equal(new(S2, At(2, 7), Place(7)), after.Why<Reason.SnapshotIgnored>());
        Assert.Single(after.Effects);
    }

    [Fact]
    public void With_the_last_part_it_takes_the_place_of_the_log_and_is_durable_before_it_is_said()
    {
        var follower = Given.FollowerOf(S2, log: Logs.Of(1, 1)).Receive(S2, Part(0, 20)).State;

        var after = follower.Receive(S2, Part(20, 15));

        Assert.Equal((35L, true), Received(after));
        Assert.Equal((At(2, 7), At(2, 7), Place(7)), (after.State.Log.Base, after.State.LastLog, after.State.CommitIndex));
        Assert.Equal(new(T(3), None, Big, At(2, 7), Place(7), [], At(2, 7)), after.Persist());
        Assert.Equal(
            [typeof(Effect.StoreChunk), typeof(Effect.Persist), typeof(Effect.Send), typeof(Effect.RestoreSnapshot)],
            after.Effects.Map(effect => effect.GetType()).ToArray());
    }

    [Fact]
    public void A_log_that_has_the_snapshots_last_entry_keeps_what_comes_after_it()
    {
        var follower = Given.FollowerOf(S2, log: Logs.Of(1, 1, 1, 1, 1, 2, 2, 3, 3));

        var after = follower.Receive(S2, Part(0, 35)).State;

        Assert.Equal((At(2, 7), At(3, 9)), (after.Log.Base, after.LastLog));
        Assert.Equal((Place(7), Place(9)), (after.CommitIndex, after.Durable));
        Assert.Equal(2 * Logs.Entry(3, 8).Size, after.Backlog);
    }

    [Theory]
    [InlineData(new ulong[] { 1, 1, 1, 1, 1, 1, 1, 1, 1 })]         // another entry there
    [InlineData(new ulong[] { 1, 1, 2 })]                           // none there
    public void A_log_that_does_not_have_it_goes_altogether(ulong[] log)
    {
        var after = Given.FollowerOf(S2, log: Logs.Of(log)).Receive(S2, Part(0, 35)).State;

        Assert.Equal((At(2, 7), At(2, 7)), (after.Log.Base, after.LastLog));
        Assert.Equal((Place(7), 0L), (after.Durable, after.Backlog));
    }

    [Fact]
    public void Each_part_resets_the_election_timer()
    {
        var follower = Given.FollowerOf(S2);

        var after = follower.Receive(S2, Part(0, 10), afterMs: 100).State;

        Assert.Equal(after.Now, after.LeaderContact);
        Assert.InRange(after.NextDeadline - after.Now, Ms(150), Ms(300));
    }

    [Fact]
    public void An_answer_to_a_part_is_contact_with_the_leader_like_any_other()
    {
        var leader = Installing().TickAtDeadline().State;

        Assert.Equal(leader.Now + Ms(300), leader.Receive(S3, Has(leader, 10)).State.StepsDownAt());
    }

    [Fact]
    public void What_another_leader_has_sent_of_it_is_begun_anew()
    {
        var follower = Given.FollowerOf(S2).Receive(S2, Part(0, 20)).State;

        Assert.Equal((0L, false), Received(follower.Receive(S3, Part(20, 10) with { Term = T(4) })));
        Assert.Equal((10L, false), Received(follower.Receive(S3, Part(0, 10) with { Term = T(4) })));
    }

    private static Effect.SendChunk[] Chunks(Transition step) => [.. step.Effects.OfType<Effect.SendChunk>()];

    private static (long Received, bool Installed) Received(Transition step) =>
        step.Reply<InstallSnapshotReply>() is var reply ? (reply.Received, reply.Installed) : default;

    private static InstallSnapshot Part(long offset, int length, Snapshot? of = null) =>
        new(T(3), R(2), of ?? Big, offset, new byte[length]);

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
