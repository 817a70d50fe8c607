using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§3.5: AppendEntries at the leader, which finds where each follower's log agrees with its own.</summary>
public class BackingUpTests
{
    [Fact]
    public void A_new_leader_begins_behind_its_last_entry()
    {
        var leader = Given.Leader(term: 4, log: Logs.Of(1, 2, 3));

        Assert.All(Followers(leader), follower =>
            Assert.Equal(new Progress.Probe(R(1), LogIndex.Zero, Place(4), Since: R(1)), follower));
    }

    [Fact]
    public void It_sends_no_entries_but_its_first_before_it_knows_where_the_logs_agree()
    {
        var leader = Given.Leader(term: 4, log: Logs.Of(1, 2, 3));

        var first = Assert.Single(leader.TickAtDeadline().Appends(S2));
        var backedUp = leader.Receive(S2, Speak.Lacks(leader, At(1, 1)));

        Assert.Equal((At(3, 3), Logs.Entries(after: 3, 4)), (first.PrevLog, first.Entries));
        Assert.Equal(new AppendEntries(T(4), leader.Round.Next, At(1, 1), [], LogIndex.Zero), backedUp.Reply());
        Assert.Equal(new(S2, Place(4), Place(2)), backedUp.Why<Reason.BackedUp>());
    }

    [Fact]
    public void When_it_knows_it_sends_what_the_follower_lacks_at_once()
    {
        var leader = Given.Leader(term: 4, log: Logs.Of(1, 2, 3));
        var backedUp = leader.Receive(S2, Speak.Lacks(leader, At(1, 1))).State;

        var agreed = backedUp.Receive(S2, Speak.Matches(backedUp, through: 1));

        Assert.Equal(Logs.Entries(after: 1, 2, 3, 4), agreed.Reply<AppendEntries>().Entries);
        Assert.Equal(new(S2, Place(1)), agreed.Why<Reason.FollowerMatched>());
        Assert.Equal(
            new Progress.Replicate(backedUp.Round, Place(1), Place(5), Seq1(new Sent(Place(4), 3 * 32)), LogIndex.Zero),
            agreed.State.Sees(S2));
    }

    [Fact]
    public void What_was_sent_is_not_sent_again_until_it_is_missed()
    {
        var leader = Given.Leader(term: 4, log: Logs.Of(1, 2, 3));
        leader = leader.Receive(S2, Speak.Lacks(leader, At(1, 1))).State;
        leader = leader.Receive(S2, Speak.Matches(leader, through: 1)).State;

        var beat = leader.TickAtDeadline();
        var lost = beat.State.Receive(S2, Speak.Lacks(beat.State, At(1, 1)));

        Assert.Equal((At(4, 4), 0), (Assert.Single(beat.Appends(S2)).PrevLog, beat.Appends(S2)[0].Entries.Count));
        Assert.Equal((At(1, 1), 0), (Assert.Single(lost.Appends(S2)).PrevLog, lost.Appends(S2)[0].Entries.Count));
    }

    // One row: the leader's log, the hint of the follower, the previous entry that the leader tries next.
    [Theory]
    [InlineData(new ulong[] { 1, 1, 2, 2 }, 1ul, 2ul, 1ul, 2ul)]
    [InlineData(new ulong[] { 1, 1, 2, 2 }, 0ul, 0ul, 0ul, 0ul)]
    [InlineData(new ulong[] { 1, 1, 4, 4 }, 3ul, 4ul, 1ul, 2ul)]        // nothing of T3: back over all of T4
    [InlineData(new ulong[] { 1, 4, 4, 4 }, 1ul, 3ul, 1ul, 1ul)]
    [InlineData(new ulong[] { 4, 4 }, 3ul, 2ul, 0ul, 0ul)]
    public void A_refusal_takes_it_back_over_whole_terms(
        ulong[] log, ulong hintTerm, ulong hintIndex, ulong prevTerm, ulong prevIndex)
    {
        var leader = Given.Leader(term: 5, log: Logs.Of(log));

        var after = leader.Receive(S2, Speak.Lacks(leader, At(hintTerm, hintIndex)));

        Assert.Equal(At(prevTerm, prevIndex), after.Reply<AppendEntries>().PrevLog);
    }

    // Figure 7 of the paper, Figure 3.6 of the dissertation: what logs may look like when a leader is elected.
    [Theory]
    [InlineData("a", new ulong[] { 1, 1, 1, 4, 4, 5, 5, 6, 6 })]
    [InlineData("b", new ulong[] { 1, 1, 1, 4 })]
    [InlineData("c", new ulong[] { 1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6 })]
    [InlineData("d", new ulong[] { 1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7 })]
    [InlineData("e", new ulong[] { 1, 1, 1, 4, 4, 4, 4 })]
    [InlineData("f", new ulong[] { 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3 })]
    public void The_logs_of_Figure_7_agree_after_a_round_trip_for_each_term_and_two(string which, ulong[] theirs)
    {
        var leader = Given.Leader(term: 8, log: Logs.Of(1, 1, 1, 4, 4, 5, 5, 6, 6, 6));
        var follower = NodeState.Boot(S2, ClusterOf(3), Given.Settings, new(T(7), None, Logs.Of(theirs)));

        var trips = Converse(leader, follower, out var agreed);

        Assert.Equal(leader.Log.Terms(), agreed.Log.Terms().Take(11));
        Assert.True(trips <= theirs.Concat(leader.Log.Terms().SkipLast(1)).Distinct().Count() + 2, $"{which}: {trips}");
    }

