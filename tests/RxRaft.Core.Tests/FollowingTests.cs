using CsCheck;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§3.5: what a follower may say and do whatever order its leader's appends come in, and when it is full.</summary>
public class FollowingTests
{
    private static readonly Settings Small = Given.With(new() { MaxBacklogBytes = 100 });      // three no-ops

    [Fact]
    public void However_the_appends_of_one_leader_are_lost_repeated_and_overtaken_the_log_only_grows() =>
        Gen.Int[0, 1_000].Array[1, 30].Sample(draws =>
        {
            ulong[] terms = [1, 1, 2, 4, 4, 4, 4, 4];
            var follower = Given.Follower(term: 4, log: Logs.Of(1, 1, 2, 3, 3));
            var (length, agreed) = (LogIndex.Zero, LogIndex.Zero);
            foreach (var draw in draws)
            {
                var (from, count) = (draw % 9, draw / 9 % (9 - draw % 9));
                var prev = from == 0 ? LogPosition.Zero : At(terms[from - 1], (ulong)from);
                var step = follower.Receive(S2, Speak.Append(4, prev, terms[from..(from + count)], commit: 8));
                follower = step.State;

                if (step.Reply<AppendEntriesReply>().Result is AppendResult.Success(var match))
                {
                    Assert.Equal(prev.Index + count, match);
                    agreed = LogIndex.Max(agreed, match);
                }

                Assert.Equal(agreed, follower.CommitIndex);
                Assert.True(follower.LastLog.Term < T(4) || follower.LastLog.Index >= length, "the leader's entries stay");
                if (follower.LastLog.Term == T(4)) length = follower.LastLog.Index;
            }
        }, iter: 1_000, print: draws => string.Join(", ", draws));

    // Of two appends the follower has written one and not the other. The reply to the empty append waits in the lane
    // behind both writes; if it did not, it would have to know what is durable.
    [Fact]
    public void An_empty_append_acknowledges_only_the_entry_it_names_and_behind_the_write_of_that_entry()
    {
        var follower = Given.Follower(term: 4, log: Logs.Of(1));
        var wrote = follower.Receive(S2, Speak.Append(4, At(1, 1), [4, 4])).State;

        var heartbeat = wrote.Receive(S2, Speak.Heartbeat(4, At(4, 2), round: 2));

        Assert.Equal(new AppendResult.Success(Place(2)), heartbeat.Reply<AppendEntriesReply>().Result);
        Assert.All(heartbeat.Effects, effect => Assert.False(effect.IsAtOnce));
    }

    [Fact]
    public void A_follower_whose_state_machine_is_too_far_behind_declines_entries_and_commits_what_it_has()
    {
        var full = Full(committed: 3);

        var append = full.Receive(S2, Speak.Append(4, At(4, 4), [4], commit: 5, round: 3));

        Assert.Equal(new AppendResult.Full(Place(4)), append.Reply<AppendEntriesReply>().Result);
        Assert.Equal((Place(4), Place(4)), (append.State.LastLog.Index, append.State.CommitIndex));
        Assert.Equal(new(S2, 4 * 32), append.Why<Reason.AppendDeclined>());
        Assert.NotEqual(full.ElectionDeadline, append.State.ElectionDeadline);
    }

    [Fact]
    public void Of_what_it_declines_it_commits_nothing_even_if_it_has_something_there()
    {
        var full = Given.Follower(term: 4, log: Logs.Of(3, 3, 3, 3), settings: Small)
            .Receive(S2, Speak.Heartbeat(4, At(3, 3), 2)).State;

        var append = full.Receive(S2, Speak.Append(4, At(3, 3), [4, 4], commit: 5, round: 3));

        Assert.Equal(new AppendResult.Full(Place(3)), append.Reply<AppendEntriesReply>().Result);
        Assert.Equal((Place(4), Place(3)), (append.State.LastLog.Index, append.State.CommitIndex));
    }

    [Fact]
    public void It_says_so_of_a_heartbeat_too_so_that_nothing_is_sent_in_vain() =>
        Assert.Equal(
            new AppendResult.Full(Place(4)),
            Full().Receive(S2, Speak.Heartbeat(4, At(4, 4), round: 3)).Reply<AppendEntriesReply>().Result);

