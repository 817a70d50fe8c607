using System.Linq;

namespace RxRaft.Tests;

/// <summary>§4.1, §4.3: which lists of ids are a configuration. That wire and disk hold to it is RxRaft.Tests' to see.</summary>
public class MemberListsTests
{
    [Theory]
    [MemberData(nameof(WrongMemberLists.All), MemberType = typeof(WrongMemberLists))]
    public void A_configuration_has_voters_and_everybody_in_it_once_and_no_voter_to_come_is_a_learner(
        string voters, string next, string learners, string wrong) =>
        Assert.Equal(wrong, next == ""
            ? MemberLists.Simple(Ids(voters), Ids(learners))
            : MemberLists.Joint(Ids(voters), Ids(next), Ids(learners)));

    [Fact]
    public void A_joint_one_has_new_voters() => Assert.Equal(
        "Old voters S2 S3 and new voters nobody: there must be some of both", MemberLists.Joint(Ids("2 3"), [], []));

    [Fact]
    public void Everything_else_is_one()
    {
        Assert.Equal(Configuration.Nobody, MemberLists.Simple([], []));
        Assert.Equal(new Configuration.Simple(Set(S1, S3), Set<NodeId>()), MemberLists.Simple(Ids("3 1"), []));
        Assert.Equal(WithLearners(2, S3, S4), MemberLists.Simple(Ids("2 1"), Ids("4 3")));
        Assert.Equal(
            new Configuration.Joint(Set(S1, S2), Set(S2, S3), Set(S1, S4)), MemberLists.Joint(Ids("1 2"), Ids("2 3"), Ids("1 4")));
    }

    [Fact]
    public void A_change_names_everybody_whom_it_wants_as_a_member()
    {
        Assert.Equal(Seq1(S4), new MembershipChange.Add(S4).Newcomers);
        Assert.Equal(Seq1(S4), new MembershipChange.AddLearner(S4).Newcomers);
        Assert.Equal(Seq<NodeId>(), new MembershipChange.Remove(S4).Newcomers);
        Assert.Equal(Seq(S1, S2, S3), new MembershipChange.To(Set(S1, S2), Set(S3)).Newcomers);
    }

    private static Seq<NodeId> Ids(string names) =>
        toSeq(names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new NodeId(ulong.Parse(name, null))).ToArray());
}
