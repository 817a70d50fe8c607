namespace RxRaft;

/// <summary>Who leads, as far as one node knows.</summary>
/// <param name="Leader">The leader of the term; none while it is not known, or there is none.</param>
/// <param name="Term">The node's current term.</param>
public readonly record struct Leadership(Option<NodeId> Leader, Term Term)
{
    /// <summary>S3 leads T4.</summary>
    public override string ToString() => $"{Say.Node(Leader)} leads {Term}";
}
