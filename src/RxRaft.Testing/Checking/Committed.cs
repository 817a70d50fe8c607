namespace RxRaft.Testing.Checking;

/// <summary>What has ever been committed, as far as any node knew, from the first entry on.</summary>
/// <remarks>The one memory that the properties need beside who was elected: nodes forget it in a crash.</remarks>
internal sealed class Committed(int id, ulong[] prints, Seq<(Entry Entry, Term By)> entries) : Part(id, prints)
{
    /// <summary>
    /// Each entry, with the term in which it became so; 0 once every leader to come is of a later term.
    /// </summary>
    public Seq<(Entry Entry, Term By)> Entries => entries;

    public LogIndex Last => new((ulong)entries.Count);
}

/// <summary>The properties that speak of all nodes, and of what was before.</summary>
internal sealed class Chronicle(Names names)
{
    private readonly Catalogue<Committed> all = new();

    public Committed this[int id] => all[id];

    public Committed Nothing => Of([]);

    /// <summary>State Machine Safety: no two nodes have different entries committed at an index (§3.6.3).</summary>
    public (Committed Now, Finding? Wrong) Learn(Committed known, NodeState state)
    {
        var more = known.Entries;
        foreach (var entry in state.Log.Between(state.Log.Base.Index, state.CommitIndex))
        {
            var at = (int)entry.Index.Value - 1;
            if (at == more.Count) more = more.Add((entry, state.CurrentTerm));
            else if (at < more.Count && !more[at].Entry.Equals(entry))
                return (known, new Finding("State Machine Safety", $"{state.Self} has {entry.Position} committed "
                    + $"where another has {more[at].Entry.Position}"));
        }

        return (more.Count == known.Entries.Count ? known : Of(more), null);
    }

    /// <summary>Leader Completeness: what was committed is in the logs of the leaders of all later terms.</summary>
    /// <remarks>
    /// §3.6.3. Not of earlier ones: a leader may be elected, by votes that were long on their way, when its term is
    /// past.
    /// </remarks>
    public static Finding? Complete(Committed known, NodeState state)
    {
        if (state.Role is not Role.Leader) return null;

        foreach (var (entry, by) in known.Entries)
            if (by < state.CurrentTerm && !state.Log.Contains(entry.Position))
                return new Finding("Leader Completeness",
                    $"{state.Self} leads {state.CurrentTerm} without {entry.Position}, which is committed");
        return null;
    }

    /// <summary>Log Matching: logs that share an entry's index and term are the same up to there (§3.5).</summary>
    public static Finding? Match(NodeState one, NodeState other)
    {
        var (a, b) = (one.Log, other.Log);
        var first = LogIndex.Max(a.Base.Index, b.Base.Index);
        var same = false;
        for (var at = LogIndex.Min(a.LastIndex, b.LastIndex); at > first; at = at.Previous)
        {
            same |= a[at].Term == b[at].Term;
            if (same && !a[at].Equals(b[at]))
                return new Finding("Log Matching",
                    $"{one.Self} has {a[at].Position} and {other.Self} {b[at].Position}, the same entry further on");
        }

        return null;
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
