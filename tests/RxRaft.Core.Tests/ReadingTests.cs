using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§6.4: reads at the leader, without an entry in the log.</summary>
public class ReadingTests
{
    private static readonly Settings Leased = Given.Settings with { LeaseReads = true };

    [Fact]
    public void A_read_waits_until_a_quorum_has_answered_a_round_that_began_after_it()
    {
        var leader = Asking.Settled();

        var asked = leader.Read(1);
        var answered = asked.State.Receive(S3, Speak.Matches(asked.State));

        Assert.Equal([S2, S3], asked.Asked<AppendEntries>());
        Assert.Empty(asked.MayRead());
        Assert.Equal([1ul], answered.MayRead());
    }

    [Fact]
    public void A_read_waits_for_a_commit_in_this_term()
    {
        var leader = Given.Leader(term: 4, log: Logs.Of(1, 2)).Persisted().State;

        var asked = leader.Read(1);
        var alone = asked.State.Receive(S2, Speak.Matches(asked.State, through: 2));        // answers the round, lacks the no-op
        var committed = alone.State.TickAfter(50).State.Follows(S2);
        var read = committed.Receive(S3, Speak.Matches(committed));

        Assert.Empty(asked.Effects);
        Assert.Equal(LogIndex.Zero, alone.State.CommitIndex);
        Assert.Empty(alone.MayRead());
        Assert.Equal(Place(3), committed.CommitIndex);
        Assert.Equal([1ul], read.MayRead());
    }

    [Fact]
    public void A_delayed_duplicate_acknowledgement_does_not_confirm_a_later_read()
    {
        var leader = Asking.Settled();
        var before = leader.TickAtDeadline().State;
        var acknowledgement = Speak.Matches(before);
        var first = before.Receive(S2, acknowledgement).State;

        var asked = first.Read(1).State;
        var late = asked.Receive(S3, acknowledgement);          // S3 has not answered that round yet
        var twice = late.State.Receive(S2, acknowledgement);

        Assert.Empty(late.MayRead());
        Assert.Empty(twice.MayRead());
        Assert.Equal([1ul], twice.State.Receive(S2, Speak.Matches(asked)).MayRead());
    }

    [Fact]
    public void All_reads_that_come_during_a_round_share_the_next()
    {
        var first = Asking.Settled().Read(1);
        var waiting = Enumerable.Range(2, 9).Aggregate(first, (step, number) => step.State.Read((ulong)number));

        var second = waiting.State.Receive(S2, Speak.Matches(first.State));
        var third = second.State.Receive(S2, Speak.Matches(second.State));

        Assert.Empty(waiting.Effects);
        Assert.Equal([1ul], second.MayRead());
        Assert.Equal([S2, S3], second.Asked<AppendEntries>());
        Assert.Equal([2ul, 3ul, 4ul, 5ul, 6ul, 7ul, 8ul, 9ul, 10ul], third.MayRead());
        Assert.Empty(third.Asked<AppendEntries>());
    }

    [Fact]
    public void A_round_that_is_lost_is_made_good_by_the_next_heartbeat()
    {
        var asked = Asking.Settled().Read(1).State;

        var beat = asked.TickAfter(50).State;

        Assert.Equal([1ul], beat.Receive(S2, Speak.Matches(beat)).MayRead());
    }

    [Fact]
    public void A_read_comes_after_the_entries_that_are_committed_in_the_same_step()
    {
        var leader = Asking.Settled().Read(1).State.Propose(Samples.Proposal(2)).State.Persisted().State;

        var after = leader.Receive(S2, Speak.Matches(leader));

        Assert.Equal(
            [typeof(Effect.Apply), typeof(Effect.Read)],
            after.Effects.Filter(effect => effect is Effect.Apply or Effect.Read).Map(effect => effect.GetType()).ToArray());
    }

