using System.Linq;
using CsCheck;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§3.5, §10.2: entries flow to each follower without waiting for answers, within a window.</summary>
public class WindowTests
{
    private const int Size = 32 + 8;        // of an entry whose command has 8 bytes

    [Fact]
    public void A_leader_sends_to_its_followers_while_it_writes_to_its_own_disk()
    {
        var step = Given.InOffice().Propose(8);

        var write = step.Effects.ToList().FindIndex(effect => effect is Effect.Persist);
        Assert.Equal([S2, S3], step.Asked<AppendEntries>());
        Assert.All(step.Effects.Take(write), effect => Assert.True(effect.IsAtOnce));
        Assert.Equal((2, 3), (write, step.Effects.Count));
    }

    [Fact]
    public void It_sends_on_without_waiting_for_answers()
    {
        var first = Given.InOffice().Propose(8);
        var second = first.State.Propose(8, 8);
        var third = second.State.Propose(8);

        Assert.Equal(
            [(At(4, 1), 1), (At(4, 2), 2), (At(4, 4), 1)],
            new[] { first, second, third }.SelectMany(step => step.Appends(S2)).Select(append =>
                (append.PrevLog, append.Entries.Count)));
    }

    [Fact]
    public void No_more_appends_with_entries_are_on_their_way_to_a_follower_than_its_window_allows()
    {
        var leader = Given.InOffice(settings: Given.With(new() { MaxInflightAppends = 3 }));

        var steps = Enumerable.Range(0, 5).Select(_ => leader.Propose(8).Into(out leader)).ToArray();

        Assert.Equal([1, 1, 1, 0, 0], steps.Select(step => step.Appends(S2).Length));
        Assert.All(leader.TickAtDeadline().Appends(S2), beat => Assert.Empty(beat.Entries));
    }

    [Fact]
    public void An_answer_makes_room_and_what_waited_goes_in_one_append()
    {
        var leader = Given.InOffice(settings: Given.With(new() { MaxInflightAppends = 3 }));
        for (var i = 0; i < 6; i++) leader = leader.Propose(8).State;

        var answered = leader.Receive(S2, Speak.Matches(leader, through: 3));       // the first two

        var append = Assert.Single(answered.Appends(S2));
        Assert.Equal((At(4, 4), 3), (append.PrevLog, append.Entries.Count));
        Assert.Equal([Place(4), Place(7)], Flowing(answered.State).InFlight.Map(sent => sent.Last).ToArray());
        Assert.Empty(answered.Appends(S3));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(Size, 1)]
    [InlineData(Size + 1, 2)]
    [InlineData(3 * Size, 3)]
    [InlineData(3 * Size + 1, 4)]
    public void The_bytes_on_their_way_exceed_the_window_by_at_most_one_append(long window, int appends)
    {
        var leader = Given.InOffice(settings: Given.With(new() { MaxInflightBytes = window }));

        for (var i = 0; i < 10; i++) leader = leader.Propose(8).State;

        Assert.Equal(appends, Flowing(leader).InFlight.Count);
        Assert.True(Flowing(leader).InFlight.Sum(sent => sent.Size) < window + Size);
    }

    [Theory]
    [InlineData(1, new[] { 1, 1, 1, 1, 1 })]
    [InlineData(2 * Size - 1, new[] { 1, 1, 1, 1, 1 })]
    [InlineData(2 * Size, new[] { 2, 2, 1 })]
    [InlineData(5 * Size, new[] { 5 })]
    public void An_append_has_no_more_bytes_than_allowed_unless_its_first_entry_alone_has(int bytes, int[] counts)
    {
        var leader = Given.InOffice(settings: Given.With(new() { MaxAppendBytes = bytes }));

        var step = leader.Propose(8, 8, 8, 8, 8);

        Assert.Equal(counts, step.Appends(S2).Select(append => append.Entries.Count));
        Assert.Equal(Place(6), step.Appends(S2)[^1].LastIndex);
    }

    [Fact]
    public void A_window_that_was_lost_as_a_whole_is_sent_again()
    {
        var leader = Given.InOffice(settings: Given.With(new() { MaxInflightAppends = 3 }));
        for (var i = 0; i < 5; i++) leader = leader.Propose(8).State;
        var follower = Twin(leader, length: 1);

        var trips = Converse(ref leader, ref follower);

        Assert.Equal(leader.Log, follower.Log);
        Assert.Equal(new Progress.Replicate(leader.Round, Place(6), Place(7)), Flowing(leader) with { CommitSent = default });
        Assert.True(trips <= 4, $"{trips} round trips");
    }

