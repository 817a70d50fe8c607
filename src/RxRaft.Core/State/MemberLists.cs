namespace RxRaft;

/// <summary>
/// Configurations that come back from bytes, as lists of ids that may be any: which of them are one. The wire and the
/// disk hold to the same rule.
/// </summary>
/// <remarks>
/// §4.1, §4.3. What <see cref="Settings.Problems(NodeId, Configuration)"/> asks of founders, and
/// <see cref="Configuration.Nobody"/>.
/// </remarks>
internal static class MemberLists
{
    /// <summary>The usual configuration, or with nobody in it that of nobody.</summary>
    /// <returns>What is wrong, with the ids; or the configuration.</returns>
    public static Either<string, Configuration> Simple(Seq<NodeId> voters, Seq<NodeId> learners) =>
        First(
            Twice("Voters", voters), Twice("Learners", learners), Both(voters, learners),
            voters.IsEmpty && !learners.IsEmpty ? $"Learners {Say.Nodes(learners)}, and no voters" : None)
        .Match<Either<string, Configuration>>(
            wrong => wrong, () => new Configuration.Simple(SetOf(voters), SetOf(learners)));

    /// <summary>One between two configurations.</summary>
    /// <returns>What is wrong, with the ids; or the configuration.</returns>
    public static Either<string, Configuration> Joint(Seq<NodeId> old, Seq<NodeId> next, Seq<NodeId> learners) =>
        First(
            Twice("Old voters", old), Twice("New voters", next), Twice("Learners", learners), Both(next, learners),
            old.IsEmpty || next.IsEmpty
                ? $"Old voters {Say.Nodes(old)} and new voters {Say.Nodes(next)}: there must be some of both"
                : None)
        .Match<Either<string, Configuration>>(
            wrong => wrong, () => new Configuration.Joint(SetOf(old), SetOf(next), SetOf(learners)));

    private static Option<string> First(params ReadOnlySpan<Option<string>> problems)
    {
        foreach (var problem in problems)
            if (problem.IsSome) return problem;
        return None;
    }

    private static Option<string> Twice(string name, Seq<NodeId> nodes)
    {
        var seen = Set<NodeId>();
        foreach (var node in nodes)
        {
            if (seen.Contains(node)) return $"{name} contain {node} twice";
            seen = seen.Add(node);
        }

        return None;
    }

    private static Option<string> Both(Seq<NodeId> voters, Seq<NodeId> learners)
    {
        if (learners.IsEmpty) return None;

        var all = SetOf(voters);
        return learners.Find(all.Contains).Map(node => $"{node} is a voter and a learner");
    }

    private static Set<NodeId> SetOf(Seq<NodeId> nodes) =>
        nodes.Fold(Set<NodeId>(), static (set, node) => set.AddOrUpdate(node));
}