    [Theory]
    [InlineData(new ulong[] { 2, 3 }, false)]
    [InlineData(new ulong[] { 4, 5 }, false)]
    [InlineData(new ulong[] { 3, 4 }, true)]
    public void In_a_joint_configuration_a_read_takes_answers_from_both_majorities(ulong[] answering, bool reads)
    {
        var leader = Asking.Settled().Reconfigure(new MembershipChange.To(Set(S1, S4, S5), Set<NodeId>())).State.Persisted().State;
        leader = leader.Follows(S2).Follows(S4).Follows(S5);
        Assert.IsType<Configuration.Joint>(leader.Configuration);

        var asked = leader.Read(1).State;
        var (after, seen) = (asked, 0);
        foreach (var node in answering)
        {
            var answered = after.Receive(new NodeId(node), Speak.Matches(asked, through: 2));
            (after, seen) = (answered.State, seen + answered.MayRead().Length);
        }

        Assert.Equal(reads ? 1 : 0, seen);
    }

    [Fact]
    public void A_leader_that_is_a_quorum_by_itself_reads_at_once() =>
        Assert.Equal([1ul, 2ul], Asking.Settled(cluster: ClusterOf(1)).Read(1, 2).MayRead());

    [Fact]
    public void A_deposed_leaders_reads_are_refused()
    {
        var leader = Asking.Settled().Read(1).State.Read(2).State;      // one in a round, one waiting

        var deposed = leader.Receive(S2, Speak.Heartbeat(5, leader.LastLog));
        var silent = leader.TickAt(leader.StepsDownAt());

        Assert.Equal(
            [(Samples.Request(1), new Outcome.NotLeader(S2)), (Samples.Request(2), new Outcome.NotLeader(S2))], deposed.Answers());
        Assert.Equal(
            [(Samples.Request(1), new Outcome.NotLeader(None)), (Samples.Request(2), new Outcome.NotLeader(None))], silent.Answers());
        Assert.Empty(deposed.MayRead().Concat(silent.MayRead()));
    }

    [Fact]
    public void A_follower_in_a_newer_term_confirms_no_read()
    {
        var asked = Asking.Settled().Read(1).State;

        var after = asked.Receive(S2, new AppendEntriesReply(T(5), asked.Round, new AppendResult.StaleTerm()));

        Assert.Empty(after.MayRead());
        Assert.IsType<Outcome.NotLeader>(after.Answer<Outcome.NotLeader>());
    }

    [Fact]
    public void Lease_reads_are_off_by_default()
    {
        var leader = Asking.Settled();

        Assert.True(leader.LeaseEnd.Exists(end => end > leader.Now));
        Assert.Empty(leader.Read(1).MayRead());
        Assert.False(Settings.Default.LeaseReads);
    }

    [Fact]
    public void With_lease_reads_a_leader_reads_at_once_until_its_lease_ends_which_the_drift_bound_shortens()
    {
        var leader = Asking.Settled(settings: Leased);
        var end = leader.LeaseEnd.IfNone(Instant.Zero);
        var drifting = leader with { Settings = Leased with { ClockDriftBound = 0.5 } };

        Assert.Equal([1ul], leader.ReadAt(end + Ms(-0.1), 1).MayRead());
        Assert.Empty(leader.ReadAt(end, 1).MayRead());
        Assert.Equal(end + Ms(75 - 142.5), drifting.LeaseEnd);
        Assert.Empty(drifting.ReadAt(end + Ms(75 - 142.5), 1).MayRead());
    }

    [Fact]
    public void A_lease_is_no_reason_to_read_before_a_commit_in_this_term()
    {
        var leader = (Given.Leader(term: 4, log: Logs.Of(1, 2)) with { Settings = Leased }).Persisted().State;
        leader = leader.Receive(S2, Speak.Matches(leader, through: 2)).State;

        Assert.True(leader.LeaseEnd.Exists(end => end > leader.Now));
        Assert.Empty(leader.Read(1).Effects);
    }

    [Fact]
    public void A_lease_is_no_reason_to_read_while_another_may_be_elected_because_it_was_told_to_stand()
    {
        var leader = Asking.Settled(settings: Leased).TransferTo(S2).State;
        Assert.True(leader.Office().Office.Told > leader.Round);

        Assert.Empty(leader.Read(1).MayRead());
    }
}
