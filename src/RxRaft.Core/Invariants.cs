namespace RxRaft;

/// <summary>What one node can see of Figure 3.2's properties, and what they rest on, over every single step.</summary>
/// <remarks>
/// The properties of a whole cluster are checked in the simulated world, over every step of every node.
/// </remarks>
internal static class Invariants
{
    /// <summary>Halts on a step that must not be.</summary>
    /// <exception cref="InvariantViolationException">Names the property that does not hold.</exception>
    public static void Hold(NodeState before, Input input, NodeState after)
    {
        Terms(before, after);
        Offices(before, after);
        if (!ReferenceEquals(before.Log, after.Log)) Logs(before, after);
        Require(after.CommitIndex >= before.CommitIndex, "the commit index does not go back");
        Require(after.CommitIndex <= after.Log.LastIndex, "only what is in the log is committed");
        Require(input is not Input.Tick || after.NextDeadline > after.Now, "a tick leaves no deadline in the past");
    }

    private static void Terms(NodeState before, NodeState after)
    {
        var sameTerm = after.CurrentTerm == before.CurrentTerm;

        Require(after.CurrentTerm >= before.CurrentTerm, "terms do not go back (§3.3)");
        Require(!sameTerm || before.VotedFor.IsNone || after.VotedFor.Same(before.VotedFor),
            "one vote a term (§3.4)");
        Require(!sameTerm || before.LeaderId.IsNone || after.LeaderId.IsNone || after.LeaderId.Same(before.LeaderId),
            "Election Safety: at most one leader in a term");
        Require(after.LastLog.Term <= after.CurrentTerm, "no entry is of a term to come");
    }

    private static void Offices(NodeState before, NodeState after)
    {
        var stands = after.Role is Role.Candidate or Role.Leader;

        Require(!stands || after.VotedFor.Is(after.Self),
            "who stands for election has voted for itself (§3.4)");
        Require(after.Role is not Role.Candidate || after.MayStand, "who stands for election is, or was, a voter");
        Require(after.Role is not Role.Leader || before.Role is Role.Candidate or Role.Leader,
            "who leads has been a candidate (Figure 3.3)");
        Require(after.Role is not Role.Leader || after.CurrentTerm == before.CurrentTerm,
            "a leader leads only the term it was elected in");
    }

    private static void Logs(NodeState before, NodeState after)
    {
        var agreed = after.Log.AgreesThrough(before.Log);
        var leads = before.Role is Role.Leader && after.CurrentTerm == before.CurrentTerm;  // else deposed just now

        Require(agreed >= before.CommitIndex, "no committed entry is deleted");
        Require(!leads || agreed == before.Log.LastIndex,
            "Leader Append-Only: a leader never overwrites or deletes entries in its log");
    }
}
