using System.Linq;
using CsCheck;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§3.8: term and vote are on disk before a server speaks of them, or it could vote twice.</summary>
public class DurabilityTests
{
    [Fact]
    public void A_vote_is_durable_before_the_reply()
    {
        var after = Given.Follower(term: 3).Receive(S2, Speak.AskVote(3));

        Assert.Equal(Logs.Write(3, S2, Log.Empty, keep: 0), after.Effects[0]);
        Assert.Equal(new Effect.Send(S2, Speak.Vote(3)), after.Effects[1]);
        Assert.Equal(2, after.Effects.Count);
    }

    [Fact]
    public void A_newer_term_and_the_vote_in_it_become_durable_together()
    {
        var after = Given.Follower(term: 3, votedFor: S3).Receive(S2, Speak.AskVote(5));

        Assert.Equal(Logs.Write(5, S2, Log.Empty, keep: 0), after.Effects[0]);
        Assert.Equal(new Effect.Send(S2, Speak.Vote(5)), after.Effects[1]);
    }

    [Fact]
    public void A_candidates_term_and_vote_are_durable_before_it_asks()
    {
        var asking = Given.PreCandidate(term: 3);

        var standing = asking.Receive(S2, Speak.PreVoteYes(asking));

        Assert.Equal(Logs.Write(4, S1, Log.Empty, keep: 0), standing.Effects[0]);
        Assert.Equal([S2, S3], standing.Asked<RequestVote>());
    }

    [Fact]
    public void An_adopted_term_is_durable_before_the_refusal_that_names_it()
    {
        var after = Given.Follower(term: 3, log: Logs.Of(2)).Receive(S2, Speak.AskVote(5, At(1, 1)));

        Assert.Equal(Logs.Write(5, None, Logs.Of(2), keep: 1), after.Effects[0]);
        Assert.Equal(new Effect.Send(S2, Speak.NoVote(5)), after.Effects[1]);
    }

