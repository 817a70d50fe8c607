namespace RxRaft.Tests;

/// <summary>Disks of nodes of a cluster of three.</summary>
internal static class Disks
{
    /// <param name="term">The current one.</param>
    /// <param name="vote">In it.</param>
    /// <param name="terms">Of the entries, from the first on.</param>
    public static PersistentState Of(ulong term, Option<NodeId> vote, params ulong[] terms)
    {
        var log = Log.Over(Snapshot.Beginning(Configuration.Of(1, 2, 3)));
        foreach (var each in terms)
            log = log.Append(Seq1(new Entry(new(new Term(each), log.LastIndex.Next), Payload.Noop.Instance)));
        return new PersistentState(new Term(term), vote, log);
    }
}
