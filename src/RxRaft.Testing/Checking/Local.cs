namespace RxRaft.Testing.Checking;

/// <summary>What can be seen at one node over one step, by itself.</summary>
/// <remarks>
/// That a node's votes are only of its disk's (<see cref="Durability"/>), and that the disk's vote stays for its term,
/// is one vote a term, across crashes, without a memory of votes.
/// </remarks>
internal static class Local
{
    /// <summary>Over a step.</summary>
    public static Option<Finding> Changed(NodeState before, NodeState after)
    {
        var (node, term) = (after.Self, after.CurrentTerm);
        if (term < before.CurrentTerm)
            return new Finding("Terms go forward", $"{node} went from {before.CurrentTerm} back to {term}");
        if (after.CommitIndex < before.CommitIndex)
            return new Finding("State Machine Safety",
                $"{node} takes back that {before.CommitIndex} is committed: now {after.CommitIndex}");
        if (term == before.CurrentTerm && before.VotedFor.IsSome && !after.VotedFor.Same(before.VotedFor))
            return new Finding("One vote a term",
                $"{node} changed its vote in {term} from {Say.Node(before.VotedFor)} to {Say.Node(after.VotedFor)}");
        return ReferenceEquals(before.Log, after.Log) ? None : LogChanged(before, after);
    }

    /// <summary>Over a write.</summary>
    public static Option<Finding> Written(NodeId node, PersistentState before, PersistentState after)
    {
        if (after.CurrentTerm < before.CurrentTerm)
            return new Finding("Terms go forward",
                $"{node}'s disk went from {before.CurrentTerm} back to {after.CurrentTerm}");
        var stays = after.CurrentTerm > before.CurrentTerm || before.VotedFor.IsNone
                    || after.VotedFor.Same(before.VotedFor);
        return stays
            ? None
            : new Finding("One vote a term", $"{node}'s vote on disk in {after.CurrentTerm} went from "
                + $"{Say.Node(before.VotedFor)} to {Say.Node(after.VotedFor)}");
    }

    private static Option<Finding> LogChanged(NodeState before, NodeState after)
    {
        var led  = before.Role is Role.Leader && after.CurrentTerm == before.CurrentTerm;
        var kept = after.Log.AgreesThrough(before.Log);
        if (kept < before.CommitIndex)
            return new Finding("State Machine Safety",
                $"{after.Self} deleted entries after {kept}, and {before.CommitIndex} was committed");
        if (led && kept < before.Log.LastIndex)
            return new Finding("Leader Append-Only",
                $"{after.Self} deleted entries after {kept} while it led {before.CurrentTerm}");
        return led && after.Log.ConfiguredAt > before.Log.LastIndex ? Reconfigured(before, after) : None;
    }

    /// <summary>
    /// Quorums of one configuration and of the next have a node in common, and a leader leaves the one before behind
    /// only when that is committed (§4.3).
    /// </summary>
    private static Option<Finding> Reconfigured(NodeState before, NodeState after)
    {
        if (before.Log.ConfiguredAt > after.CommitIndex)
            return new Finding("Membership Safety",
                $"{after.Self} went to {after.Configuration} before {before.Configuration} was committed");
        return Overlap(before.Configuration, after.Configuration)
            ? None
            : new Finding("Membership Safety",
                $"{after.Self} went from {before.Configuration} to {after.Configuration}: their quorums need not meet");
    }

    private static bool Overlap(Configuration old, Configuration next) => (old, next) switch
    {
        (Configuration.Simple(var a, _), Configuration.Simple(var b, _)) => a.Equals(b) || Neighbours(a, b),
        (Configuration.Simple(var a, _), Configuration.Joint(var b, _, _)) => a.Equals(b),
        (Configuration.Joint(_, var a, _), Configuration.Simple(var b, _)) => a.Equals(b),
        _ => false,
    };

    /// <summary>One voter more or less (§4.1).</summary>
    private static bool Neighbours(Set<NodeId> a, Set<NodeId> b) => a.Except(b).Count + b.Except(a).Count <= 1;
}
