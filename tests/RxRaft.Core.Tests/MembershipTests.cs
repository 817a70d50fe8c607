using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§4: a leader changes the members, one step at a time, by joint consensus.</summary>
public class MembershipTests
{
    [Fact]
    public void No_change_begins_before_an_entry_of_this_term_is_committed()
    {
        var leader = Given.Leader(term: 4, log: Logs.Of(1, 2)).Persisted().State;

        var early = leader.Reconfigure(new MembershipChange.AddLearner(S4));
        var committed = early.State.Follows(S2);

        Assert.Empty(early.Effects);
        Assert.Equal(ClusterOf(3), early.State.Configuration);
        Assert.Equal(WithLearners(3, S4), committed.Configuration);
        Assert.Equal(Place(4), committed.Log.ConfiguredAt);
    }

    [Fact]
    public void Only_one_change_is_pending()
    {
        var first = Asking.Settled().Reconfigure(new MembershipChange.Add(S4)).State;

        var second = first.Reconfigure(new MembershipChange.Remove(S3));

        Assert.Contains("another change is under way", second.Answer<Outcome.Rejected>().Reason);
        Assert.Same(first.Log, second.State.Log);

        var waits = first.Persisted().State.Follows(S2);                            // for S4, and for no entry
        Assert.IsType<Outcome.Rejected>(waits.Reconfigure(new MembershipChange.Remove(S3)).Answer<Outcome.Rejected>());
    }

    [Fact]
    public void A_change_that_an_earlier_leader_began_is_pending_too()
    {
        var configure = new Entry(At(3, 2), new Payload.Configure(ClusterOf(4)));
        var leader = Given.Leader(term: 4, log: Logs.Of(1).Append(Seq1(configure)));

        Assert.IsType<Outcome.Rejected>(leader.Reconfigure(new MembershipChange.Remove(S3)).Answer<Outcome.Rejected>());
    }

    [Fact]
    public void A_newcomer_is_a_learner_first_then_joint_then_a_voter_and_each_step_waits_for_the_one_before()
    {
        var leader = Asking.Settled();

        var learning = leader.Reconfigure(new MembershipChange.Add(S4));
        Assert.Equal([WithLearners(3, S4)], Configured(leader, learning.State));

        var unheard = learning.State.Persisted().State.Follows(S2);                 // committed, but S4 has nothing yet
        Assert.Equal([WithLearners(3, S4)], Configured(leader, unheard));

        var joint = unheard.Follows(S4);
        Configuration both = new Configuration.Joint(ClusterOf(3).Members, ClusterOf(4).Members, Set<NodeId>());
        Assert.Equal([WithLearners(3, S4), both], Configured(leader, joint));

        var left = joint.Persisted().State.Follows(S2).Receive(S4, Speak.Matches(joint));
        Assert.Equal([WithLearners(3, S4), both, ClusterOf(4)], Configured(leader, left.State));
        Assert.Empty(left.Answers());

        var done = left.State.Persisted().State.Follows(S2).Receive(S3, Speak.Matches(left.State));
        Assert.Equal((Samples.Request(90), new Outcome.Done()), Assert.Single(done.Answers()));
        Assert.True(done.Why<Reason.ChangeEnded>().Reached);
    }

    [Fact]
    public void A_learner_more_or_less_is_one_step()
    {
        var leader = Asking.Settled();

        var more = Committed(leader.Reconfigure(new MembershipChange.AddLearner(S4)).State, S2);
        var less = Committed(more.Reconfigure(new MembershipChange.Remove(S4)).State, S2);

        Assert.Equal([WithLearners(3, S4), ClusterOf(3)], Configured(leader, less));
        Assert.True(less.Office().Office.Change.IsNone);
    }

    [Fact]
    public void Voters_leave_through_a_joint_configuration()
    {
        var leader = Asking.Settled();

        var joint = leader.Reconfigure(new MembershipChange.To(Set(S1, S2), Set(S3))).State;
        var after = Committed(joint, S2);

        Assert.Equal(
            [new Configuration.Joint(ClusterOf(3).Members, Set(S1, S2), Set(S3)), new Configuration.Simple(Set(S1, S2), Set(S3))],
            Configured(leader, after));
    }

