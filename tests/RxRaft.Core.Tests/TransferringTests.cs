using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§3.10: a leader hands over to a node of the operator's choice.</summary>
public class TransferringTests
{
    [Fact]
    public void A_target_that_has_the_whole_log_is_told_at_once()
    {
        var leader = Asking.Settled();

        var told = leader.TransferTo(S2);

        Assert.Equal(new TimeoutNow(T(4), told.State.Office().Office.Told), told.To<TimeoutNow>(S2));
        Assert.Empty(told.Answers());
    }

    [Fact]
    public void A_target_that_is_behind_catches_up_first()
    {
        var leader = Asking.Settled(log: Logs.Of(1, 2, 3));

        var begun = leader.TransferTo(S3);
        var asked = begun.State.Receive(S3, Speak.Lacks(leader, LogPosition.Zero));
        var flows = asked.State.Receive(S3, Speak.Matches(asked.State, through: 0));
        var whole = flows.State.Receive(S3, Speak.Matches(flows.State));

        Assert.Equal(new(S1, S3), begun.Why<Reason.TransferBegun>());
        Assert.DoesNotContain(begun.Sends().Concat(asked.Sends()).Concat(flows.Sends()), send => send.Message is TimeoutNow);
        Assert.Equal(whole.State.Office().Office.Told, whole.To<TimeoutNow>(S3).Round);
    }

    [Fact]
    public void Proposals_are_held_meanwhile_and_refused_when_the_target_takes_over()
    {
        var leader = Asking.Settled().TransferTo(S2).State;

        var held = leader.Propose(Samples.Proposal(1));
        var forwarded = held.State.Receive(S3, new Forward(T(4), Seq1(Asking.InSession(2))));
        var after = forwarded.State.Receive(S2, Speak.Append(5, leader.LastLog, [5]));

        Assert.Empty(held.Effects.Concat(forwarded.Effects));
        Assert.Equal(leader.LastLog, forwarded.State.LastLog);
        Assert.Equal(
            [(Samples.Request(80), new Outcome.Done()), (Samples.Request(1), new Outcome.NotLeader(S2))], after.Answers());
        Assert.Equal(new ForwardReply(T(5), Asking.InSession(2).Request, new Outcome.NotLeader(S2)), after.To<ForwardReply>(S3));
    }

    [Fact]
    public void It_is_given_up_after_an_election_timeout_and_what_was_held_is_appended()
    {
        var leader = Asking.Settled().TransferTo(S2).State;
        var deadline = leader.Now + Ms(300);
        leader = leader.Propose(Samples.Proposal(1)).State.Receive(S3, new Forward(T(4), Seq1(Asking.InSession(2)))).State;

        var step = leader.TickAtDeadline();
        for (; step.State.Now < deadline; step = step.State.Follows(S3).TickAtDeadline())
        {
            Assert.Empty(step.Answers());
            Assert.Equal(leader.LastLog, step.State.LastLog);
        }

        step.Answer<Outcome.Unknown>();                                 // it was told, and may still stand
        Assert.InRange(step.State.Now - deadline, TimeSpan.Zero, Ms(50));
        Assert.Equal(
            [Samples.Proposal(1).Payload, Asking.InSession(2).Payload],
            step.State.Log.After(leader.LastLog.Index).Map(entry => entry.Payload).ToArray());
        Assert.True(step.State.Office().Office.Transfer.IsNone);
    }

    [Fact]
    public void It_is_given_up_in_the_moment_in_which_the_election_timeout_ends()
    {
        var leader = Asking.Settled().Follows(S3).TransferTo(S2).State;
        var deadline = leader.Now + Ms(300);

        var before = leader.TickAt(deadline + Ms(-100)).State.Follows(S3);
        var after  = before.TickAt(deadline);

        Assert.True(before.Office().Office.Transfer.IsSome);
        Assert.True(after.State.Office().Office.Transfer.IsNone);
        after.Answer<Outcome.Unknown>();
    }

