using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§4.2: nodes that are new, nodes that only seem to be, and nodes that are gone.</summary>
public class NewcomersTests
{
    private static readonly Settings Close = Given.Settings with { Limits = new() { MaxPromotionLag = 2 } };

    [Fact]
    public void A_learner_is_promoted_only_when_it_is_close()
    {
        var leader = Asking.Settled(log: Logs.Of(1, 1, 1, 1, 1, 1), settings: Close).Reconfigure(new MembershipChange.Add(S4)).State;
        leader = leader.Persisted().State.Follows(S2);
        leader = leader.Receive(S4, new AppendEntriesReply(T(4), leader.Round, new AppendResult.Blank())).State;
        leader = leader.Propose(1, 1, 1).State.Persisted().State.Follows(S2);

        var far = leader.Receive(S4, Speak.Matches(leader, through: 8)).State;
        var close = leader.Receive(S4, Speak.Matches(leader, through: 9)).State;

        Assert.Equal((Place(8), Place(11)), (leader.Log.ConfiguredAt, leader.CommitIndex));
        Assert.Equal(WithLearners(3, S4), far.Configuration);
        Assert.IsType<Configuration.Joint>(close.Configuration);
    }

    [Fact]
    public void A_newcomer_that_does_not_catch_up_in_time_fails_its_change_and_blocks_no_other()
    {
        var leader = Asking.Settled().Reconfigure(new MembershipChange.Add(S4)).State.Persisted().State.Follows(S2);
        var waits = Seq<(RequestId, Outcome Outcome)>();
        var since = leader.Now;

        while (waits.IsEmpty && leader.Now - since < Ms(10_000))
        {
            var beat = leader.TickAtDeadline();
            (leader, waits) = (beat.State.Follows(S2), toSeq(beat.Answers()));
        }

        Assert.Contains("S4 did not catch up in time", Assert.IsType<Outcome.Rejected>(waits[0].Outcome).Reason);
        Assert.InRange(leader.Now - since, Ms(2_990), Ms(3_100));                   // ten election timeouts
        Assert.Equal(WithLearners(3, S4), leader.Configuration);
        Assert.Empty(leader.Reconfigure(new MembershipChange.Remove(S4)).Answers());
    }

    [Fact]
    public void A_new_learner_gets_the_log_from_its_beginning()
    {
        var leader = Asking.Settled(log: Logs.Of(1, 1, 1)).Reconfigure(new MembershipChange.AddLearner(S4));

        var after = leader.State.Receive(S4, new AppendEntriesReply(T(4), leader.State.Round, new AppendResult.Blank()));

        Assert.Equal(LogPosition.Zero, after.To<AppendEntries>(S4).PrevLog);
        Assert.Equal(5, after.To<AppendEntries>(S4).Entries.Count);
    }

    [Fact]
    public void A_node_that_was_never_in_a_cluster_says_so_and_neither_votes_nor_campaigns()
    {
        var blank = Given.Started(cluster: Configuration.Nobody).TickAt(Moment(150)).State;

        Assert.All([At(1, 4), LogPosition.Zero], prevLog => Assert.IsType<AppendResult.Blank>(
            blank.Receive(S2, Speak.Heartbeat(3, prevLog)).Reply<AppendEntriesReply>().Result));
        Assert.IsType<VoteRefusal.Blank>(blank.Receive(S2, Speak.AskVote(4, At(3, 9))).Why<Reason.VoteRefused>().Cause);
        Assert.IsType<VoteRefusal.Blank>(blank.Receive(S2, Speak.AskPreVote(4, At(3, 9))).Why<Reason.PreVoteRefused>().Cause);
        Assert.Empty(blank.TickAtDeadline().Effects);
    }

    [Fact]
    public void Who_is_no_member_once_that_is_committed_and_hears_no_leader_has_left()
    {
        var others  = Configuration.Of(2, 3);
        var leaving = Given.Follower(log: Log.Over(Snapshot.Beginning(ClusterOf(3)))
            .Append(Seq1(new Entry(At(1, 1), new Payload.Configure(others)))));

        Assert.True(Given.Follower(cluster: others).HasLeft);
        Assert.True((leaving with { CommitIndex = Place(1) }).HasLeft);
        Assert.False(leaving.HasLeft);
        Assert.All(
            [Given.Follower(), Given.Follower(cluster: S1Learns), Given.Follower(cluster: Configuration.Nobody),
                Given.FollowerOf(S2, cluster: others)],
            state => Assert.False(state.HasLeft));
    }

    [Fact]
    public void A_voter_with_a_new_disk_counts_for_nothing()
    {
        var leader = Given.Leader(term: 4).Persisted().State;

        var after = leader.Receive(S2, new AppendEntriesReply(T(4), leader.Round, new AppendResult.Blank()));

        Assert.Equal(S2, after.Why<Reason.FollowerRefused>().Follower);
        Assert.True(after.State.LeaseEnd.IsNone);
        Assert.Equal(leader.StepsDownAt(), after.State.StepsDownAt());
        Assert.Empty(after.Effects);
    }

