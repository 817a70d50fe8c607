using System.Collections.Generic;

namespace RxRaft.Testing.Checking;

/// <summary>The properties of the whole cluster over one deed, and what they have to remember.</summary>
/// <remarks>One for each thread: it also remembers what it has compared.</remarks>
internal sealed class Judge(Stage stage, CheckOptions options, Layout at)
{
    private readonly Dictionary<ulong, Stride> strides = [];
    private readonly Dictionary<ulong, Finding?> matches = [];
    private readonly Dictionary<(int, int), Finding?> complete = [];
    private readonly Dictionary<(int, int), (Committed Now, Finding? Wrong)> learned = [];
    private readonly Dictionary<ulong, bool> idle = [];
    private readonly ulong[][] leaders = Leaders(stage.Names);

    /// <summary>What comes of it at that node.</summary>
    public Stride Do(NodePart node, Kind kind, int argument)
    {
        var key = ((ulong)node.Id << 36) | ((ulong)kind << 32) | (uint)argument;
        if (strides.TryGetValue(key, out var known)) return known;

        var found = stage.Do(node, kind, argument);
        strides.Add(key, found);
        return found;
    }

    /// <summary>Whether the message can bring nothing about any more.</summary>
    public bool IsIdle(LetterPart letter, NodePart node, bool crashes)
    {
        if (!letter.IsReply || letter.Letter.Message.Term.Value > (ulong)node.Term) return false;

        var key = ((ulong)node.Id << 32) | ((ulong)letter.Id << 1) | (crashes ? 1u : 0u);
        if (!idle.TryGetValue(key, out var found))
            idle.Add(key, found = Idle.For(letter.Letter, node, crashes));
        return found;
    }

    /// <summary>Says what is wrong, or writes down what is to be remembered.</summary>
    /// <param name="before">The nodes before.</param>
    /// <param name="index">Which of them did something.</param>
    /// <param name="leg">What.</param>
    /// <param name="row">The cluster after it, as far as its nodes go.</param>
    /// <param name="sums">Of its hashes.</param>
    public Finding? Weigh(NodePart[] before, int index, Leg leg, int[] row, ulong[] sums)
    {
        if (leg.Elected > 0 && Elect(leg, index, row, sums) is { } elected) return elected;
        if (leg.Commits && Commit(leg, row, sums) is { } committed) return committed;
        if (leg.After.Log != before[index].Log && Match(leg.After, index, row) is { } different) return different;
        if ((leg.Elected > 0 || leg.Commits) && Complete(leg, index, row) is { } incomplete) return incomplete;
        foreach (var (read, seen) in leg.Reads)
            if (Read(read, seen, row) is { } stale) return stale;
        if (leg.Commits || leg.After.Term > before[index].Term) Forget(row, sums);
        return null;
    }

    /// <summary>Adds the hashes of those who were elected.</summary>
    public void AddLeaders(ulong[] sums, int elected)
    {
        for (var term = 0; elected >> (4 * term) != 0; term++)
            if ((elected >> (4 * term) & 0xF) is > 0 and var leader) Names.Add(sums, LeaderPrint(term, leader - 1));
    }

    /// <summary>Election Safety: at most one leader can be elected in a given term (§3.4).</summary>
    private Finding? Elect(Leg leg, int index, int[] row, ulong[] sums)
    {
        if (leg.Elected > options.Bounds.Terms) return null;            // beyond the bounds: not gone on from

        var shift = 4 * (leg.Elected - 1);
        var other = (row[at.Leaders] >> shift & 0xF) - 1;
        if (other >= 0)
            return other == index ? null : new Finding("Election Safety",
                $"{stage.Names.Nodes[other]} and {stage.Names.Nodes[index]} were both elected in T{leg.Elected}");

        row[at.Leaders] |= (index + 1) << shift;
        Names.Add(sums, LeaderPrint(leg.Elected - 1, index));
        return null;
    }

