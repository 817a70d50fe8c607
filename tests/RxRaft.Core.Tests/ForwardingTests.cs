using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§6.2: a follower passes on to the leader what its clients propose.</summary>
public class ForwardingTests
{
    private static readonly Proposal First = Asking.InSession(1);
    private static readonly Proposal Second = Asking.InSession(2);

    [Fact]
    public void A_follower_forwards_proposals_to_its_leader_in_one_message()
    {
        var register = new Proposal(new Payload.Register(Samples.Request(9), MaxSessions: 4));

        var after = Given.FollowerOf(S2).Propose(First, Second, register);

        Assert.Equal(S2, Assert.Single(after.Sends()).To);
        Assert.Equal(Seq(First, Second, register), after.Reply<Forward>().Proposals);
        Assert.Empty(after.Answers());
    }

    /// <summary>A learner that is cut off, or was removed, is never spoken to again.</summary>
    [Fact]
    public void A_learner_whose_leader_falls_silent_tells_its_clients_too()
    {
        var learner = Given.FollowerOf(S2, cluster: S1Learns).Propose(First).State.Read(1).State;
        learner = learner.Receive(S2, new ReadIndexReply(T(3), learner.Question(), Place(7))).State.Read(2).State;

        var silent = learner.TickAtDeadline();

        Assert.Equal(
            [
                (First.Request, new Outcome.Unknown()),
                (Samples.Request(2), new Outcome.NotLeader(None)),
                (Samples.Request(1), new Outcome.NotLeader(None)),
            ],
            silent.Answers());
        Assert.Equal(new Outcome.NotLeader(None), silent.State.Propose(Second).Answer<Outcome.NotLeader>());
        Assert.Equal(S2, silent.State.Receive(S2, Speak.Heartbeat(3, learner.LastLog)).State.LeaderId);
    }

    [Fact]
    public void If_forwarding_is_off_the_client_is_told_who_leads()
    {
        var follower = Given.FollowerOf(S2) with { Settings = Given.Settings with { ForwardProposals = false } };

        var after = follower.Propose(First);

        Assert.Equal(Some(S2), after.Answer<Outcome.NotLeader>().Leader);
        Assert.Empty(after.Sends());
    }

    [Fact]
    public void A_command_without_a_session_is_not_forwarded_since_it_might_be_applied_twice()
    {
        var after = Given.FollowerOf(S2).Propose(First, Samples.Proposal(1));

        Assert.Equal(Seq1(First), after.Reply<Forward>().Proposals);
        Assert.Equal((Samples.Request(1), new Outcome.NotLeader(S2)), Assert.Single(after.Answers()));
    }

    [Fact]
    public void The_leader_appends_what_is_forwarded_and_tells_the_follower_only_what_it_refuses()
    {
        var leader = Asking.Settled(settings: Given.Settings with { Limits = new() { MaxCommandBytes = 1 } });

        var after = leader.Receive(S3, new Forward(T(4), Seq(First, Asking.InSession(2, bytes: 2))));

        Assert.Equal(First.Payload, after.State.Log[after.State.LastLog.Index].Payload);
        Assert.Equal(Second.Request, after.To<ForwardReply>(S3).Request);
        Assert.IsType<Outcome.Rejected>(after.To<ForwardReply>(S3).Outcome);
        Assert.Empty(after.Answers());
    }

    /// <summary>Of others it hears with the next heartbeat; but for these its clients wait.</summary>
    [Fact]
    public void It_hears_at_once_that_what_it_forwarded_is_committed_also_if_the_last_append_could_not_say_so()
    {
        var leader  = Asking.Settled().Receive(S2, new Forward(T(4), Seq1(Asking.InSession(1)))).State;
        var written = leader.Receive(S2, Speak.Matches(leader)).State;                      // but not here yet
        var beaten  = written.TickAtDeadline().State;

        Assert.All([written, beaten], state =>
            Assert.Equal(Place(2), state.Persisted().To<AppendEntries>(S2).LeaderCommit));
    }

    [Fact]
    public void Who_does_not_lead_refuses_and_names_the_leader_it_knows()
    {
        Assert.All(Given.EveryRole().Where(state => state.Role is not Role.Leader), state => Assert.Equal(
            new ForwardReply(state.CurrentTerm, First.Request, new Outcome.NotLeader(state.LeaderId)),
            state.Receive(S4, new Forward(state.CurrentTerm, Seq1(First))).Reply()));
        Assert.Equal(
            new ForwardReply(T(3), First.Request, new Outcome.NotLeader(S2)),
            Given.FollowerOf(S2).Receive(S4, new Forward(T(2), Seq1(First))).Reply());
    }

    [Fact]
    public void A_refusal_is_told_to_the_client_once()
    {
        var follower = Given.FollowerOf(S2).Propose(First, Second).State;
        var refused = new ForwardReply(T(3), First.Request, new Outcome.Rejected("MaxCommandBytes is 1"));

        var told = follower.Receive(S2, refused);

        Assert.Equal((First.Request, refused.Outcome), Assert.Single(told.Answers()));
        told.State.Receive(S2, refused).IsIgnored(told.State, IgnoreCause.NotAsking);
    }

