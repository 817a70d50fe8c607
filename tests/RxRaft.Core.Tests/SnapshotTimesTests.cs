namespace RxRaft.Tests;

/// <summary>§5.1: when it is not yet time for a snapshot, though much has come since the last.</summary>
public class SnapshotTimesTests
{
    /// <summary>It was taken when the state machine was at 4, and already had 9 in its lane.</summary>
    [Fact]
    public void What_is_in_the_last_one_is_no_reason_for_another()
    {
        var often = Given.Settings with { Snapshots = new() { Bytes = 4 * Logs.Entry(1, 1).Size } };
        var follower = Given.Follower(log: Logs.Of(1, 1, 1, 1, 1, 1, 1, 1, 1)) with { Settings = often };
        var taking = follower.Receive(S2, Speak.Heartbeat(3, At(1, 9), commit: 9)).State.Applied(4);
        var taken  = taking.State.Snapshotted(new(Taken(taking).Last, taking.State.Configuration, Size: 9)).State;

        Assert.Equal(At(1, 9), taken.Snapshot.Last);
        Assert.Empty(taken.Applied(8).Effects);
        Assert.Empty(taken.Applied(9).Effects);
    }

    /// <summary>A learner that was caught up from an old log; what made the others a cluster may be its last entry.</summary>
    [Fact]
    public void A_newcomer_takes_none_before_it_has_seen_who_the_members_are()
    {
        var founding = new Entry(At(1, 5), new Payload.Configure(ClusterOf(3)));
        var newcomer = Raft.Boot(
            S1, Configuration.Nobody, Given.Settings with { Snapshots = new() { Entries = 4 } }, PersistentState.Fresh).State;
        newcomer = newcomer.Receive(S2, Speak.Append(3, LogPosition.Zero, [1, 1, 1, 1], commit: 4)).State;

        var late = newcomer.Receive(S2, Speak.Heartbeat(3, At(1, 4), commit: 5) with { Entries = Seq1(founding) }).State;

        Assert.Equal((Place(4), Place(5)), (newcomer.CommitIndex, late.CommitIndex));
        Assert.Empty(newcomer.Applied(4).Effects);
        Assert.Equal((At(1, 5), ClusterOf(3)), (Taken(late.Applied(4)).Last, Taken(late.Applied(4)).Configuration));
    }

    /// <summary>A newer snapshot would begin the follower's anew: there is patience, but it ends.</summary>
    [Theory]
    [InlineData(4, 1_000, 2 + 4 * 4)]
    [InlineData(1_000, 1, 3 + 13)]
    public void While_a_follower_installs_the_present_snapshot_the_next_waits_but_not_for_ever(int entries, int times, ulong last)
    {
        var bytes  = 2L * Logs.Entry(1, 1).Size + Entry.SizeOf(Payload.Noop.Instance) + 13 * Entry.SizeOf(Samples.Proposal(1).Payload);
        var policy = new SnapshotPolicy { Entries = entries, Bytes = times * bytes / 4 };
        var leader = Asking.Settled(log: Logs.Of(1, 1), settings: Given.Settings with { Snapshots = policy with { Trailing = 1 } })
            .Snapshotted(new(At(1, 2), ClusterOf(3), Size: 1)).State;
        leader = leader.Receive(S3, Speak.Lacks(leader, LogPosition.Zero)).State;
        Assert.IsType<Progress.Install>(leader.Of(S3));
        var waits = true;

        for (var sequence = 1ul; sequence <= 16 && waits; sequence++)
        {
            leader = leader.Propose(Samples.Proposal(sequence)).State.Persisted().State.Follows(S2);
            var applied = leader.Applied();
            (leader, waits) = (applied.State, applied.Effects.IsEmpty);
        }

        Assert.False(waits);
        Assert.Equal(Place(last), leader.LastApplied);
    }

    private static Effect.TakeSnapshot Taken(Transition step) => Assert.IsType<Effect.TakeSnapshot>(Assert.Single(step.Effects));
}