    [Fact]
    public void A_change_to_what_is_there_already_is_done()
    {
        var leader = Asking.Settled();

        var after = leader.Reconfigure(new MembershipChange.Add(S2));

        Assert.IsType<Outcome.Done>(after.Answer<Outcome.Done>());
        Assert.Same(leader.Log, after.State.Log);
    }

    [Fact]
    public void A_change_to_no_voters_or_to_somebody_who_is_both_is_rejected()
    {
        var leader = Asking.Settled(cluster: ClusterOf(1));

        Assert.Contains("at least one voter", leader.Reconfigure(new MembershipChange.Remove(S1)).Answer<Outcome.Rejected>().Reason);
        Assert.Contains("S2 cannot be both", leader.Reconfigure(new MembershipChange.To(Set(S1, S2), Set(S2)))
            .Answer<Outcome.Rejected>().Reason);
    }

    /// <summary>Of members as of leadership: an operator is told where to ask.</summary>
    [Fact]
    public void A_node_that_does_not_lead_passes_no_operators_wish_on_and_names_the_leader_that_it_follows() =>
        Assert.All(Given.EveryRole().Where(state => state.Role is not Role.Leader), state =>
        {
            foreach (var after in Samples.Changes.Select(change => state.Reconfigure(change)).Append(state.TransferTo(S2)))
            {
                Assert.Equal(new Outcome.NotLeader(state.LeaderId), after.Answer<Outcome.NotLeader>());
                Assert.Equal(state with { Now = after.State.Now }, after.State);
                Assert.Single(after.Effects);
            }
        });

    [Fact]
    public void A_removed_leader_steps_down_when_the_configuration_without_it_is_committed()
    {
        var leader = Asking.Settled();
        var joint = leader.Reconfigure(new MembershipChange.Remove(S1)).State;

        var leaving = Committed(joint, S2, S3);
        var after = leaving.Persisted().State.Follows(S2).Receive(S3, Speak.Matches(leaving));

        Assert.Equal(new Configuration.Simple(Set(S2, S3), Set<NodeId>()), leaving.Configuration);
        Assert.IsType<Role.Leader>(leaving.Role);
        Assert.Equal(new Role.Follower(None), after.State.Role);
        Assert.IsType<StepDownCause.Removed>(after.Why<Reason.SteppedDown>().Cause);
        Assert.IsType<Outcome.Done>(after.Answer<Outcome.Done>());
        Assert.Empty(after.State.TickAtDeadline().Effects);                 // and it does not campaign
    }

    /// <summary>§4.2.2. Those who stay may lack the entry, and its log is better than theirs.</summary>
    [Fact]
    public void A_removed_leader_is_needed_until_that_is_committed_and_stands_again_if_it_loses_its_office_before()
    {
        var company = new Company(Given.Settings, S1, S2);
        var (leader, other) = company.Elect() == S1 ? (S1, S2) : (S2, S1);
        company.Loses = (_, to, message) => to == other && message is AppendEntries append
            && append.Entries.Exists(entry => entry.Payload is Payload.Configure { Configuration: Configuration.Simple });

        company.Happen(leader, new Input.Reconfigure(Samples.Request(90), new MembershipChange.Remove(leader)));
        Assert.False(company[leader].IsVoter);
        Assert.True(company[other].LastLog < company[leader].LastLog);
        company.Restart(leader);
        company.Loses = (_, _, _) => false;
        company.Run(3_000);

        Assert.Equal(other, company.Leader);
        Assert.Contains(company.Story, told => told.Node == leader && told.Reason is Reason.SteppedDown { Cause: StepDownCause.Removed });
        Assert.Equal(Set(other), company[other].Configuration.Members);
        Assert.True(company[other].Log.ConfiguredAt <= company[other].CommitIndex);
        Assert.IsType<Role.Follower>(company[leader].Role);                 // and campaigns no more
    }

