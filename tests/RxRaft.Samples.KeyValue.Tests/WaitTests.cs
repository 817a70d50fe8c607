using System.Linq;

namespace RxRaft.Samples.KeyValue;

/// <summary>What WAIT counts: voters other than this one that have the write.</summary>
public sealed class WaitTests
{
    private static readonly LogIndex Write = new(7);

    [Fact]
    public void A_leader_counts_the_voters_that_have_the_write_and_no_learner() => Assert.Equal(2, StoreClient.Having(
        Led(Cluster(voters: [1, 2, 3, 4], learners: [5, 6]), (2, 7), (3, 6), (4, 8), (5, 9), (6, 7)), Write));

    [Theory]
    [InlineData(1, 1, 2)]                                   // of four voters three have it, and it is one of them
    [InlineData(5, 5, 3)]                                   // it is none of them
    [InlineData(1, 9, 2)]                                   // whatever their number, learners do not count
    public void A_follower_counts_the_others_of_a_quorum_of_the_voters(ulong self, int learners, int others) =>
        Assert.Equal(others, StoreClient.Having(
            Of(self, Cluster([1, 2, 3, 4], [.. Enumerable.Range(5, learners).Select(id => (ulong)id)])), Write));

    [Fact]
    public void A_follower_between_two_configurations_counts_the_larger_quorum()
    {
        var between = new Configuration.Joint(Ids([1, 2, 3]), Ids([1, 2, 3, 4, 5]), Ids([6, 7]));

        Assert.Equal(2, StoreClient.Having(Of(1, between), Write));
        Assert.Equal(3, StoreClient.Having(Of(6, between), Write));
        Assert.Equal(2, StoreClient.Having(Of(4, between), Write));
    }

    [Fact]
    public void A_node_that_waits_to_join_knows_of_nobody() =>
        Assert.Equal(0, StoreClient.Having(Of(1, Configuration.Nobody), Write));

    private static NodeState Of(ulong self, Configuration members) => Raft.Boot(
        new NodeId(self), members, Settings.Default with { Seed = 1 }, PersistentState.Fresh).State;

    private static NodeState Led(Configuration members, params (ulong Id, ulong Match)[] followers) => Of(1, members) with
    {
        Role = new Role.Leader(
            toMap(followers.Select(one => (new NodeId(one.Id), (Progress)new Progress.Replicate(
                new Round(1), new LogIndex(one.Match), new LogIndex(one.Match + 1))))),
            [], Instant.Zero, Confirmed: true, Instant.Zero, new LogIndex(1), Office.Idle),
    };

    private static Configuration Cluster(ulong[] voters, ulong[] learners) =>
        new Configuration.Simple(Ids(voters), Ids(learners));

    private static Set<NodeId> Ids(ulong[] ids) => toSet(ids.Select(id => new NodeId(id)));
}