    [Fact]
    public void A_target_that_has_not_caught_up_was_not_told_so_that_nothing_has_happened()
    {
        var leader = Asking.Settled().Propose(Samples.Proposal(1)).State.TransferTo(S2).State;

        var step = leader.TickAtDeadline();
        while (step.Answers() is []) step = step.State.Follows(S3).TickAtDeadline();

        Assert.Equal("S2 has not caught up within 300.0 ms", step.Answer<Outcome.Rejected>().Reason);
    }

    [Fact]
    public void What_was_held_is_one_append_and_one_write()
    {
        var leader = Asking.Settled().Follows(S3).TransferTo(S2).State;
        leader = leader.Propose(Samples.Proposal(1)).State.Receive(S3, new Forward(T(4), Seq1(Asking.InSession(2)))).State;
        leader = leader.Propose(Samples.Proposal(3)).State;

        var step = leader.TickAtDeadline();
        while (step.State.Office().Office.Transfer.IsSome) step = step.State.Follows(S3).TickAtDeadline();

        var places = new[] { At(4, 2), At(4, 3), At(4, 4) };
        Assert.All([S2, S3], follower => Assert.Equal(
            places,
            Assert.Single(step.Appends(follower), append => !append.Entries.IsEmpty).Entries.Map(entry => entry.Position).ToArray()));
        Assert.Equal(places, step.Persist()!.Entries.Map(entry => entry.Position).ToArray());
    }

    [Fact]
    public void The_message_is_repeated_with_each_heartbeat_since_it_may_be_lost()
    {
        var leader = Asking.Settled().TransferTo(S2).State;

        var beat = leader.TickAfter(50);

        Assert.Equal(beat.State.Office().Office.Told, beat.To<TimeoutNow>(S2).Round);
        Assert.True(beat.To<TimeoutNow>(S2).Round > leader.Office().Office.Told);
    }

    [Fact]
    public void The_target_stands_at_once_without_a_pre_election_and_says_why()
    {
        var follower = Given.FollowerOf(S2);

        var after = follower.Receive(S2, new TimeoutNow(T(3), R(2)));

        Assert.Equal([S2, S3], after.Asked<RequestVote>());
        Assert.Equal(Some(R(2)), after.To<RequestVote>(S3).Transfer);
        Assert.Equal(T(4), after.State.CurrentTerm);
        Assert.Empty(after.Asked<PreVote>());
    }

    [Fact]
    public void Who_hears_a_living_leader_votes_all_the_same_for_whom_it_has_told_to_stand()
    {
        var follower = Given.FollowerOf(S2);
        var request = Speak.AskVote(4, At(3, 9));

        Assert.True(follower.Receive(S3, request with { Transfer = R(9) }).Reply<RequestVoteReply>().VoteGranted);
        Assert.Empty(follower.Receive(S3, request).Effects);
        var leader = Asking.Settled().Receive(S3, Speak.AskVote(5, At(4, 9)) with { Transfer = R(1_000) });
        Assert.True(leader.Reply<RequestVoteReply>().VoteGranted);
    }

    [Fact]
    public void Only_the_leader_that_it_follows_can_tell_a_voter_to_stand()
    {
        var follower = Given.FollowerOf(S2);
        var learner = Given.FollowerOf(S2, cluster: S1Learns);
        var unsure = Given.Follower();

        follower.Receive(S3, new TimeoutNow(T(3), R(9))).IsIgnored(follower, IgnoreCause.EarlierRound);
        learner.Receive(S2, new TimeoutNow(T(3), R(9))).IsIgnored(learner, IgnoreCause.EarlierRound);
        unsure.Receive(S2, new TimeoutNow(T(3), R(9))).IsIgnored(unsure, IgnoreCause.EarlierRound);
        follower.Receive(S2, new TimeoutNow(T(2), R(9))).IsIgnored(follower, IgnoreCause.EarlierTerm);
    }

