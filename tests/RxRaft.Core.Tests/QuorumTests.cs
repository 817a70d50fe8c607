using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Tests;

/// <summary>§3.4, §4.3: majorities, against counting every set of voters by hand.</summary>
public class QuorumTests
{
    [Fact]
    public void An_id_that_comes_twice_is_named()
    {
        var wrong = Assert.Throws<ArgumentException>(() => Configuration.Of(1, 2, 1));

        Assert.Equal(("voters", "Voters contains S1 twice: an id names one node (Parameter 'voters')"), (wrong.ParamName, wrong.Message));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    [InlineData(4, 3)]
    [InlineData(5, 3)]
    [InlineData(6, 4)]
    [InlineData(7, 4)]
    public void A_majority_is_more_than_half(int voters, int majority) =>
        Assert.Equal(majority, Quorum.Majority(voters));

    [Theory, MemberData(nameof(Sizes))]
    public void Ballots_are_counted_as_by_hand_for_every_way_to_vote(int size)
    {
        var voters = Nodes(size);

        foreach (var votes in WaysToVote(voters))
            Assert.Equal(ByHand([voters], votes), ClusterOf(size).Count(ToMap(votes)));
    }

    [Fact]
    public void In_a_joint_configuration_ballots_are_counted_as_by_hand_for_every_pair_of_sets_and_every_way_to_vote()
    {
        var subsets = SubsetsOf(Nodes(4)).Where(set => set.Length > 0).ToArray();

        foreach (var old in subsets)
            foreach (var @new in subsets)
                foreach (var votes in WaysToVote(Nodes(4)))
                    Assert.Equal(ByHand([old, @new], votes), Joint(old, @new).Count(ToMap(votes)));
    }

    [Fact]
    public void Who_has_no_vote_is_not_counted()
    {
        var votes = Map((S1, true), (S4, true), (S5, true), (S9, true));

        Assert.Equal(Tally.Pending, WithLearners(3, S4, S5).Count(votes));
    }

    [Theory, MemberData(nameof(Sizes))]
    public void What_a_quorum_has_reached_is_the_largest_value_that_a_quorum_is_at_or_beyond(int size)
    {
        var voters = Nodes(size);

        foreach (var values in Values(size, upTo: size <= 5 ? 3ul : 2ul))
            Assert.Equal(ByHand([voters], values), ClusterOf(size).Reached(voter => values[voter.Value - 1]));
    }

    [Fact]
    public void In_a_joint_configuration_both_sides_have_to_reach_it()
    {
        var subsets = SubsetsOf(Nodes(4)).Where(set => set.Length > 0).ToArray();

        foreach (var old in subsets)
            foreach (var @new in subsets)
                foreach (var at in Values(size: 4, upTo: 2))
                    Assert.Equal(ByHand([old, @new], at), Joint(old, @new).Reached(voter => at[voter.Value - 1]));
    }

    [Theory, MemberData(nameof(Sizes))]
    public void Any_two_quorums_share_a_voter(int size)
    {
        var quorums = SubsetsOf(Nodes(size)).Where(set => Wins(ClusterOf(size), set)).ToArray();

        Assert.NotEmpty(quorums);
        Assert.All(quorums, one => Assert.All(quorums, two => Assert.NotEmpty(one.Intersect(two))));
    }

    [Fact]
    public void A_quorum_of_a_joint_configuration_shares_a_voter_with_every_quorum_of_either_side()
    {
        Configuration old = Configuration.Of(1, 2, 3), @new = Configuration.Of(3, 4, 5);
        var joint = Joint([S1, S2, S3], [S3, S4, S5]);
        var all = SubsetsOf(Nodes(5)).ToArray();

        var ofBoth = all.Where(set => Wins(joint, set)).ToArray();
        var ofOne = all.Where(set => Wins(old, set) || Wins(@new, set)).ToArray();

        Assert.NotEmpty(ofBoth);
        Assert.All(ofBoth, both => Assert.All(ofOne, one => Assert.NotEmpty(both.Intersect(one))));
    }

    public static TheoryData<int> Sizes => [1, 2, 3, 4, 5, 6, 7];

    private static bool Wins(Configuration configuration, NodeId[] voters) =>
        configuration.Count(toMap(voters.Select(voter => (voter, true)))) == Tally.Won;

    private static Tally ByHand(NodeId[][] sides, (NodeId Voter, bool? Vote)[] votes)
    {
        bool Majority(Func<bool?, bool> counts) => sides.All(side =>
            2 * votes.Count(ballot => side.Contains(ballot.Voter) && counts(ballot.Vote)) > side.Length);

        return Majority(vote => vote == true) ? Tally.Won
             : Majority(vote => vote != false) ? Tally.Pending      // if everybody else would still grant
             : Tally.Lost;
    }

    private static ulong ByHand(NodeId[][] sides, ulong[] values) =>
        values.Append(0ul).Where(value => sides.All(side =>
            2 * side.Count(voter => values[voter.Value - 1] >= value) > side.Length)).Max();

    private static NodeId[] Nodes(int size) => [.. Enumerable.Range(1, size).Select(id => new NodeId((ulong)id))];

    private static IEnumerable<NodeId[]> SubsetsOf(NodeId[] nodes) =>
        Enumerable.Range(0, 1 << nodes.Length).Select(bits => nodes.Where((_, i) => (bits >> i & 1) == 1).ToArray());

    private static IEnumerable<(NodeId, bool?)[]> WaysToVote(NodeId[] voters) =>
        voters.Aggregate<NodeId, IEnumerable<(NodeId, bool?)[]>>([[]], (ways, voter) =>
        [
            .. from way in ways
               from vote in new bool?[] { null, true, false }
               select way.Append((voter, vote)).ToArray(),
        ]);

    private static IEnumerable<ulong[]> Values(int size, ulong upTo) =>
        Enumerable.Range(0, size).Aggregate<int, IEnumerable<ulong[]>>([[]], (all, _) =>
        [
            .. from some in all
               from value in Enumerable.Range(0, (int)upTo + 1)
               select some.Append((ulong)value).ToArray(),
        ]);

    private static Map<NodeId, bool> ToMap((NodeId Voter, bool? Vote)[] votes) =>
        toMap(votes.Where(ballot => ballot.Vote is not null).Select(ballot => (ballot.Voter, ballot.Vote == true)));
}