    /// <summary>§6.3: what comes twice may be taken once and refused once, in either order.</summary>
    [Fact]
    public void If_the_leader_was_busy_nobody_knows_whether_it_takes_another_copy()
    {
        var forward = new Forward(T(4), Seq1(First));
        var leader = Asking.Settled(settings: Given.Settings with { Limits = new() { MaxPendingProposals = 1 } });
        var taken = leader.Receive(S3, forward).State;
        var full = leader.Propose(Samples.Proposal(1)).State;

        var afterwards = taken.Receive(S3, forward);
        var before = full.Receive(S3, forward);
        var room = before.State.Persisted().State.Follows(S2).Applied().State.Receive(S3, forward).State;

        foreach (var (refusal, log) in new[] { (afterwards, afterwards.State.Log), (before, room.Log) })
        {
            Assert.IsType<Outcome.Busy>(refusal.To<ForwardReply>(S3).Outcome);
            Assert.Equal(First.Payload, log[log.LastIndex].Payload);
            Assert.Equal(new Outcome.Unknown(), Told(refusal));
        }
    }

    [Fact]
    public void If_the_leader_leads_no_more_nobody_knows_whether_it_has_taken_another_copy()
    {
        var forward = new Forward(T(4), Seq1(First));
        var taken = Asking.Settled().Receive(S3, forward).State;

        var silent = taken.TickAt(taken.StepsDownAt()).State.Receive(S3, forward);

        Assert.IsType<Outcome.NotLeader>(silent.To<ForwardReply>(S3).Outcome);
        Assert.Equal(First.Payload, silent.State.Log[silent.State.LastLog.Index].Payload);
        Assert.Equal(new Outcome.Unknown(), Told(silent));
    }

    [Fact]
    public void What_is_applied_here_is_answered_by_the_state_machine_and_forgotten()
    {
        var follower = Given.FollowerOf(S2).Propose(First, Second).State;
        var entries = Seq(new Entry(At(3, 1), First.Payload), new Entry(At(3, 2), Second.Payload));

        var after = follower.Receive(S2, new AppendEntries(T(3), R(2), LogPosition.Zero, entries, Place(1)));
        var deposed = after.State.Receive(S3, Speak.Heartbeat(4));

        Assert.Empty(after.Answers());
        Assert.Equal((Second.Request, new Outcome.Unknown()), Assert.Single(deposed.Answers()));
    }

    [Fact]
    public void What_is_not_heard_of_for_an_election_timeout_has_an_unknown_outcome()
    {
        var follower = Given.FollowerOf(S2).Propose(First).State;

        var patient = follower.Receive(S2, Speak.Heartbeat(3), afterMs: 299);
        var late = patient.State.Receive(S2, Speak.Heartbeat(3));

        Assert.Empty(patient.Answers());
        Assert.Equal((First.Request, new Outcome.Unknown()), Assert.Single(late.Answers()));
        Assert.Empty(late.State.Receive(S2, Speak.Heartbeat(3), afterMs: 299).Answers());
    }

    [Fact]
    public void When_the_leader_changes_or_falls_silent_their_outcome_is_unknown()
    {
        var follower = Given.FollowerOf(S2).Propose(First, Second).State;

        foreach (var after in new[]
            { follower.Receive(S3, Speak.Heartbeat(4)), follower.TickAtDeadline(), follower.Receive(S3, Speak.AskVote(4), afterMs: 160) })
        {
            Assert.Equal([(First.Request, new Outcome.Unknown()), (Second.Request, new Outcome.Unknown())], after.Answers());
            Assert.Equal(Relayed.Nothing, after.State.Relayed);
        }
    }

    [Fact]
    public void What_comes_twice_or_is_tried_again_elsewhere_is_applied_once()
    {
        var company = new Company(Given.Settings, S1, S2, S3);
        var leader = company.Elect();
        var followers = new[] { S1, S2, S3 }.Where(node => node != leader).ToArray();
        company.Happen(leader, new Input.Propose(Seq1(new Proposal(new Payload.Register(Samples.Request(1), MaxSessions: 4)))));
        var session = company.Replica(leader).Sessions.ById.Keys.Single();
        var command = Seq1(new Proposal(Diary.Write(session, 1, "a")));

        company.Happen(followers[0], new Input.Propose(command));
        var forward = company.Sent.Last(sent => sent.Message is Forward);
        company.Happen(leader, new Input.Receive(forward.From, forward.Message));
        company.Happen(followers[1], new Input.Propose(command));
        company.Happen(leader, new Input.Propose(command));
        company.Run(100);

        Assert.Equal(4, company[leader].Log.After(LogIndex.Zero).Count(entry => entry.Payload.Equals(command[0].Payload)));
        Assert.All(followers, node => Assert.Equal("a", company.Replica(node).State));
    }

    /// <summary>What the client of the follower hears that forwarded the first proposal and gets this answer.</summary>
    private static Outcome Told(Transition answer) =>
        Assert.Single(Given.FollowerOf(S2, term: 4).Propose(First).State.Receive(S2, answer.To<ForwardReply>(S3)).Answers()).Outcome;
}
