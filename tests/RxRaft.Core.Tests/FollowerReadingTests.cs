using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§6.4: reads at a follower, which asks the leader what they must see.</summary>
public class FollowerReadingTests
{
    private static readonly NodeState Follower =
        Given.FollowerOf(S2, log: Logs.Of(1, 1, 1, 1)).Receive(S2, Speak.Heartbeat(3, At(1, 4), commit: 2)).State;

    [Fact]
    public void A_follower_reads_once_it_has_committed_what_the_leader_had()
    {
        var asked = Follower.Read(1);
        var question = asked.Reply<ReadIndex>();

        var told = asked.State.Receive(S2, new ReadIndexReply(T(3), question.Round, Place(4)));
        var three = told.State.Receive(S2, Speak.Heartbeat(3, At(1, 4), commit: 3));
        var four = three.State.Receive(S2, Speak.Heartbeat(3, At(1, 4), commit: 4));

        Assert.Equal(S2, Assert.Single(asked.Sends()).To);
        Assert.Empty(told.Effects);
        Assert.Empty(three.MayRead());
        Assert.Equal([1ul], four.MayRead());
    }

    [Fact]
    public void Reads_whose_place_is_committed_do_not_wait_for_those_of_a_later_place_nor_take_them_along()
    {
        var first  = Follower.Read(1).State;
        var second = first.Receive(S2, new ReadIndexReply(T(3), first.Question(), Place(4))).State.Read(2).State;
        var both   = second.Receive(S2, new ReadIndexReply(T(3), second.Question(), Place(3))).State;

        var three = both.Receive(S2, Speak.Heartbeat(3, At(1, 4), commit: 3));
        var four  = three.State.Receive(S2, Speak.Heartbeat(3, At(1, 4), commit: 4));

        Assert.Equal([2ul], three.MayRead());
        Assert.Equal([1ul], four.MayRead());
    }

    [Fact]
    public void If_it_has_committed_that_already_it_reads_at_once()
    {
        var asked = Follower.Read(1, 2);

        Assert.Equal([1ul, 2ul], asked.State.Receive(S2, new ReadIndexReply(T(3), asked.State.Question(), Place(2))).MayRead());
    }

    [Fact]
    public void The_leader_answers_a_follower_when_a_quorum_has_answered_a_later_round()
    {
        var leader = Asking.Settled(log: Logs.Of(1, 2));

        var asked = leader.Receive(S3, new ReadIndex(T(4), R(7)));
        var more = asked.State.Propose(Samples.Proposal(1)).State.Persisted().State;
        var answered = more.Receive(S2, Speak.Matches(more));

        Assert.DoesNotContain(asked.Sends(), send => send.Message is ReadIndexReply);
        Assert.Equal(Place(4), answered.State.CommitIndex);
        Assert.Equal(new ReadIndexReply(T(4), R(7), Place(3)), answered.To<ReadIndexReply>(S3));   // committed when it asked
        Assert.DoesNotContain(answered.Effects, effect => effect is Effect.Read);                  // nobody reads here
    }

    [Fact]
    public void Reads_that_come_while_a_question_is_under_way_share_the_next()
    {
        var first = Follower.Read(1);
        var waiting = first.State.Read(2).State.Read(3);

        var next = waiting.State.Receive(S2, new ReadIndexReply(T(3), first.State.Question(), Place(2)));
        var last = next.State.Receive(S2, new ReadIndexReply(T(3), next.State.Question(), Place(2)));

        Assert.Empty(waiting.Effects);
        Assert.Equal([1ul], next.MayRead());
        Assert.Single(next.Sends(), send => send.Message is ReadIndex);
        Assert.Equal([2ul, 3ul], last.MayRead());
        Assert.Empty(last.Sends());
    }

    [Fact]
    public void An_answer_to_an_earlier_question_answers_no_later_one()
    {
        var first = Follower.Read(1).State;
        var reply = new ReadIndexReply(T(3), first.Question(), Place(2));
        var second = first.Receive(S2, reply).State.Read(2).State;

        second.Receive(S2, reply).IsIgnored(second, IgnoreCause.EarlierRound);
    }

