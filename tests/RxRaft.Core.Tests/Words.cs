using System.Linq;

namespace RxRaft.Tests;

/// <summary>The paper's names for things, short enough for a table. The node under test is S1.</summary>
internal static class Words
{
    public static readonly NodeId S1 = new(1);
    public static readonly NodeId S2 = new(2);
    public static readonly NodeId S3 = new(3);
    public static readonly NodeId S4 = new(4);
    public static readonly NodeId S5 = new(5);
    public static readonly NodeId S9 = new(9);      // never a member

    public static Term T(ulong term) => new(term);

    public static Round R(ulong round) => new(round);

    public static LogIndex Place(ulong index) => new(index);

    public static LogPosition At(ulong term, ulong index) => new(T(term), Place(index));

    public static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    public static Instant Moment(double milliseconds) => new(Ms(milliseconds));

    /// <summary>S1 to Sn, all voters.</summary>
    public static Configuration ClusterOf(int size) =>
        Configuration.Of([.. Enumerable.Range(1, size).Select(id => (ulong)id)]);

    /// <summary>S1 to Sn, and learners.</summary>
    public static Configuration WithLearners(int voters, params NodeId[] learners) =>
        new Configuration.Simple(ClusterOf(voters).Members, toSet(learners));

    /// <summary>S1 is a learner, S2 and S3 are voters.</summary>
    public static readonly Configuration S1Learns =
        new Configuration.Simple(Set(S2, S3), Set(S1));

    public static Configuration Joint(NodeId[] old, NodeId[] @new) =>
        new Configuration.Joint(toSet(old), toSet(@new), Set<NodeId>());
}