    [Fact]
    public void Entries_are_durable_before_the_follower_acknowledges_them()
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1));

        var after = follower.Receive(S2, Speak.Append(3, At(1, 1), [2, 3]));

        Assert.Equal((T(3), Place(1)), (after.Persist()!.CurrentTerm, after.Persist()!.KeepThrough));
        Assert.Equal(Logs.Entries(after: 1, 2, 3), after.Persist()!.Entries);
        Assert.IsType<Effect.Persist>(after.Effects[0]);
        Assert.IsType<AppendEntriesReply>(after.Reply());
    }

    [Fact]
    public void Replaced_entries_go_from_the_disk_in_the_same_write()
    {
        var follower = Given.Follower(term: 3, log: Logs.Of(1, 2, 2));

        var after = follower.Receive(S2, Speak.Append(3, At(1, 1), [3]));

        Assert.Equal(Place(1), after.Persist()!.KeepThrough);
        Assert.Equal(Logs.Entries(after: 1, 3), after.Persist()!.Entries);
    }

    [Fact]
    public void Only_what_a_leader_sends_its_followers_may_leave_before_a_write()         // §10.2.1
    {
        Assert.All(Samples.Messages(term: 1), message =>
            Assert.Equal(message is AppendEntries, new Effect.Send(S2, message).IsAtOnce));
        Assert.True(new Effect.SendChunk(S2, T(1), R(1), Samples.Snapshot, Offset: 0, Length: 2).IsAtOnce);
        Assert.False(Logs.Write(1, None, Log.Empty, keep: 0).IsAtOnce);
    }

    [Fact]
    public void A_leader_writes_its_first_entry_when_it_takes_office()
    {
        var standing = Given.Candidate(term: 4, log: Logs.Of(1));

        var won = standing.Receive(S2, Speak.Vote(4));

        Assert.Equal(Logs.Write(4, S1, Logs.Of(1, 4), keep: 1), won.Persist());
    }

    [Fact]
    public void The_first_configuration_is_written_at_the_first_start_and_not_again()
    {
        var first = Raft.Boot(S1, ClusterOf(3), Given.Settings, PersistentState.Fresh);
        var again = Raft.Boot(S1, ClusterOf(5), Given.Settings, PersistentState.Fresh.After(first.Persist()!));

        Assert.Equal(Snapshot.Beginning(ClusterOf(3)), first.Persist()!.Snapshot);
        Assert.Empty(again.Effects);
        Assert.Equal(ClusterOf(3), again.State.Configuration);
    }

    [Fact]
    public void What_changes_neither_term_nor_vote_nor_log_is_not_written()
    {
        Transition[] steps =
        [
            Given.Follower().TickAtDeadline(),
            Given.Follower().Receive(S2, Speak.AskPreVote(9)),
            Given.Follower().Receive(S2, Speak.AskVote(2)),
            Given.Follower(votedFor: S2).Receive(S2, Speak.AskVote(3)),
            Given.Follower().Receive(S2, Speak.Heartbeat(3)),
            Given.Candidate(cluster: ClusterOf(5)).Receive(S2, Speak.Vote(4)),
            Given.Candidate().Receive(S2, Speak.Heartbeat(4)),
            Given.Leader().TickAtDeadline(),
            Given.Leader().TickAfter(300),
        ];

        Assert.All(steps, step => Assert.Null(step.Persist()));
    }

    [Fact]
    public void A_restarted_server_keeps_its_term_its_vote_and_its_log_and_nothing_else()
    {
        var before = Given.FollowerOf(S2, term: 3, log: Logs.Of(1, 2), votedFor: S2);

        var after = before.Restart(new PersistentState(before.CurrentTerm, before.VotedFor, before.Log));

        Assert.Equal((T(3), Some(S2)), (after.CurrentTerm, after.VotedFor));
        Assert.Equal(Logs.Of(1, 2), after.Log);
        Assert.Equal(new Role.Follower(None), after.Role);
        Assert.Equal((LogIndex.Zero, Instant.Zero), (after.CommitIndex, after.Now));
    }

    [Fact]
    public void A_server_that_crashes_after_its_vote_is_durable_does_not_vote_twice_in_the_term()
    {
        var vote = Given.Follower(term: 3).Receive(S2, Speak.AskVote(3));
        var disk = new PersistentState(T(3), None, Log.Empty).After(vote.Persist()!);

        var restarted = vote.State.Restart(disk).TickAt(Moment(150)).State;

        Assert.Equal(Speak.NoVote(3), restarted.Receive(S3, Speak.AskVote(3)).Reply());
        Assert.Equal(Speak.Vote(3), restarted.Receive(S2, Speak.AskVote(3)).Reply());
    }

    [Fact]
    public void A_server_that_crashes_before_its_vote_is_durable_has_not_voted_and_has_told_nobody()
    {
        var vote = Given.Follower(term: 3).Receive(S2, Speak.AskVote(3));
        var told = vote.Effects.TakeWhile(effect => effect is not Effect.Persist);

        var restarted = vote.State.Restart(new(T(3), None, Log.Empty)).TickAt(Moment(150)).State;

        Assert.Empty(told);
        Assert.Equal(Speak.Vote(3), restarted.Receive(S3, Speak.AskVote(3)).Reply());
    }

    [Fact]
    public void A_candidate_that_crashes_does_not_stand_in_the_same_term_again()
    {
        var standing = Given.Candidate(term: 4, ClusterOf(1));

        var again = standing.Restart(new(T(4), S1, Log.Empty)).TickAtDeadline().State;

        Assert.Equal(T(5), again.CurrentTerm);
    }

    [Fact]
    public void A_write_on_a_disk_keeps_what_it_says_and_appends_the_rest()
    {
        var disk = new PersistentState(T(3), S2, Logs.Of(1, 1, 2, 2));

        var after = disk.After(Logs.Write(4, None, Logs.Of(1, 1, 4), keep: 2));

        Assert.Equal(new PersistentState(T(4), None, Logs.Of(1, 1, 4)), after);
    }

    [Fact]
    public void The_disk_holds_exactly_the_nodes_term_vote_and_log_after_every_step() =>
        Schedules.Of(steps: 60).Sample(schedule =>
        {
            var disk = Schedules.Disk;
            foreach (var (_, step) in schedule.Run())
            {
                var writes = step.Effects.OfType<Effect.Persist>().ToArray();
                var before = step.Effects.TakeWhile(effect => effect is not Effect.Persist).ToArray();
                Assert.True(writes.Length == 0 || before.All(early => early.IsAtOnce || early is Effect.StoreChunk));
                disk = writes.Aggregate(disk, (now, write) => now.After(write));

                Assert.True(writes.Length <= 1);
                Assert.Equal((step.State.CurrentTerm, step.State.VotedFor), (disk.CurrentTerm, disk.VotedFor));
                Assert.Equal(step.State.Log, disk.Log);
            }
        }, iter: 600, print: Schedules.Print);
}