    [Fact]
    public void Who_does_not_lead_or_has_too_many_cannot_say()
    {
        Assert.All(Given.EveryRole().Where(state => state.Role is not Role.Leader), state => Assert.Equal(
            new ReadIndexReply(state.CurrentTerm, R(7), None), state.Receive(S2, new ReadIndex(state.CurrentTerm, R(7))).Reply()));

        var asked = Follower.Read(1).State;
        var told = asked.Receive(S2, new ReadIndexReply(T(3), asked.Question(), None));
        Assert.Equal(Some(S2), told.Answer<Outcome.NotLeader>().Leader);
    }

    [Fact]
    public void A_question_that_is_lost_is_given_up_after_an_election_timeout_and_the_next_is_asked()
    {
        var asked = Follower.Read(1).State.Read(2).State;

        var patient = asked.Receive(S2, Speak.Heartbeat(3, At(1, 4)), afterMs: 298);
        var late = patient.State.Receive(S2, Speak.Heartbeat(3, At(1, 4)), afterMs: 1);

        Assert.Empty(patient.Answers());
        Assert.Equal((Samples.Request(1), new Outcome.NotLeader(S2)), Assert.Single(late.Answers()));
        Assert.Single(late.Sends(), send => send.Message is ReadIndex);
    }

    [Fact]
    public void When_the_leader_changes_its_readers_are_told()
    {
        var asked = Follower.Read(1).State;
        var told = asked.Receive(S2, new ReadIndexReply(T(3), asked.Question(), Place(4))).State.Read(2).State.Read(3).State;

        var after = told.Receive(S3, Speak.Heartbeat(4, At(1, 4)));
        var silent = told.TickAtDeadline();

        Assert.Equal([2ul, 3ul, 1ul], after.Answers().Select(answer => answer.Request.Sequence));
        Assert.All(after.Answers(), answer => Assert.Equal(new Outcome.NotLeader(S3), answer.Outcome));
        Assert.Equal(3, silent.Answers().Length);
        Assert.Equal(Relayed.Nothing, after.State.Relayed);
    }

    [Fact]
    public void Without_a_leader_reads_are_refused() =>
        Assert.All([Given.Follower(), Given.PreCandidate(), Given.Candidate()], state =>
            Assert.True(state.Read(1).Answer<Outcome.NotLeader>().Leader.IsNone));

    /// <summary>Another life of the follower asked, and its question is counted as ours is.</summary>
    [Fact]
    public void An_answer_to_a_question_from_before_a_restart_answers_no_later_one()
    {
        var before = Follower.Read(1).State;
        var reply = new ReadIndexReply(T(3), before.Question(), Place(2));

        var again = Raft.Boot(S1, Configuration.Nobody, Given.Settings with { Seed = 3 }, new(T(3), None, before.Log)).State;
        var asked = again.Receive(S2, Speak.Heartbeat(3, At(1, 4), commit: 2)).State.Read(2).State;

        asked.Receive(S2, reply).IsIgnored(asked, IgnoreCause.EarlierRound);
    }

    /// <summary>Its first question would have the number of the first life's: as many timeouts are drawn before it.</summary>
    [Theory]
    [InlineData(1ul, 1)]         // the leader has gone on
    [InlineData(0ul, 2)]         // it is another moment
    public void Nor_does_it_in_a_life_that_draws_from_the_same_seed(ulong rounds, double afterMs)
    {
        var before = Follower.Read(1).State;
        var reply = new ReadIndexReply(T(3), before.Question(), Place(2));

        var again = Raft.Boot(S1, Configuration.Nobody, Given.Settings, new(T(3), None, before.Log)).State;
        var heard = again.Receive(S2, Speak.Heartbeat(3, At(1, 4), round: 1 + rounds), afterMs: 151).State
            .Receive(S2, Speak.Heartbeat(3, At(1, 4), commit: 2, round: 1 + rounds), afterMs).State;
        var asked = heard.Read(2).State;

        Assert.Equal(before.Randomness, asked.Randomness);
        asked.Receive(S2, reply).IsIgnored(asked, IgnoreCause.EarlierRound);
    }
}