    private Finding? Commit(Leg leg, int[] row, ulong[] sums)
    {
        var known = stage.Chronicle[row[at.Committed]];
        var key = (known.Id, leg.After.Id);
        var isOfNode = leg.Cut < 0 && leg.Dropped.Length == 0;          // of it alone, however it came there
        if (!isOfNode || !learned.TryGetValue(key, out var found))
        {
            found = Learn(known, leg);
            if (isOfNode) learned.Add(key, found);
        }

        Replace(known, found.Now, row, sums);
        return found.Wrong;
    }

    private (Committed Now, Finding? Wrong) Learn(Committed known, Leg leg)
    {
        var (now, wrong) = stage.Chronicle.Learn(known, leg.Reached, leg.Dropped);
        if (wrong is not null || now == known) return (now, wrong);

        var own = options.Property(now.Entries.Map(each => each.Entry).Strict());
        return (now, own.Case is string said ? new Finding("Own property", said) : null);
    }

    private void Replace(Committed old, Committed now, int[] row, ulong[] sums)
    {
        if (old == now) return;

        row[at.Committed] = now.Id;
        Names.Take(sums, old.Prints);
        Names.Add(sums, now.Prints);
    }

    private Finding? Match(NodePart after, int index, int[] row)
    {
        for (var i = 0; i < at.Nodes; i++)
        {
            var other = stage.Node(row[i]);
            if (i == index || other.Log == after.Log) continue;

            var key = ((ulong)after.Log << 32) | (uint)other.Log;
            if (!matches.TryGetValue(key, out var found))
                matches.Add(key, found = Chronicle.Match(after.State, other.State));
            if (found is not null) return found;
        }

        return null;
    }

    private Finding? Complete(Leg leg, int index, int[] row)
    {
        var known = stage.Chronicle[row[at.Committed]];
        if (stage.Chronicle.Complete(known, leg.Reached) is { } wrong) return wrong;
        for (var i = 0; i < at.Nodes && leg.Commits; i++)
        {
            var other = stage.Node(row[i]);
            if (i == index || !other.Leads) continue;
            if (!complete.TryGetValue((known.Id, other.Id), out var found))
                complete.Add((known.Id, other.Id), found = stage.Chronicle.Complete(known, other.State));
            if (found is not null) return found;
        }

        return null;
    }

    /// <summary>A read sees everything that was committed when it was asked (§6.4).</summary>
    private Finding? Read(int read, LogIndex seen, int[] row)
    {
        var wanted = (row[at.Reads] >> (8 * read) & 0xFF) - 1;
        row[at.Reads] &= ~(0xFF << (8 * read));
        var last = stage.Chronicle.Begin + Math.Max(0, wanted);
        return wanted < 0 || seen >= last ? null : new Finding("Linearizable reads",
            $"a read saw what was committed through {seen}, where {last} was committed when it was asked");
    }

    /// <summary>Forgets who was elected in terms in which nobody can be any more.</summary>
    private void Forget(int[] row, ulong[] sums)
    {
        var least = int.MaxValue;
        for (var i = 0; i < at.Nodes; i++) least = Math.Min(least, stage.Node(row[i]).Term);
        for (var term = 0; term < least - 1 && row[at.Leaders] >> (4 * term) != 0; term++)
        {
            var leader = row[at.Leaders] >> (4 * term) & 0xF;
            if (leader == 0) continue;
            row[at.Leaders] &= ~(0xF << (4 * term));
            Names.Take(sums, LeaderPrint(term, leader - 1));
        }

        var known = stage.Chronicle[row[at.Committed]];
        Replace(known, stage.Chronicle.Settle(known, least), row, sums);
    }

    private ulong[] LeaderPrint(int term, int leader) => leaders[term * stage.Names.Nodes.Length + leader];

    private static ulong[][] Leaders(Names names)
    {
        var count = names.Nodes.Length;
        var prints = new ulong[8 * count][];
        for (var i = 0; i < prints.Length; i++)
        {
            var (term, leader) = ((ulong)(i / count), names.Nodes[i % count]);
            prints[i] = names.Of(print => print.Word(0x1EADUL).Word(term).Node(leader)).Prints;
        }

        return prints;
    }
}
