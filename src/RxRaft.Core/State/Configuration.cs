namespace RxRaft;

/// <summary>Who is in the cluster, and which sets of them are a quorum.</summary>
/// <remarks>§4.1. Every question about majorities is asked here and nowhere else.</remarks>
public abstract record Configuration
{
    private Configuration() { }

    /// <summary>The usual configuration: a majority of the voters is a quorum.</summary>
    /// <param name="Voters">At least one.</param>
    /// <param name="Learners">Receive the log but do not count (§4.2.1, non-voting members). No voter is one.</param>
    public sealed record Simple(Set<NodeId> Voters, Set<NodeId> Learners) : Configuration;

    /// <summary>
    /// Between two configurations: a quorum has a majority of the old voters and a majority of the new.
    /// </summary>
    /// <param name="Old">At least one voter.</param>
    /// <param name="New">At least one voter.</param>
    /// <param name="Learners">Of the new configuration: old voters may become ones, no new voter is one.</param>
    /// <remarks>§4.3.</remarks>
    public sealed record Joint(Set<NodeId> Old, Set<NodeId> New, Set<NodeId> Learners) : Configuration;

    /// <summary>
    /// That of a node that has not joined a cluster yet: it waits to be spoken to, and does not vote.
    /// </summary>
    public static readonly Configuration Nobody = new Simple(Set<NodeId>(), Set<NodeId>());

    /// <summary>Whether it is <see cref="Nobody"/>'s.</summary>
    public bool IsNobody => this is Simple { Voters.IsEmpty: true };

    /// <summary>A cluster of these voters, without learners.</summary>
    /// <exception cref="ArgumentException">An id comes twice.</exception>
    public static Configuration Of(params ReadOnlySpan<ulong> voters) =>
        OfNodes(toSeq(voters.ToArray()).Map(id => new NodeId(id)));

    /// <summary>A cluster of these voters, without learners.</summary>
    /// <exception cref="ArgumentException">An id comes twice.</exception>
    public static Configuration OfNodes(Seq<NodeId> voters) =>
        new Simple(voters.Fold(Set<NodeId>(), Distinct), Set<NodeId>());

    /// <summary>May this node stand for election, and does its vote count?</summary>
    public bool IsVoter(NodeId node) => this switch
    {
        Simple simple => simple.Voters.Contains(node),
        Joint joint => joint.Old.Contains(node) || joint.New.Contains(node),
        _ => throw Unreachable.Case(this),
    };

    /// <summary>Everybody who receives the log: voters and learners, in the order of their ids.</summary>
    public Set<NodeId> Members => this switch
    {
        Simple simple => simple.Voters.Union(simple.Learners),
        Joint joint => joint.Old.Union(joint.New).Union(joint.Learners),
        _ => throw Unreachable.Case(this),
    };

    /// <summary>Counts ballots.</summary>
    /// <param name="votes">
    /// By voter: granted or refused. Who has not answered is not in it; who has no vote is not counted.
    /// </param>
    public Tally Count(Map<NodeId, bool> votes) => this switch
    {
        Simple simple => Quorum.Count(simple.Voters, votes),
        Joint joint => Quorum.Both(Quorum.Count(joint.Old, votes), Quorum.Count(joint.New, votes)),
        _ => throw Unreachable.Case(this),
    };

    /// <summary>The largest value that a quorum has reached; of match indexes, what is replicated (§3.6.2).</summary>
    /// <param name="value">How far a voter is.</param>
    public T Reached<T>(Func<NodeId, T> value) where T : struct, IComparable<T> =>
        Reached(static (voter, of) => of(voter), value);

    /// <summary>The same, without a closure.</summary>
    internal T Reached<A, T>(Func<NodeId, A, T> value, A of) where T : struct, IComparable<T> => this switch
    {
        Simple simple => Quorum.Reached(simple.Voters, value, of),
        Joint joint => Quorum.Earlier(
            Quorum.Reached(joint.Old, value, of), Quorum.Reached(joint.New, value, of)),
        _ => throw Unreachable.Case(this),
    };

    /// <summary>voters S1 S2 S3, learners S4.</summary>
    public sealed override string ToString() => this switch
    {
        Simple simple => $"voters {Say.Nodes(simple.Voters)}{Learning(simple.Learners)}",
        Joint joint => $"voters {Say.Nodes(joint.Old)} and {Say.Nodes(joint.New)}{Learning(joint.Learners)}",
        _ => throw Unreachable.Case(this),
    };

    private static Set<NodeId> Distinct(Set<NodeId> voters, NodeId voter) =>
        voters.Contains(voter)
            ? throw new ArgumentException($"Voters contains {voter} twice: an id names one node", nameof(voters))
            : voters.Add(voter);

    private static string Learning(Set<NodeId> learners) =>
        learners.IsEmpty ? "" : $", learners {Say.Nodes(learners)}";
}