    [Fact]
    public void A_voter_that_has_lost_what_it_had_acknowledged_is_refused_for_good()
    {
        var leader = Asking.Settled(log: Logs.Of(1, 1, 1));
        var lost = leader.TickAtDeadline().State;

        var asked = lost.Receive(S2, Speak.Lacks(lost, LogPosition.Zero)).State.TickAfter(50).State;   // perhaps only an append is lost
        var refused = asked.Receive(S2, Speak.Lacks(asked, LogPosition.Zero));

        Assert.Equal(new(S2, Place(4)), refused.Why<Reason.FollowerRefused>());
        var beat = refused.State.TickAfter(50);
        Assert.Equal([S3], beat.Asked<AppendEntries>());
        beat.State.Receive(S2, Speak.Matches(beat.State)).IsIgnored(beat.State, IgnoreCause.Refused);
    }

    [Fact]
    public void A_wiped_node_under_an_old_name_gets_nothing_until_it_is_removed_and_added_again()
    {
        var company = new Company(Given.Settings, S1, S2, S3);
        var leader = company.Elect();
        var wiped = leader == S3 ? S2 : S3;
        company.Write(3);

        company.Stop(wiped);
        company.Start(wiped, Configuration.Nobody);
        company.Write(3);
        company.Run(500);
        Assert.Equal(LogPosition.Zero, company[wiped].LastLog);

        company.Happen(leader, new Input.Reconfigure(Samples.Request(90), new MembershipChange.Remove(wiped)));
        company.Happen(leader, new Input.Reconfigure(Samples.Request(91), new MembershipChange.Add(wiped)));
        company.Run(500);
        Assert.Equal([new Outcome.Done(), new Outcome.Done()], company.Told.Select(told => told.Outcome));
        Assert.Equal(company.Replica(leader), company.Replica(wiped));
        Assert.True(company[wiped].IsVoter);
    }

    /// <summary>It never hears that it was removed, and asks again and again.</summary>
    [Fact]
    public void A_removed_node_cannot_disrupt_the_others()
    {
        var company = new Company(Given.Settings, S1, S2, S3, S4);
        var leader = company.Elect();
        var removed = leader == S4 ? S3 : S4;
        company.Happen(leader, new Input.Reconfigure(Samples.Request(90), new MembershipChange.Remove(removed)));
        var term = company[leader].CurrentTerm;

        company.Run(5_000);
        company.Write(1);

        Assert.True(company.Sent.Count(sent => sent.From == removed && sent.Message is PreVote) > 10);
        Assert.Equal((leader, term), (company.Leader, company[leader].CurrentTerm));
    }

    [Fact]
    public void Even_if_it_stands_in_a_newer_term_nobody_who_hears_a_leader_listens()
    {
        var follower = Given.FollowerOf(S3, cluster: ClusterOf(3));

        var after = follower.Receive(S9, Speak.AskVote(9, At(3, 9)));

        after.ChangesNothing(follower);
        Assert.IsType<VoteRefusal.LeaderAlive>(after.Why<Reason.VoteRefused>().Cause);

        var asked = follower.Receive(S9, Speak.AskPreVote(3, At(3, 9)));
        Assert.IsType<VoteRefusal.LeaderAlive>(asked.Why<Reason.PreVoteRefused>().Cause);
    }

    /// <summary>Its vote is needed, and who is blank does not vote.</summary>
    [Fact]
    public void A_learner_is_promoted_only_when_it_knows_the_cluster_or_nobody_could_be_elected()
    {
        var company = new Company(Given.With(new() { MaxAppendBytes = 1 }), S1);
        company.Elect();
        company.Write(5);
        company.Start(S2, Configuration.Nobody);
        company.Loses = (_, to, message) =>
            to == S2 && message is AppendEntries { PrevLog.Index.Value: > 1, Entries.IsEmpty: false };

        company.Happen(S1, new Input.Reconfigure(Samples.Request(90), new MembershipChange.Add(S2)));
        company.Run(200);
        Assert.Equal((Place(2), true), (company[S2].LastLog.Index, company[S2].IsBlank));
        company.Restart(S1);
        company.Loses = (_, _, _) => false;

        Assert.Equal(S1, company.Elect());
    }

    /// <summary>What is on its way to everybody is no more than the voters lack.</summary>
    [Fact]
    public void A_learner_that_keeps_up_with_the_voters_is_promoted_however_much_is_on_its_way()
    {
        var leader = Asking.Settled(settings: Close).Reconfigure(new MembershipChange.Add(S4)).State.Persisted().State.Follows(S2);
        leader = leader.Receive(S4, new AppendEntriesReply(T(4), leader.Round, new AppendResult.Blank())).State;
        var known = leader.LastLog.Index.Value;
        leader = leader.Propose(1, 1, 1, 1, 1).State;

        var after = leader.Receive(S4, Speak.Matches(leader, through: known)).State;

        Assert.Equal((Place(known), Place(known + 5)), (leader.CommitIndex, leader.LastLog.Index));
        Assert.IsType<Configuration.Joint>(after.Configuration);
    }

    /// <summary>On a slow link a learner hears many heartbeats before it knows that it is one.</summary>
    [Fact]
    public void A_learner_that_is_still_catching_up_does_not_begin_anew_with_each_heartbeat()
    {
        var learner = Given.Started(cluster: Configuration.Nobody).Receive(S2, Speak.Append(3, LogPosition.Zero, [1, 1, 1])).State;

        var after = learner.Receive(S2, Speak.Heartbeat(3, At(1, 3)));

        Assert.Equal(new AppendResult.Success(Place(3)), after.Reply<AppendEntriesReply>().Result);
    }
}