    // Every way to lose some of four appends, and to turn the others around.
    [Fact]
    public void Whatever_part_of_a_window_is_lost_or_late_the_follower_gets_all_of_it()
    {
        for (var lost = 0; lost < 16; lost++)
            foreach (var turned in new[] { false, true })
            {
                var leader = Given.InOffice();
                var follower = Twin(leader, length: 1);
                var appends = Enumerable.Range(0, 4)
                    .SelectMany(_ => leader.Propose(8).Into(out leader).Appends(S2)).ToArray();

                var arriving = appends.Where((_, i) => (lost >> i & 1) == 0);
                foreach (var append in turned ? arriving.Reverse() : arriving)
                    leader = leader.Receive(S2, follower.Receive(S1, append).Into(out follower).Reply()).State;
                Converse(ref leader, ref follower);

                Assert.True(follower.Log.Equals(leader.Log), $"lost {lost}, turned {turned}");
                Assert.Equal(Place(5), leader.Sees(S2).MatchIndex);
            }
    }

    [Fact]
    public void A_follower_that_stays_down_for_hours_costs_no_more_than_its_window_and_an_empty_append_a_heartbeat()
    {
        var leader = Given.InOffice(settings: Given.With(new() { MaxInflightAppends = 3 })).Propose(8, 8, 8).State;

        for (var beat = 0; beat < 1_000; beat++)
        {
            var step = leader.TickAtDeadline();
            Assert.Empty(Assert.Single(step.Appends(S3)).Entries);
            leader = step.State.Follows(S2).Propose(8).State.Persisted().State;
        }

        Assert.Equal(3, Assert.IsType<Progress.Replicate>(leader.Sees(S3)).InFlight.Count);
        Assert.True(leader.CommitIndex > Place(900));
    }

    [Fact]
    public void Whatever_is_proposed_and_answered_the_limits_hold_and_the_commit_index_sent_is_within_what_was_sent() =>
        Gen.Int[0, 1_000].Array[10, 60].Sample(draws =>
        {
            var limits = new Limits { MaxAppendBytes = 150, MaxInflightAppends = 4, MaxInflightBytes = 300 };
            var leader = Given.InOffice(settings: Given.With(limits));
            foreach (var draw in draws)
            {
                var step = Happening(leader, draw);
                leader = step.State;
                if (leader.Role is not Role.Leader) return;              // nobody answered for too long

                foreach (var append in step.Appends(S2).Concat(step.Appends(S3)))
                {
                    Assert.True(append.Entries.Count <= 1 || append.Entries.Sum(entry => entry.Size) <= 150);
                    Assert.True(append.LeaderCommit <= append.LastIndex && append.LeaderCommit <= leader.CommitIndex);
                }

                foreach (var flowing in new[] { S2, S3 }.Select(leader.Sees).OfType<Progress.Replicate>())
                    Assert.True(flowing.InFlight.Count <= 4 && flowing.InFlight.Sum(sent => sent.Size) < 300 + 150);
            }
        }, iter: 300, print: draws => string.Join(", ", draws));

    private static Transition Happening(NodeState leader, int draw) => (draw % 5) switch
    {
        0 => leader.Propose([.. Enumerable.Range(0, 1 + draw / 5 % 7).Select(i => (draw * (i + 3)) % 90)]),
        1 => leader.Persisted(),
        2 => leader.Receive(S2, Speak.Matches(leader, Sent(leader, S2, draw))),
        3 => leader.Receive(S3, Speak.Matches(leader, Sent(leader, S3, draw))),
        _ => leader.TickAfter(20),
    };

    /// <summary>Some place that the follower may agree through by now.</summary>
    private static ulong Sent(NodeState leader, NodeId follower, int draw)
    {
        var flowing = (Progress.Replicate)leader.Sees(follower);
        var (low, high) = (flowing.MatchIndex.Value, flowing.NextIndex.Value - 1);
        return low + (ulong)(draw / 5) % (high - low + 1);
    }

    private static Progress.Replicate Flowing(NodeState leader) => (Progress.Replicate)leader.Sees(S2);

    /// <summary>S2 with the beginning of the leader's log.</summary>
    private static NodeState Twin(NodeState leader, ulong length) => Raft.Boot(
        S2, ClusterOf(3), Given.Settings, new(leader.CurrentTerm, S1, leader.Log.KeepThrough(Place(length)))).State;

    /// <summary>Heartbeats, and all that follows from them, until there is nothing more to say but heartbeats.</summary>
    private static int Converse(ref NodeState leader, ref NodeState follower)
    {
        var said = leader.TickAtDeadline().Into(out leader).Appends(S2);
        var trips = 0;
        for (; said.Length > 0; trips++)
        {
            Assert.True(trips < 20, "they never agree");
            var (now, twin) = (leader, follower);
            said = [.. said.Select(append => twin.Receive(S1, append).Into(out twin).Reply()).ToArray()
                .SelectMany(reply => now.Receive(S2, reply).Into(out now).Appends(S2))];
            (leader, follower) = (now, twin);
        }

        return trips;
    }
}
