using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>Everything that could pile up has a limit; over it a client hears Busy, and nothing has happened.</summary>
public class BackPressureTests
{
    private static Settings With(Limits limits) => Given.Settings with { Limits = limits };

    [Fact]
    public void Bytes_that_the_state_machine_has_not_applied()
    {
        var size = new Entry(At(4, 2), Samples.Proposal(1, bytes: 50).Payload).Size;
        var leader = Asking.Settled(settings: With(new() { MaxBacklogBytes = 2 * size - 1 }));

        var three = leader.Propose([.. Enumerable.Range(1, 4).Select(number => Samples.Proposal((ulong)number, bytes: 50))]);
        var room = three.State.Persisted().State.Follows(S2).Applied(2).State.Propose(Samples.Proposal(5));

        Assert.Equal(Place(3), three.State.LastLog.Index);
        Assert.Equal(
            [(Samples.Request(3), Busy("MaxBacklogBytes", 2 * size - 1)), (Samples.Request(4), Busy("MaxBacklogBytes", 2 * size - 1))],
            three.Answers());
        Assert.Equal(2, three.Why<Reason.ProposalsRefused>().Count);
        Assert.Empty(room.Answers());
    }

    [Fact]
    public void Entries_that_the_state_machine_has_not_applied_committed_or_not()
    {
        var leader = Asking.Settled(settings: With(new() { MaxPendingProposals = 2 }));

        var three = leader.Propose(Samples.Proposal(1), Samples.Proposal(2), Samples.Proposal(3));
        var committed = three.State.Persisted().State.Follows(S2);

        Assert.Equal((Samples.Request(3), Busy("MaxPendingProposals", 2)), Assert.Single(three.Answers()));
        Assert.Equal(three.State.LastLog.Index, committed.CommitIndex);
        Assert.Equal(Busy("MaxPendingProposals", 2), committed.Propose(Samples.Proposal(4)).Answer<Outcome.Busy>());
        Assert.Empty(committed.Applied(2).State.Propose(Samples.Proposal(4)).Answers());
    }

    [Fact]
    public void A_command_that_is_too_large_is_rejected_since_waiting_does_not_help()
    {
        var leader = Asking.Settled(settings: With(new() { MaxCommandBytes = 10 }));

        Assert.Empty(leader.Propose(Samples.Proposal(1, bytes: 10)).Answers());
        var reason = leader.Propose(Samples.Proposal(1, bytes: 11)).Answer<Outcome.Rejected>().Reason;
        Assert.Contains("11 bytes, and MaxCommandBytes is 10", reason);
    }

    [Fact]
    public void Proposals_that_are_held_during_a_hand_over()
    {
        var leader = Asking.Settled(settings: With(new() { MaxPendingProposals = 2 })).TransferTo(S2).State;
        leader = leader.Receive(S3, new Forward(T(4), Seq1(Asking.InSession(1)))).State;

        var two = leader.Receive(S3, new Forward(T(4), Seq(Asking.InSession(2), Asking.InSession(3))));
        leader = two.State;

        Assert.Equal(new ForwardReply(T(4), Asking.InSession(3).Request, Busy("MaxPendingProposals", 2)), two.Reply());
        Assert.Equal(Busy("MaxPendingProposals", 2), leader.Propose(Samples.Proposal(3)).Answer<Outcome.Busy>());
        Assert.Equal(
            new ForwardReply(T(4), Asking.InSession(3).Request, Busy("MaxPendingProposals", 2)),
            leader.Receive(S3, new Forward(T(4), Seq1(Asking.InSession(3)))).Reply());
    }

    [Fact]
    public void Their_bytes_too_and_those_of_each()
    {
        var size = new Entry(At(4, 2), Samples.Proposal(1, bytes: 50).Payload).Size;
        var limits = new Limits { MaxBacklogBytes = 2 * size - 1, MaxCommandBytes = 50 };
        var leader = Asking.Settled(settings: With(limits)).TransferTo(S2).State;

        var four = leader.Propose([.. Enumerable.Range(1, 4).Select(number => Samples.Proposal((ulong)number, bytes: 50))]);

        Assert.Equal(2, four.State.Office().Office.Transfer.Map(transfer => transfer.Held.Count));
        Assert.Equal(
            [(Samples.Request(3), Busy("MaxBacklogBytes", 2 * size - 1)), (Samples.Request(4), Busy("MaxBacklogBytes", 2 * size - 1))],
            four.Answers());
        Assert.Contains("MaxCommandBytes is 50", leader.Propose(Samples.Proposal(1, bytes: 51)).Answer<Outcome.Rejected>().Reason);
    }

