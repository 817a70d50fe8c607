using System.Linq;

namespace RxRaft.Tests;

/// <summary>§4.1, §4.3: which lists of ids are a configuration. That wire and disk hold to it is RxRaft.Tests' to see.</summary>
public class MemberListsTests
{
    [Theory]
    [InlineData("1 1", "2", "Voters contain S1 twice")]
    [InlineData("1", "2 3 2", "Learners contain S2 twice")]
    [InlineData("", "4", "Learners S4, and no voters")]
    [InlineData("1 2 3", "4 3", "S3 is a voter and a learner")]
    public void A_usual_configuration_has_voters_and_everybody_in_it_once(string voters, string learners, string wrong) =>
        Assert.Equal(wrong, MemberLists.Simple(Ids(voters), Ids(learners)));

    [Theory]
    [InlineData("1 2 1", "2", "", "Old voters contain S1 twice")]
    [InlineData("1", "2 2", "", "New voters contain S2 twice")]
    [InlineData("1", "2", "3 3", "Learners contain S3 twice")]
    [InlineData("", "2 3", "", "Old voters nobody and new voters S2 S3: there must be some of both")]
    [InlineData("2 3", "", "", "Old voters S2 S3 and new voters nobody: there must be some of both")]
    [InlineData("1", "2 3", "1 2", "S2 is a voter and a learner")]
    public void A_joint_one_has_old_and_new_voters_and_no_new_one_is_a_learner(string old, string next, string learners, string wrong) =>
        Assert.Equal(wrong, MemberLists.Joint(Ids(old), Ids(next), Ids(learners)));

    [Fact]
    public void Everything_else_is_one()
    {
        Assert.Equal(Configuration.Nobody, MemberLists.Simple([], []));
        Assert.Equal(new Configuration.Simple(Set(S1, S3), Set<NodeId>()), MemberLists.Simple(Ids("3 1"), []));
        Assert.Equal(WithLearners(2, S3, S4), MemberLists.Simple(Ids("2 1"), Ids("4 3")));
        Assert.Equal(
            new Configuration.Joint(Set(S1, S2), Set(S2, S3), Set(S1, S4)), MemberLists.Joint(Ids("1 2"), Ids("2 3"), Ids("1 4")));
    }

    private static Seq<NodeId> Ids(string names) =>
        toSeq(names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => new NodeId(ulong.Parse(name, null))).ToArray());
}