    [Fact]
    public void Replies_of_an_earlier_round_are_ignored_whatever_they_say()
    {
        var first = Given.Leader(term: 4, log: Logs.Of(1, 2, 3));
        var second = first.TickAtDeadline().State;

        var answered = second.Receive(S2, Speak.Matches(second, through: 3)).State;

        answered.Receive(S2, Speak.Lacks(first, LogPosition.Zero)).IsIgnored(answered, IgnoreCause.EarlierRound);
        answered.Receive(S2, Speak.Matches(second, through: 3)).IsIgnored(answered, IgnoreCause.EarlierRound);
    }

    [Fact]
    public void Replies_to_rounds_of_an_earlier_term_in_office_are_ignored()
    {
        var earlier = Given.Leader(term: 4);

        var reply = Speak.Matches(earlier);
        var later = earlier.Receive(S2, Speak.Heartbeat(6)).State;

        later.Receive(S3, reply).IsIgnored(later, IgnoreCause.EarlierTerm);
    }

    [Fact]
    public void Who_does_not_lead_ignores_replies_to_appends()
    {
        var reply = new AppendEntriesReply(T(4), R(9), new AppendResult.Success(LogIndex.Zero));

        Assert.All([Given.Follower(term: 4), Given.PreCandidate(term: 4), Given.Candidate(term: 4)], state =>
            state.Receive(S2, reply).IsIgnored(state, IgnoreCause.NotAsking));
    }

    [Fact]
    public void A_match_index_does_not_go_back()
    {
        var leader = Given.Leader(term: 4, log: Logs.Of(1, 2));
        leader = leader.Receive(S2, Speak.Matches(leader, through: 2)).State.TickAtDeadline().State;

        var after = leader.Receive(S2, Speak.Matches(leader, through: 1)).State;

        Assert.Equal(Place(2), Assert.IsType<Progress.Replicate>(after.Sees(S2)).MatchIndex);
    }

    [Fact]
    public void A_follower_that_claims_more_than_its_leader_has_halts_the_leader()
    {
        var leader = Given.Leader(term: 4, log: Logs.Of(1, 2));

        var broken = Assert.Throws<InvariantViolationException>(() =>
            leader.Receive(S2, Speak.Matches(leader, through: 4)));

        Assert.Equal("a follower matches only what its leader has sent", broken.Rule);
    }

    [Fact]
    public void A_leader_never_overwrites_or_deletes_entries_in_its_log()
    {
        var leader = Given.Leader(term: 4, log: Logs.Of(1, 2, 3));

        var heard = Samples.Messages(term: 4).Where(message => message is not (AppendEntries or InstallSnapshot));

        Assert.All(heard, message =>
            Assert.Equal(leader.Log.LastIndex, leader.Receive(S2, message).State.Log.AgreesThrough(leader.Log)));
    }

    // It would hold entries that were counted and are gone: no commit may rest on it any more.
    [Fact]
    public void A_follower_that_has_lost_what_it_had_acknowledged_gets_nothing_more_and_counts_for_nothing()
    {
        var leader = Given.InOffice(term: 4).Propose(8).State;
        var missed = leader.Receive(S2, Speak.Lacks(leader, LogPosition.Zero));
        var asked = missed.State;

        var refused = asked.Receive(S2, Speak.Lacks(asked, LogPosition.Zero));
        var after = refused.State.Propose(8).State.Persisted().State;

        Assert.Equal(At(4, 1), Assert.Single(missed.Appends(S2)).PrevLog);         // it asks once more where they agreed
        Assert.Equal(new(S2, Place(1)), refused.Why<Reason.FollowerRefused>());
        Assert.Empty(after.TickAtDeadline().Appends(S2));
        after.Receive(S2, Speak.Matches(after)).IsIgnored(after, IgnoreCause.Refused);
        Assert.Equal(Place(1), after.CommitIndex);
    }

    [Fact]
    public void Who_is_asked_at_a_place_that_a_snapshot_takes_the_place_of_gets_the_snapshot()
    {
        var settings = Given.With(new() { MaxInflightAppends = 1 }) with { Snapshots = new() { Trailing = 0 } };
        var probing = Given.Leader(settings: settings).Persisted().State.Follows(S2);               // S3 is silent
        var flowing = Given.InOffice(settings: settings).Propose(8).State.Propose(8, 8).State;
        flowing = flowing.Persisted().State.Follows(S2).Follows(S2);

        Assert.All(new[] { probing, flowing }, leader =>
        {
            var compacted = leader.Snapshotted();
            var beat = compacted.State.TickAtDeadline();

            Assert.Equal(leader.CommitIndex, compacted.State.Log.Base.Index);
            Assert.Equal(S3, Assert.Single(compacted.Effects.OfType<Effect.SendChunk>()).To);
            Assert.Equal(new(S3, compacted.State.Snapshot.Last), compacted.Why<Reason.SnapshotNeeded>());
            Assert.Equal(compacted.State.Log.Last, Assert.Single(beat.Appends(S2)).PrevLog);
        });
    }

    private static int Converse(NodeState leader, NodeState follower, out NodeState agreed)
    {
        var question = Assert.Single(leader.TickAtDeadline().Into(out leader).Appends(S2));
        for (var trips = 1; trips < 100; trips++)
        {
            var answer = follower.Receive(S1, question);
            var next = leader.Receive(S2, answer.Reply());
            (leader, follower) = (next.State, answer.State);
            if (next.Sends().Length == 0)
            {
                agreed = follower;
                return trips;
            }

            question = Assert.Single(next.Appends(S2));
        }

        throw new InvalidOperationException("the logs never agree");
    }

    private static Progress[] Followers(NodeState leader) => [.. ((Role.Leader)leader.Role).Followers.Values];
}
