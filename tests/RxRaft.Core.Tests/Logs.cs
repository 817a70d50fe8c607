using System.Linq;

namespace RxRaft.Tests;

/// <summary>Logs as the paper draws them: a row of terms.</summary>
internal static class Logs
{
    /// <summary>Of(1, 1, 2): entries T1#1, T1#2 and T2#3.</summary>
    public static Log Of(params ulong[] terms) => Log.Empty.Append(Entries(after: 0, terms));

    /// <summary>Consecutive entries of these terms, from the place after one.</summary>
    public static Seq<Entry> Entries(ulong after, params ulong[] terms) =>
        toSeq(terms.Select((term, i) => Entry(term, after + 1 + (ulong)i)).ToArray());

    public static Entry Entry(ulong term, ulong index) => new(At(term, index), Payload.Noop.Instance);

    /// <summary>What a disk has to write for a node that kept the log through a place.</summary>
    public static Effect.Persist Write(ulong term, Option<NodeId> vote, Log log, ulong keep) =>
        new(T(term), vote, None, log.Base, Place(keep), log.After(Place(keep)), log.Last);

    /// <summary>The row of terms again.</summary>
    public static ulong[] Terms(this Log log) =>
        log.After(LogIndex.Zero).Map(entry => entry.Term.Value).ToArray();
}