    [Fact]
    public void Bytes_that_are_held_count_for_those_that_come_later_and_as_many_as_the_limit_are_not_over_it()
    {
        var size = new Entry(At(4, 2), Samples.Proposal(1, bytes: 50).Payload).Size;
        var leader = Asking.Settled(settings: With(new() { MaxBacklogBytes = size })).TransferTo(S2).State;

        var first  = leader.Propose(Samples.Proposal(1, bytes: 50));
        var second = first.State.Propose(Samples.Proposal(2, bytes: 50));
        var third  = second.State.Propose(Samples.Proposal(3));

        Assert.Empty(first.Answers().Concat(second.Answers()));
        Assert.Equal(Busy("MaxBacklogBytes", size), third.Answer<Outcome.Busy>());
    }

    [Fact]
    public void Proposals_that_a_follower_has_forwarded()
    {
        var follower = Given.FollowerOf(S2) with { Settings = With(new() { MaxPendingProposals = 2 }) };
        follower = follower.Propose(Asking.InSession(1)).State;

        var two = follower.Propose(Asking.InSession(2), Asking.InSession(4));
        follower = two.State;
        Assert.Equal((Asking.InSession(4).Request, Busy("MaxPendingProposals", 2)), Assert.Single(two.Answers()));
        Assert.Equal(Seq1(Asking.InSession(2)), two.To<Forward>(S2).Proposals);

        var third = follower.Propose(Asking.InSession(3));
        var room = follower.Receive(S2, new ForwardReply(T(3), Asking.InSession(1).Request, new Outcome.Unknown())).State;

        Assert.Equal(Busy("MaxPendingProposals", 2), third.Answer<Outcome.Busy>());
        Assert.Empty(third.Sends());
        Assert.Empty(room.Propose(Asking.InSession(3)).Answers());
    }

    [Fact]
    public void Reads_that_wait_at_a_leader()
    {
        var leader = Asking.Settled(settings: With(new() { MaxPendingReads = 2 })).Read(1).State;
        leader = leader.Receive(S3, new ReadIndex(T(4), R(7))).State;

        Assert.Equal(Busy("MaxPendingReads", 2), leader.Read(2).Answer<Outcome.Busy>());
        Assert.Equal(new ReadIndexReply(T(4), R(8), None), leader.Receive(S3, new ReadIndex(T(4), R(8))).Reply());
        Assert.Empty(leader.Receive(S2, Speak.Matches(leader)).State.Read(2).Answers());
    }

    [Fact]
    public void Reads_that_wait_for_the_first_commit_of_a_term()
    {
        var leader = Given.Leader() with { Settings = With(new() { MaxPendingReads = 2 }) };

        Assert.Equal(
            [Samples.Request(3), Samples.Request(4)], leader.Read(1, 2).State.Read(3, 4).Answers().Select(answer => answer.Request));
    }

    [Fact]
    public void Reads_that_wait_at_a_follower_asked_or_not_or_answered()
    {
        var follower = Given.FollowerOf(S2) with { Settings = With(new() { MaxPendingReads = 3 }) };
        follower = follower.Read(1).State;
        follower = follower.Receive(S2, new ReadIndexReply(T(3), follower.Question(), Place(4))).State.Read(2).State.Read(3).State;

        Assert.Equal(Busy("MaxPendingReads", 3), follower.Read(4).Answer<Outcome.Busy>());
    }

