using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§5.1: InstallSnapshot, part by part, at the follower.</summary>
public class InstallingTests
{
    private static readonly Snapshot Big = new(At(2, 7), ClusterOf(3), Size: 35);

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

    [Fact]
    public void An_empty_snapshot_is_installed_with_one_empty_part() =>
        Assert.True(Received(Given.FollowerOf(S2).Receive(S2, Part(0, 0, Big with { Size = 0 }))).Installed);

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

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(30, 6)]
    public void A_part_that_does_not_lie_within_its_snapshot_halts_the_node(long offset, int length)
    {
        var broken = Assert.Throws<InvariantViolationException>(() => Given.FollowerOf(S2).Receive(S2, Part(offset, length)));

        Assert.Equal("a part lies within its snapshot", broken.Rule);
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

    [Fact]
    public void What_comes_after_it_is_durable_no_sooner_than_its_own_write()
    {
        var follower = Given.FollowerOf(S2, log: Logs.Of(1, 1, 1, 1, 1, 2, 2)).Receive(S2, Speak.Append(3, At(2, 7), [3, 3])).State;

        var after = follower.Receive(S2, Part(0, 35)).State;

        Assert.Equal((At(3, 9), Place(7)), (after.LastLog, after.Durable));
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
    public void What_another_leader_has_sent_of_it_is_begun_anew()
    {
        var follower = Given.FollowerOf(S2).Receive(S2, Part(0, 20)).State;

        Assert.Equal((0L, false), Received(follower.Receive(S3, Part(20, 10) with { Term = T(4) })));
        Assert.Equal((10L, false), Received(follower.Receive(S3, Part(0, 10) with { Term = T(4) })));
    }

    /// <summary>Its leader has taken a newer one meanwhile, and parts of the older are still on their way.</summary>
    [Fact]
    public void Parts_of_two_snapshots_never_become_one()
    {
        var newer = new Snapshot(At(2, 9), ClusterOf(3), Size: 35);
        var follower = Given.FollowerOf(S2).Receive(S2, Part(0, 20)).State;

        var amidst = follower.Receive(S2, Part(20, 15, newer));
        var begun  = amidst.State.Receive(S2, Part(0, 20, newer));
        var late   = begun.State.Receive(S2, Part(20, 15));
        var whole  = late.State.Receive(S2, Part(20, 15, newer));

        Transition[] steps = [amidst, begun, late, whole];
        var stored = steps.SelectMany(step => step.Effects.OfType<Effect.StoreChunk>()).Select(part => (part.Snapshot, part.Offset));
        Assert.Equal([(0L, false), (20L, false), (0L, false), (35L, true)], steps.Select(Received).ToArray());
        Assert.Equal([(newer, 0L), (newer, 20L)], stored.ToArray());
        Assert.Equal(newer, whole.State.Snapshot);
    }

    /// <summary>§6.3: the wire may deliver it twice, and what comes of the second copy is not what came of the first.</summary>
    [Fact]
    public void What_was_passed_on_may_be_in_the_snapshot_so_that_its_outcome_is_unknown()
    {
        var follower = Given.FollowerOf(S2).Propose(Asking.InSession(1), Asking.InSession(2)).State;

        var part  = follower.Receive(S2, Part(0, 20));
        var whole = part.State.Receive(S2, Part(20, 15));

        Assert.Empty(part.Answers());
        Assert.Equal(
            [(new(Asking.Session, 1), new Outcome.Unknown()), (new(Asking.Session, 2), new Outcome.Unknown())],
            whole.Answers());
        Assert.True(whole.State.Relayed.Proposals.IsEmpty);
    }

    private static (long Received, bool Installed) Received(Transition step) =>
        step.Reply<InstallSnapshotReply>() is var reply ? (reply.Received, reply.Installed) : default;

    private static InstallSnapshot Part(long offset, int length, Snapshot? of = null) =>
        new(T(3), R(2), of ?? Big, offset, new byte[length]);
}
