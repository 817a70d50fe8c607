using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§3.5: AppendEntries at the follower. A heartbeat is one without entries, and nothing else.</summary>
public class ReplicationTests
{
    [Fact]
    public void An_append_resets_the_election_timer()
    {
        var follower = Given.FollowerOf(S2);

        var after = follower.Receive(S2, Speak.Heartbeat(3)).State;

        Assert.NotEqual(follower.ElectionDeadline, after.ElectionDeadline);
        Assert.InRange(after.NextDeadline - after.Now, Ms(150), Ms(300));
        Assert.Equal(after.Now, after.LeaderContact);
    }

    [Fact]
    public void A_refused_append_of_the_leader_resets_the_election_timer_too()
    {
        var follower = Given.FollowerOf(S2);

        var after = follower.Receive(S2, Speak.Heartbeat(3, At(2, 7))).State;

        Assert.NotEqual(follower.ElectionDeadline, after.ElectionDeadline);
    }

    [Theory]
    [InlineData(new ulong[] { }, 1ul, 1ul)]
    [InlineData(new ulong[] { 1, 1 }, 1ul, 3ul)]
    [InlineData(new ulong[] { 1, 1, 2 }, 1ul, 3ul)]
    [InlineData(new ulong[] { 1, 1, 2 }, 3ul, 3ul)]
    public void If_the_follower_does_not_find_the_previous_entry_in_its_log_it_refuses_even_a_heartbeat(
        ulong[] log, ulong prevTerm, ulong prevIndex)
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(log));

        var heartbeat = follower.Receive(S2, Speak.Heartbeat(3, At(prevTerm, prevIndex), commit: 1));
        var append = follower.Receive(S2, Speak.Append(3, At(prevTerm, prevIndex), [3, 3], commit: 1));

        Assert.All([heartbeat, append], after =>
        {
            Assert.IsType<AppendResult.Conflict>(after.Reply<AppendEntriesReply>().Result);
            Assert.Same(follower.Log, after.State.Log);
            Assert.Equal(LogIndex.Zero, after.State.CommitIndex);
            Assert.Equal(At(prevTerm, prevIndex), after.Why<Reason.AppendConflicted>().PrevLog);
        });
    }

    // The hint is our last entry that the leader may have too. One row: our log, the entry asked for, the hint.
    [Theory]
    [InlineData(new ulong[] { }, 4ul, 4ul, 0ul, 0ul)]
    [InlineData(new ulong[] { 1, 1, 1 }, 4ul, 9ul, 1ul, 3ul)]               // too short: our last entry
    [InlineData(new ulong[] { 1, 1, 1, 3, 3 }, 2ul, 9ul, 1ul, 3ul)]         // all of T3 is too late
    [InlineData(new ulong[] { 1, 2, 2, 2, 2 }, 4ul, 4ul, 2ul, 4ul)]         // the same place, in an earlier term
    [InlineData(new ulong[] { 1, 5, 5, 5, 5 }, 4ul, 4ul, 1ul, 1ul)]         // a later term: skipped whole
    [InlineData(new ulong[] { 5, 5, 5 }, 4ul, 3ul, 0ul, 0ul)]
    [InlineData(new ulong[] { 1, 2, 3, 5, 5 }, 3ul, 5ul, 3ul, 3ul)]
    public void The_refusal_says_where_the_logs_may_agree(
        ulong[] log, ulong prevTerm, ulong prevIndex, ulong hintTerm, ulong hintIndex)
    {
        var follower = Given.Follower(term: 6, log: Logs.Of(log));

        var after = follower.Receive(S2, Speak.Heartbeat(6, At(prevTerm, prevIndex), round: 7));

        var conflict = new AppendResult.Conflict(At(hintTerm, hintIndex));
        Assert.Equal(new AppendEntriesReply(T(6), R(7), conflict), after.Reply());
    }

    [Fact]
    public void Entries_that_are_new_are_appended()
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 1));

        var after = follower.Receive(S2, Speak.Append(3, At(1, 2), [2, 3], round: 7));

        Assert.Equal([1, 1, 2, 3], after.State.Log.Terms());
        Assert.Equal(new AppendEntriesReply(T(3), R(7), new AppendResult.Success(Place(4))), after.Reply());
        Assert.Equal(new(S2, Place(4), 2), after.Why<Reason.EntriesAppended>());
    }

    [Fact]
    public void Success_says_exactly_what_the_append_covers_however_long_the_log_is()
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 1, 2, 2, 2));

        var heartbeat = follower.Receive(S2, Speak.Heartbeat(3, At(1, 2)));
        var append = follower.Receive(S2, Speak.Append(3, At(1, 2), [2]));

        Assert.Equal(new AppendResult.Success(Place(2)), heartbeat.Reply<AppendEntriesReply>().Result);
        Assert.Equal(new AppendResult.Success(Place(3)), append.Reply<AppendEntriesReply>().Result);
    }

    [Theory]
    [InlineData(0ul, 0ul, new ulong[] { 1, 1 })]
    [InlineData(1ul, 1ul, new ulong[] { 1, 2 })]
    [InlineData(2ul, 3ul, new ulong[] { })]
    [InlineData(2ul, 4ul, new ulong[] { 2 })]
    public void Appends_that_come_twice_or_late_delete_nothing(ulong prevTerm, ulong prevIndex, ulong[] entries)
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 1, 2, 2, 2));

        var after = follower.Receive(S2, Speak.Append(3, At(prevTerm, prevIndex), entries));

        Assert.Same(follower.Log, after.State.Log);
        Assert.Null(after.Persist());
    }

    [Fact]
    public void If_an_existing_entry_conflicts_with_a_new_one_it_and_all_that_follow_it_are_deleted()
    {
        var follower = Given.Follower(term: 4, log: Logs.Of(1, 1, 2, 2, 2));

        var after = follower.Receive(S2, Speak.Append(4, At(1, 1), [1, 3, 4]));

        Assert.Equal([1, 1, 3, 4], after.State.Log.Terms());
        Assert.Equal(new(Place(2), 3), after.Why<Reason.EntriesDeleted>());
        Assert.Equal(new(S2, Place(4), 2), after.Why<Reason.EntriesAppended>());
    }

    [Theory]
    [InlineData(0ul, 0ul)]
    [InlineData(1ul, 1ul)]
    [InlineData(3ul, 3ul)]
    [InlineData(4ul, 3ul)]          // the append covers three entries
    [InlineData(9ul, 3ul)]
    public void The_commit_index_becomes_the_leaders_or_the_last_new_entry_if_that_is_less(
        ulong leaderCommit, ulong expected)
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 1, 2, 2, 2));

        var after = follower.Receive(S2, Speak.Append(3, At(1, 1), [1, 2], leaderCommit)).State;

        Assert.Equal(Place(expected), after.CommitIndex);
    }

    [Fact]
    public void A_heartbeat_commits_nothing_behind_the_entry_it_has_verified()
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 1, 2, 2));      // perhaps the leader lacks the last two

        var after = follower.Receive(S2, Speak.Heartbeat(3, At(1, 2), commit: 4));

        Assert.Equal(Place(2), after.State.CommitIndex);
        Assert.Equal(new(Place(2)), after.Why<Reason.CommitAdvanced>());
    }

    [Fact]
    public void The_commit_index_does_not_go_back()
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 1));
        follower = follower.Receive(S2, Speak.Heartbeat(3, At(1, 2), commit: 2)).State;

        var after = follower.Receive(S2, Speak.Heartbeat(3, At(1, 2), commit: 1));

        Assert.Equal(Place(2), after.State.CommitIndex);
        Assert.Empty(after.Reasons);
    }

    [Fact]
    public void A_leader_that_would_have_a_committed_entry_deleted_halts_the_node()
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 1));
        follower = follower.Receive(S2, Speak.Heartbeat(3, At(1, 2), commit: 2)).State;

        var broken = Assert.Throws<InvariantViolationException>(() =>
            follower.Receive(S3, Speak.Append(4, At(1, 1), [4])));

        Assert.Equal("no committed entry is deleted", broken.Rule);
    }

    [Fact]
    public void Two_leaders_in_one_term_halt_the_node_that_learns_of_both()
    {
        Assert.All([Given.FollowerOf(S2, term: 4), Given.Leader(term: 4)], state =>
        {
            var broken = Assert.Throws<InvariantViolationException>(() => state.Receive(S3, Speak.Heartbeat(4)));

            Assert.Equal("Election Safety: at most one leader in a term", broken.Rule);
        });
    }

    [Fact]
    public void Appends_with_a_gap_or_with_falling_terms_halt_the_node()
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 1));
        var gap = new AppendEntries(T(3), R(1), At(1, 2), Logs.Entries(after: 3, 2), LogIndex.Zero);

        Assert.Throws<InvariantViolationException>(() => follower.Receive(S2, gap));
        Assert.Throws<InvariantViolationException>(() => follower.Receive(S2, Speak.Append(3, At(1, 2), [3, 2])));
    }
}