    [Fact]
    public void Of_reads_that_come_together_only_those_over_the_limit_are_refused()
    {
        var leader = Asking.Settled(settings: With(new() { MaxPendingReads = 3 })).Read(1).State;
        var follower = (Given.FollowerOf(S2) with { Settings = With(new() { MaxPendingReads = 3 }) }).Read(1).State;

        foreach (var after in new[] { leader.Read(2, 3, 4, 5), follower.Read(2, 3, 4, 5) })
            Assert.Equal(
                [(Samples.Request(4), Busy("MaxPendingReads", 3)), (Samples.Request(5), Busy("MaxPendingReads", 3))], after.Answers());

        var led = leader.Read(2, 3, 4, 5).State.Receive(S2, Speak.Matches(leader));
        Assert.Equal([2ul, 3ul], led.State.Receive(S2, Speak.Matches(led.State)).MayRead());
        var asked = follower.Read(2, 3, 4, 5).State;
        var next = asked.Receive(S2, new ReadIndexReply(T(3), asked.Question(), LogIndex.Zero)).State;
        Assert.Equal([2ul, 3ul], next.Receive(S2, new ReadIndexReply(T(3), next.Question(), LogIndex.Zero)).MayRead());
    }

    [Fact]
    public void A_follower_whose_state_machine_does_not_keep_up_takes_no_more_entries_until_it_does()
    {
        var follower = Given.FollowerOf(S2) with { Settings = With(new() { MaxBacklogBytes = 10 * Logs.Entry(3, 1).Size }) };
        var largest = 0L;
        for (var index = 0ul; index < 1_000; index += 2)
        {
            var append = Speak.Append(3, follower.LastLog, [3, 3], commit: follower.LastLog.Index.Value + 2);
            follower = follower.Receive(S2, append).State;
            largest = Math.Max(largest, follower.Backlog);
        }

        Assert.InRange(largest, 1, 12 * Logs.Entry(3, 1).Size);
        var full = follower.Receive(S2, Speak.Append(3, follower.LastLog, [3]));
        Assert.Equal(new AppendResult.Full(follower.LastLog.Index), full.Reply<AppendEntriesReply>().Result);
        var room = full.State.Applied(6).State.Receive(S2, Speak.Append(3, follower.LastLog, [3]));
        Assert.Equal(new AppendResult.Success(follower.LastLog.Index.Next), room.Reply<AppendEntriesReply>().Result);
    }

    /// <summary>Three hours, a command each five seconds, and S3 says nothing.</summary>
    [Fact]
    public void A_follower_that_is_down_for_hours_costs_a_leader_no_memory_and_a_message_a_heartbeat()
    {
        var slow = Given.Settings with
        {
            ElectionTimeoutMin = TimeSpan.FromSeconds(15),
            ElectionTimeoutMax = TimeSpan.FromSeconds(30),
            HeartbeatInterval = TimeSpan.FromSeconds(5),
            Snapshots = new() { Entries = 20, Trailing = 5 },
            Limits = new() { MaxInflightAppends = 3 },
        };
        var leader = Asking.Settled().Follows(S3) with { Settings = slow };
        var since = leader.Now;

        for (var number = 1ul; leader.Now - since < TimeSpan.FromHours(3); number++)
        {
            leader = leader.Propose(Samples.Proposal(number)).State.Persisted().State.Follows(S2).Applied().State;
            if (leader.Compaction.Taking.Case is LogPosition last)
                leader = leader.Snapshotted(new(last, leader.Configuration, Size: 1 << 20)).State;

            var beat = leader.TickAt(Instant.Min(leader.NextDeadline, leader.StepsDownAt()));
            leader = beat.State.Follows(S2);
            Assert.True(beat.Sends().Count(send => send.To == S3) <= 1, $"at {leader.Now}");
            Assert.True(leader.Log.After(leader.Log.Base.Index).Count <= 4 * 20 + 5 + 2, $"at {leader.Now}");
            Assert.True(leader.Office().Rounds.Count <= 7, $"at {leader.Now}");
        }

        var away = Assert.IsType<Progress.Install>(leader.Of(S3));
        Assert.True(away.SentTo - away.Received <= 8 * (64 << 10));
        Assert.True(leader.CommitIndex > Place(2_000));
    }

    private static Outcome.Busy Busy(string limit, int value) => new($"{limit} is {value}");
}