    [Fact]
    public void Until_then_it_replicates_but_does_not_count_itself()
    {
        var leaving = Committed(Asking.Settled().Reconfigure(new MembershipChange.Remove(S1)).State, S2, S3);

        var half = leaving.Persisted().State.Follows(S2);

        Assert.Equal(new Configuration.Simple(Set(S2, S3), Set<NodeId>()), half.Configuration);
        Assert.Equal(leaving.CommitIndex, half.CommitIndex);
        Assert.IsType<Role.Leader>(half.Role);
        Assert.Equal([S2, S3], half.TickAfter(50).Asked<AppendEntries>());
    }

    [Fact]
    public void Whoever_leads_takes_the_cluster_out_of_a_joint_configuration()
    {
        var joint = new Entry(At(3, 2), new Payload.Configure(Joint(old: [S1, S2, S3], @new: [S1, S4, S5])));
        var leader = Given.Leader(term: 4, log: Logs.Of(1).Append(Seq1(joint))).Persisted().State;

        var half = leader.Follows(S2).Follows(S3);
        var after = half.Follows(S4);

        Assert.Equal(leader.Log, half.Log);
        Assert.Equal(Configuration.Of(1, 4, 5), after.Configuration);
        Assert.Equal(Place(4), after.Log.ConfiguredAt);
    }

    [Fact]
    public void Who_asked_for_a_change_is_told_that_its_outcome_is_unknown_when_the_leader_steps_down_before_it_is_done()
    {
        var leader = Asking.Settled().Reconfigure(new MembershipChange.Add(S4)).State;

        Assert.IsType<Outcome.Unknown>(leader.Receive(S2, Speak.Heartbeat(5)).Answer<Outcome.Unknown>());
        Assert.IsType<Outcome.Unknown>(leader.TickAt(leader.StepsDownAt()).Answer<Outcome.Unknown>());
    }

    [Fact]
    public void Who_asked_for_a_change_is_told_that_it_is_done_if_the_next_leader_has_committed_all_of_it()
    {
        var learner = Asking.Settled().Reconfigure(new MembershipChange.AddLearner(S4)).State;
        var voter   = Asking.Settled().Reconfigure(new MembershipChange.Add(S4)).State;             // a learner first
        var (last, before) = (learner.LastLog, learner.LastLog.Index.Value - 1);

        Assert.Equal(last, voter.LastLog);
        learner.Receive(S2, Speak.Heartbeat(5, last, commit: last.Index.Value)).Answer<Outcome.Done>();
        learner.Receive(S2, Speak.Heartbeat(5, last, commit: before)).Answer<Outcome.Unknown>();
        voter.Receive(S2, Speak.Heartbeat(5, last, commit: last.Index.Value)).Answer<Outcome.Unknown>();
    }

    /// <summary>The last answer of the last other voter came late: between two heartbeats the leader's contact is too old.</summary>
    [Fact]
    public void A_leader_that_is_left_alone_goes_on_however_long_ago_another_answered()
    {
        var leader = Asking.Settled(cluster: ClusterOf(2)).TickAtDeadline().State.Propose(1).State.Persisted().State.Follows(S2);
        var joint = leader.Happens(new Input.Reconfigure(Samples.Request(90), new MembershipChange.Remove(S2)), afterMs: 9).State;
        var late = Speak.Matches(joint);
        joint = joint.Persisted().State;
        while (joint.NextDeadline < joint.StepsDownAt()) joint = joint.TickAtDeadline().State;

        var alone = joint.Receive(S2, late).State.Persisted().State;
        var after = alone.TickAtDeadline().State;

        Assert.Equal((ClusterOf(1), alone.StepsDownAt()), (alone.Configuration, after.Now));
        Assert.IsType<Role.Leader>(after.Role);
        Assert.Equal(after.Now + Ms(300), after.StepsDownAt());
    }

    /// <summary>A joint configuration, or one without the joint, is committed by S1 and these.</summary>
    private static NodeState Committed(NodeState leader, params NodeId[] voters) =>
        voters.Aggregate(leader.Persisted().State, (state, voter) => state.Receive(voter, Speak.Matches(leader)).State);

    /// <summary>Configurations appended since.</summary>
    private static Configuration[] Configured(NodeState before, NodeState after) =>
        [.. after.Log.After(before.LastLog.Index).Map(entry => entry.Payload).OfType<Payload.Configure>()
            .Select(configure => configure.Configuration)];
}
