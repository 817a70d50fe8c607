using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Testing.Checking;

/// <summary>What has ever been committed, as far as any node knew, from <see cref="Chronicle.Begin"/> on.</summary>
/// <remarks>The one memory that the properties need beside who was elected: nodes forget it in a crash.</remarks>
internal sealed class Committed(int id, ulong[] prints, Seq<(Entry Entry, Term By)> entries) : Part(id, prints)
{
    /// <summary>
    /// Each entry, with the term in which it became so; 0 once every leader to come is of a later term.
    /// </summary>
    public Seq<(Entry Entry, Term By)> Entries => entries;
}

/// <summary>The properties that speak of all nodes, and of what was before.</summary>
/// <param name="names">Of the nodes.</param>
/// <param name="begin">Of what is committed when the cluster starts, the last that only a snapshot stands for.</param>
internal sealed class Chronicle(Names names, LogPosition begin)
{
    private readonly Catalogue<Committed> all = new();

    /// <summary>Exclusive: entries from here on are known.</summary>
    public LogIndex Begin => begin.Index;

    public Committed this[int id] => all[id];

    public Committed Nothing => Of([]);

    /// <summary>State Machine Safety: no two nodes have different entries committed at an index (§3.6.3).</summary>
    /// <param name="known">So far.</param>
    /// <param name="state">Of a node that knows of more.</param>
    /// <param name="dropped">What it came to know of, and has only a snapshot of by now.</param>
    public (Committed Now, Finding? Wrong) Learn(Committed known, NodeState state, IEnumerable<Entry> dropped)
    {
        var more = known.Entries;
        foreach (var entry in dropped.Concat(state.Log.Between(state.Log.Base.Index, state.CommitIndex)))
        {
            var place = At(entry.Index);
            if (place == more.Count) more = more.Add((entry, state.CurrentTerm));
            else if (place >= 0 && place < more.Count && !more[place].Entry.Equals(entry))
                return (known, Differs(state, entry.Position, more[place].Entry.Position));
        }

        foreach (var last in Seq(state.Log.Base, state.Snapshot.Last))
            if (last.Index >= begin.Index && PositionAt(more, last.Index) is var other && other != last)
                return (known, Differs(state, last, other));
        return (more.Count == known.Entries.Count ? known : Of(more), null);
    }

    private int At(LogIndex index) => (int)((long)index.Value - (long)begin.Index.Value) - 1;

    /// <summary>Of what is committed; nowhere, if nothing is there yet.</summary>
    private LogPosition PositionAt(Seq<(Entry Entry, Term By)> entries, LogIndex index) =>
        At(index) < 0 ? begin : At(index) < entries.Count ? entries[At(index)].Entry.Position : LogPosition.Zero;

    private static Finding Differs(NodeState state, LogPosition one, LogPosition other) => new(
        "State Machine Safety", $"{state.Self} has {one} committed where another has {other}");

    /// <summary>Leader Completeness: what was committed is in the logs of the leaders of all later terms.</summary>
    /// <remarks>
    /// §3.6.3. Not of earlier ones: a leader may be elected, by votes that were long on their way, when its term is
    /// past.
    /// </remarks>
    public Finding? Complete(Committed known, NodeState state)
    {
        if (state.Role is not Role.Leader) return null;
        if (!state.Log.Contains(begin)) return Lacks(state, begin);

        foreach (var (entry, by) in known.Entries)
            if (by < state.CurrentTerm && !state.Log.Contains(entry.Position))
                return Lacks(state, entry.Position);
        return null;
    }

    private static Finding Lacks(NodeState state, LogPosition entry) => new(
        "Leader Completeness", $"{state.Self} leads {state.CurrentTerm} without {entry}, which is committed");

    /// <summary>Log Matching: logs that share an entry's index and term are the same up to there (§3.5).</summary>
    public static Finding? Match(NodeState one, NodeState other)
    {
        var (a, b) = (one.Log, other.Log);
        var first = LogIndex.Max(a.Base.Index, b.Base.Index);
        var same = false;
        for (var at = LogIndex.Min(a.LastIndex, b.LastIndex); at > first; at = at.Previous)
        {
            same |= a[at].Term == b[at].Term;
            if (same && !a[at].Equals(b[at])) return Parts(at);
        }

        return same && a.PositionAt(first) != b.PositionAt(first) ? Parts(first) : null;

        Finding Parts(LogIndex at) => new("Log Matching",
            $"{one.Self} has {a.PositionAt(at)} and {other.Self} {b.PositionAt(at)}, the same entry further on");
    }

    /// <summary>Forgets in which term entries were committed, once nobody can be elected in or before it.</summary>
    public Committed Settle(Committed known, int least)
    {
        var open = false;
        foreach (var (_, by) in known.Entries) open |= by > Term.Zero && by.Value <= (ulong)least;
        return open
            ? Of(known.Entries.Map(each => each.By.Value <= (ulong)least ? (each.Entry, Term.Zero) : each).Strict())
            : known;
    }

    private Committed Of(Seq<(Entry Entry, Term By)> entries)
    {
        var (own, prints) = names.Of(print => print.Word(0xC0UL)
            .All(entries, static (to, each) => to.Of(each.Entry).Word(each.By.Value)));
        return all.Find(own, id => new Committed(id, prints, entries));
    }
}