    [Fact]
    public void It_takes_entries_again_when_its_state_machine_has_caught_up()
    {
        var after = Full().Applied().State.Receive(S2, Speak.Append(4, At(4, 4), [4], round: 3));

        Assert.Equal(new AppendResult.Success(Place(5)), after.Reply<AppendEntriesReply>().Result);
    }

    [Theory]
    [InlineData(4 * 32, true)]
    [InlineData(4 * 32 - 1, false)]
    public void It_is_too_far_behind_when_more_bytes_wait_than_the_limit_and_not_when_as_many_do(long limit, bool takes)
    {
        var full = Full() with { Settings = Given.With(new() { MaxBacklogBytes = limit }) };

        var append = full.Receive(S2, Speak.Append(4, At(4, 4), [4], round: 3));

        Assert.Equal(takes, append.Reply<AppendEntriesReply>().Result is AppendResult.Success);
    }

    [Fact]
    public void It_takes_entries_when_its_state_machine_has_nothing_to_do_or_nobody_would_ever_commit()
    {
        var follower = Given.Follower(term: 4, log: Logs.Of(4, 4, 4, 4), settings: Small);

        var after = follower.Receive(S2, Speak.Append(4, At(4, 4), [4, 4, 4, 4]));

        Assert.Equal(new AppendResult.Success(Place(8)), after.Reply<AppendEntriesReply>().Result);
        Assert.DoesNotContain(after.Reasons, reason => reason is Reason.EntriesDeleted);
    }

    [Fact]
    public void A_leader_asks_a_follower_that_is_full_again_with_the_next_heartbeat_and_not_before()
    {
        var leader = Given.InOffice().Propose(8).State.Propose(8).State;

        var full = leader.Receive(S2, new AppendEntriesReply(T(4), leader.Round, new AppendResult.Full(Place(1))));
        var beat = full.State.TickAtDeadline();
        var still = beat.State.Receive(S2, new AppendEntriesReply(T(4), beat.State.Round, new AppendResult.Full(Place(1))));
        var next = still.State.TickAtDeadline();
        var room = next.State.Receive(S2, Speak.Matches(next.State, through: 1));

        Assert.Empty(full.Effects);
        Assert.Equal((At(4, 1), 0), (beat.Appends(S2)[0].PrevLog, beat.Appends(S2)[0].Entries.Count));
        Assert.Empty(still.Effects);
        Assert.Equal(2, Assert.Single(room.Appends(S2)).Entries.Count);
    }

    [Fact]
    public void What_a_follower_that_is_full_says_that_it_has_counts()
    {
        var leader = Given.InOffice().Propose(8).State.Propose(8).State.Persisted().State;

        var full = leader.Receive(S2, new AppendEntriesReply(T(4), leader.Round, new AppendResult.Full(Place(2)))).State;

        Assert.Equal((Place(2), Place(2)), (full.Sees(S2).MatchIndex, full.CommitIndex));
    }

    [Fact]
    public void The_appends_that_were_on_their_way_to_a_follower_that_is_full_are_no_sign_that_it_has_lost_anything()
    {
        var leader = Given.InOffice().Propose(8).State.Propose(8).State;
        var first = new AppendEntriesReply(T(4), new Round(leader.Round.Value - 1), new AppendResult.Full(Place(1)));

        var full = leader.Receive(S2, first).State;
        var second = full.Receive(S2, new AppendEntriesReply(T(4), leader.Round, new AppendResult.Conflict(At(4, 1)))).State;
        var beat = second.TickAtDeadline().State;

        Assert.Equal(2, Assert.Single(beat.Receive(S2, Speak.Matches(beat, through: 1)).Appends(S2)).Entries.Count);
    }

    /// <summary>S1 with four entries, some of them committed, and a state machine that has got to none.</summary>
    private static NodeState Full(ulong committed = 4) =>
        Given.Follower(term: 4, log: Logs.Of(4, 4, 4, 4), settings: Small)
            .Receive(S2, Speak.Heartbeat(4, At(4, 4), committed)).State;
}
