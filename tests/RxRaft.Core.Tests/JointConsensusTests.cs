using System.Linq;
using static RxRaft.Message;

namespace RxRaft.Tests;

/// <summary>§4.1, §4.3: which configuration is in force, and whose votes it counts.</summary>
public class JointConsensusTests
{
    private static readonly Configuration Old = ClusterOf(3);
    private static readonly Configuration Both = Joint(old: [S1, S2, S3], @new: [S1, S4, S5]);

    [Theory]
    [InlineData(new ulong[] { 2, 3 }, false)]
    [InlineData(new ulong[] { 4, 5 }, false)]
    [InlineData(new ulong[] { 2, 4 }, true)]
    public void In_a_joint_configuration_an_election_takes_both_majorities(ulong[] voters, bool won)
    {
        var after = voters.Aggregate(Given.Candidate(term: 4, Both), (state, voter) => state.Receive(new(voter), Speak.Vote(4)).State);

        Assert.Equal(won, after.Role is Role.Leader);
    }

    [Theory]
    [InlineData(new ulong[] { 2, 3 }, false)]
    [InlineData(new ulong[] { 4, 5 }, false)]
    [InlineData(new ulong[] { 2, 4 }, true)]
    public void In_a_joint_configuration_so_does_a_pre_election(ulong[] voters, bool won)
    {
        var asking = Given.PreCandidate(term: 3, Both);

        var after = voters.Aggregate(asking, (state, voter) => state.Receive(new(voter), Speak.PreVoteYes(asking)).State);

        Assert.Equal(won, after.Role is Role.Candidate);
    }

    [Theory]
    [InlineData(new ulong[] { 2, 3 }, false)]
    [InlineData(new ulong[] { 4, 5 }, false)]
    [InlineData(new ulong[] { 2, 4 }, true)]
    public void In_a_joint_configuration_a_commit_takes_both_majorities(ulong[] voters, bool committed)
    {
        var leader = Given.Leader(term: 4, Both).Persisted().State;

        var after = voters.Aggregate(leader, (state, voter) => state.Receive(new(voter), Speak.Matches(leader, through: 1)).State);

        Assert.Equal(committed, after.CommitIndex == Place(1));
    }

    [Fact]
    public void A_configuration_is_in_force_when_it_is_appended()
    {
        var follower = Given.FollowerOf(S2);

        var after = follower.Receive(S2, Configure(Both)).State;

        Assert.Equal((Old, Both, LogIndex.Zero), (follower.Configuration, after.Configuration, after.CommitIndex));
        Assert.Equal([S2, S3, S4, S5], Campaign(after).Asked<PreVote>());
    }

    [Fact]
    public void It_is_taken_back_with_its_entry()
    {
        var follower = Given.FollowerOf(S2).Receive(S2, Configure(Both)).State;

        var after = follower.Receive(S3, Speak.Append(4, LogPosition.Zero, [4])).State;

        Assert.Equal(Old, after.Configuration);
        Assert.Equal([S2, S3], Campaign(after).Asked<PreVote>());
    }

    [Fact]
    public void An_uncommitted_configuration_survives_a_restart()
    {
        var boot = Raft.Boot(S1, Old, Given.Settings, PersistentState.Fresh);
        var disk = PersistentState.Fresh.After(boot.Persist()!);
        var step = boot.State.Receive(S2, Configure(Both));

        var after = Raft.Boot(S1, Configuration.Nobody, Given.Settings, disk.After(step.Persist()!)).State;

        Assert.Equal((Both, LogIndex.Zero), (after.Configuration, after.CommitIndex));
    }

    [Fact]
    public void The_members_a_node_is_started_with_count_only_on_a_disk_that_knows_none()
    {
        var boot = Raft.Boot(S1, Old, Given.Settings, PersistentState.Fresh);

        var again = Raft.Boot(S1, ClusterOf(5), Given.Settings, PersistentState.Fresh.After(boot.Persist()!));

        Assert.Equal(Old, again.State.Configuration);
        Assert.Empty(again.Effects);
    }

    [Fact]
    public void A_joint_configuration_survives_a_change_of_leader_and_the_next_one_leaves_it()
    {
        var company = new Company(Given.Settings, S1, S2, S3, S4);
        var leader = company.Elect();
        var gone = leader == S4 ? S3 : S4;
        company.Loses = (from, _, message) => from != leader && message is AppendEntriesReply
            && company[leader].Configuration is Configuration.Joint;                // it cannot commit what it appends

        company.Happen(leader, new Input.Reconfigure(Samples.Request(90), new MembershipChange.Remove(gone)));
        company.Stop(leader);
        company.Loses = (_, _, _) => false;
        var next = company.Elect();
        company.Run(200);

        Assert.NotEqual(leader, next);
        Assert.DoesNotContain(company.Told, told => told.Outcome is Outcome.Done);
        Assert.Equal(new Configuration.Simple(ClusterOf(4).Members.Remove(gone), Set<NodeId>()), company[next].Configuration);
        Assert.True(company[next].Log.ConfiguredAt <= company[next].CommitIndex);
        Assert.Equal(2, company.Story.Count(told => told.Reason is Reason.Reconfigured));
    }

    private static AppendEntries Configure(Configuration configuration) => new(
        T(3), R(2), LogPosition.Zero, Seq1(new Entry(At(3, 1), new Payload.Configure(configuration))), LogIndex.Zero);

    private static Transition Campaign(NodeState follower) => follower.TickAtDeadline();
}
