using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>What has happened does not happen again, and whom it does not concern hears nothing of it.</summary>
public class OnceTests
{
    [Fact]
    public void What_is_committed_is_not_committed_again_when_another_has_it_too()
    {
        var leader = Given.InOffice().Propose(8).State.Persisted().State;

        var second = leader.Receive(S2, Speak.Matches(leader));
        var third  = second.State.Receive(S3, Speak.Matches(leader));

        Assert.Equal(new(Place(2)), second.Why<Reason.CommitAdvanced>());
        Assert.DoesNotContain(third.Reasons, reason => reason is Reason.CommitAdvanced);
    }

    [Fact]
    public void Reads_that_a_later_round_has_let_through_are_not_let_through_by_the_next()
    {
        var beat = Asking.Settled().Read(1).State.TickAfter(50).State;
        var read = beat.Receive(S2, Speak.Matches(beat));
        var next = read.State.TickAfter(50).State;

        Assert.Equal([1ul], read.MayRead());
        Assert.Empty(next.Receive(S2, Speak.Matches(next)).MayRead());
    }

    [Fact]
    public void A_candidate_that_everybody_has_answered_asks_nobody_again()
    {
        var refused = Given.Candidate(term: 4).Receive(S2, Speak.NoVote(4)).State.Receive(S3, Speak.NoVote(4)).State;

        var later = refused.TickAfter(60);

        Assert.IsType<Role.Candidate>(later.State.Role);
        Assert.Empty(later.Sends());
        Assert.DoesNotContain(later.Reasons, reason => reason is Reason.AskedAgain);
    }

    [Fact]
    public void A_leader_that_refuses_no_proposal_does_not_say_so() =>
        Assert.DoesNotContain(Given.InOffice().Propose(8).Reasons, reason => reason is Reason.ProposalsRefused);

    [Fact]
    public void Where_nothing_may_be_passed_on_no_empty_message_is() =>
        Assert.Empty(Given.FollowerOf(S2).Propose(Samples.Proposal(1)).Sends());

    [Fact]
    public void Only_who_is_new_is_greeted_when_a_newcomer_comes()
    {
        var leader = Asking.Settled();                                              // nothing was heard of S3 yet

        var greeting = leader.Reconfigure(new MembershipChange.AddLearner(S4));

        Assert.IsType<Progress.Probe>(leader.Of(S3));
        Assert.Equal([S2, S4], greeting.Asked<AppendEntries>().Order());
    }

    [Fact]
    public void A_follower_that_is_refused_is_not_spoken_to()
    {
        var leader = Given.InOffice().Propose(8).State.Persisted().State.Follows(S2).Follows(S3);
        for (var i = 0; leader.Sees(S3) is not Progress.Refused && i < 3; i++)      // it has lost what it had
            leader = leader.Receive(S3, Speak.Lacks(leader, LogPosition.Zero)).State.TickAtDeadline().State;

        Assert.IsType<Progress.Refused>(leader.Sees(S3));
        Assert.Equal([S2], leader.TickAtDeadline().Sends().Select(send => send.To));
    }

    [Fact]
    public void A_follower_hears_at_once_of_a_commit_that_its_clients_wait_for_and_of_no_later_one()
    {
        var leader  = Asking.Settled().Follows(S3).Receive(S2, new Forward(T(4), Seq1(Asking.InSession(1)))).State;
        var waiting = leader.Persisted().State.Follows(S3).Receive(S2, Speak.Matches(leader));
        var later   = waiting.State.Follows(S2).Propose(8).State.Persisted().State.Follows(S3);

        Assert.Equal(Place(2), Assert.Single(waiting.Appends(S2)).LeaderCommit);
        Assert.Equal(Place(3), later.CommitIndex);
        Assert.Empty(later.Receive(S2, Speak.Matches(later)).Appends(S2));
    }
}