    [Fact]
    public void Who_cannot_lead_is_refused_and_who_leads_already_is_done()
    {
        var leader = Asking.Settled(cluster: WithLearners(3, S4));

        Assert.Contains("S4 is no voter", leader.TransferTo(S4).Answer<Outcome.Rejected>().Reason);
        Assert.Contains("S9 is no voter", leader.TransferTo(S9).Answer<Outcome.Rejected>().Reason);
        Assert.IsType<Outcome.Done>(leader.TransferTo(S1).Answer<Outcome.Done>());
        Assert.Contains("handed over to S2", leader.TransferTo(S2).State.TransferTo(S3, request: 81).Answer<Outcome.Rejected>().Reason);
    }

    [Fact]
    public void If_it_is_somebody_else_who_leads_next_the_outcome_is_unknown()
    {
        var leader = Asking.Settled().TransferTo(S2).State;

        Assert.IsType<Outcome.Unknown>(leader.Receive(S3, Speak.Heartbeat(5)).Answer<Outcome.Unknown>());
    }

    [Fact]
    public void It_is_done_when_the_target_leads_and_not_when_it_has_the_old_leaders_vote()
    {
        var leader = Asking.Settled(cluster: ClusterOf(5)).TransferTo(S2);

        var votes = leader.State.Receive(S2, Speak.AskVote(5, At(9, 9)) with { Transfer = leader.To<TimeoutNow>(S2).Round });
        var follows = votes.State.Receive(S2, Speak.Heartbeat(5));

        Assert.True(votes.Reply<RequestVoteReply>().VoteGranted);
        Assert.Empty(votes.Answers());
        Assert.Equal((Samples.Request(80), new Outcome.Done()), Assert.Single(follows.Answers()));
        Assert.Empty(follows.State.Receive(S2, Speak.Heartbeat(5, round: 2)).Answers());
    }

    [Fact]
    public void If_the_target_has_that_vote_and_is_not_heard_to_lead_the_outcome_is_unknown()
    {
        var leader = Asking.Settled(cluster: ClusterOf(5)).TransferTo(S2);
        var votes = leader.State.Receive(S2, Speak.AskVote(5, At(9, 9)) with { Transfer = leader.To<TimeoutNow>(S2).Round }).State;

        var silence = votes.TickAtDeadline();
        var another = votes.Receive(S3, Speak.Heartbeat(6));

        Assert.Equal((Samples.Request(80), new Outcome.Unknown()), Assert.Single(silence.Answers()));
        Assert.Empty(silence.State.TickAtDeadline().Answers());
        Assert.Equal((Samples.Request(80), new Outcome.Unknown()), Assert.Single(another.Answers()));
    }

    [Fact]
    public void If_the_target_was_told_and_the_leader_ends_for_another_reason_the_outcome_is_unknown_at_once()
    {
        var leader = Asking.Settled().TransferTo(S2).State;

        leader.TickAt(leader.StepsDownAt()).Answer<Outcome.Unknown>();
        leader.Receive(S3, Speak.NoVote(5)).Answer<Outcome.Unknown>();
    }

    /// <summary>Another leader, of a term in between, has told it.</summary>
    [Fact]
    public void If_the_target_was_not_told_and_stands_all_the_same_the_outcome_is_unknown_at_once()
    {
        var leader = Asking.Settled().Propose(Samples.Proposal(1)).State.TransferTo(S2).State;

        var votes = leader.Receive(S2, Speak.AskVote(6, At(9, 9)) with { Transfer = R(7) });

        Assert.True(votes.Reply<RequestVoteReply>().VoteGranted);
        Assert.Contains((Samples.Request(80), new Outcome.Unknown()), votes.Answers());
    }

    [Fact]
    public void A_whole_cluster_hands_over_within_a_round_trip_and_in_one_term()
    {
        var company = new Company(Given.Settings, S1, S2, S3);
        var leader = company.Elect();
        var (target, term) = (leader == S1 ? S2 : S1, company[leader].CurrentTerm);
        company.Write(3);

        company.Happen(leader, new Input.TransferTo(Samples.Request(80), target));

        Assert.Equal((target, term.Next), (company.Leader, company[target].CurrentTerm));
        Assert.Equal((leader, Samples.Request(80), new Outcome.Done()), Assert.Single(company.Told));
        Assert.Equal(At(term.Next.Value, 5), company[target].LastLog);
    }
}
