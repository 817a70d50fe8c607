namespace RxRaft;

/// <summary>Whom an operator wants in the cluster.</summary>
/// <remarks>§4.</remarks>
public abstract record MembershipChange
{
    private MembershipChange() { }

    /// <summary>A voter more. It catches up as a learner first (§4.2.1).</summary>
    public sealed record Add(NodeId Node) : MembershipChange;

    /// <summary>A learner more, or a voter less that stays as a learner.</summary>
    public sealed record AddLearner(NodeId Node) : MembershipChange;

    /// <summary>A member less.</summary>
    public sealed record Remove(NodeId Node) : MembershipChange;

    /// <summary>Exactly these.</summary>
    /// <param name="Voters">At least one.</param>
    /// <param name="Learners">No voter is one.</param>
    public sealed record To(Set<NodeId> Voters, Set<NodeId> Learners) : MembershipChange;

    /// <summary>Whom it names as members to be, new or not.</summary>
    internal Seq<NodeId> Newcomers => this switch
    {
        Add add => Seq1(add.Node),
        AddLearner add => Seq1(add.Node),
        Remove => Seq<NodeId>(),
        To to => toSeq(to.Voters.Union(to.Learners)),
        _ => throw Unreachable.Case(this),
    };

    /// <summary>The members after the change.</summary>
    internal Configuration.Simple After(Configuration.Simple now) => this switch
    {
        Add add => new(now.Voters.AddOrUpdate(add.Node), now.Learners.Remove(add.Node)),
        AddLearner add => new(now.Voters.Remove(add.Node), now.Learners.AddOrUpdate(add.Node)),
        Remove remove => new(now.Voters.Remove(remove.Node), now.Learners.Remove(remove.Node)),
        To to => new(to.Voters, to.Learners),
        _ => throw Unreachable.Case(this),
    };
}
