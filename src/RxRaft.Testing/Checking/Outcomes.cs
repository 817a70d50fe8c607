using System.Numerics;

namespace RxRaft.Testing.Checking;

/// <summary>The states of the cluster that a deed leads to, checked, with their hashes.</summary>
internal sealed class Outcomes(Stage stage, CheckOptions options, Layout at)
{
    private const int Most = 64;
    private readonly Names names = stage.Names;
    private readonly Judge judge = new(stage, options, at);
    private readonly ulong[] sums = new ulong[stage.Names.Lanes];
    private readonly ulong[] work = new ulong[stage.Names.Lanes];
    private readonly ulong[] some = new ulong[stage.Names.Lanes];
    private readonly int[] next = new int[at.Width];
    private readonly int[] together = new int[Most];
    private readonly int[] before = new int[at.Width];
    private NodePart[] nodes = [];
    private ISink sink = null!;
    private bool said;

    /// <summary>The first state of all.</summary>
    public (int[] Row, ulong Print, Finding? Wrong) Begin()
    {
        var row = new int[at.Width];
        for (var i = 0; i < at.Nodes; i++)
        {
            var boot = stage.First(names.Nodes[i]);
            if (boot.Wrong.Case is Finding wrong) return (row, 1, wrong);
            row[i] = stage.Part(boot.State, boot.Disk).Id;
        }

        row[at.Committed] = stage.Chronicle.Nothing.Id;
        Sum(row);
        return (row, names.Least(sums, Rest(row)), null);
    }

    /// <summary>From where the next deeds lead on.</summary>
    public void From(ReadOnlySpan<int> row, NodePart[] those, ISink hears)
    {
        row.CopyTo(before);
        (nodes, sink) = (those, hears);
        Sum(row);
    }

    /// <summary>Does it.</summary>
    /// <param name="deed">What.</param>
    /// <param name="taken">The message that is no longer on its way; -1 if there is none.</param>
    public void Try(Deed deed, int taken)
    {
        var node = nodes[deed.Node];
        var stride = judge.Do(node, deed.Kind, deed.Argument);
        if (stride.Wrong is { } wrong)
        {
            sink.Found(deed, wrong);
            return;
        }

        var crashes = Crashes(before);
        foreach (var leg in stride.Legs)
            if (leg.Cut >= 0 ? crashes : Matters(node, leg, deed)) Go(deed with { Cut = leg.Cut }, taken, leg);
    }

    private static bool Matters(NodePart node, Leg leg, Deed deed) =>
        (leg.After.Id != node.Id || leg.Sent.Length > 0 || leg.Reads.Length > 0)
        && !(deed.Kind == Kind.Wake && (Alarm)deed.Argument == Alarm.Quorum && leg.After.Leads);

    private void Go(Deed deed, int taken, Leg leg)
    {
        before.CopyTo(next, 0);
        sums.CopyTo(work, 0);
        var (spent, asked) = deed.Cost;
        next[at.Spent] += (int)spent;
        next[at.Asked] += (int)asked;
        if (deed.Kind == Kind.Read)
            next[at.Reads] += (stage.Chronicle[before[at.Committed]].Entries.Count + 1) << (8 * deed.Argument);
        next[deed.Node] = leg.After.Id;
        Names.Take(work, nodes[deed.Node].Prints);
        Names.Add(work, leg.After.Prints);

        if (judge.Weigh(nodes, deed.Node, leg, next, work) is { } wrong) sink.Found(deed, wrong);
        else if (leg.After.Length <= options.Bounds.Entries && leg.After.Term <= options.Bounds.Terms)
            Emit(deed, leg, Letters(taken, nodes[deed.Node], leg));
    }

    /// <summary>What is on its way now, in rising order of its numbers.</summary>
    private int Letters(int taken, NodePart node, Leg leg)
    {
        var count = 0;
        said = false;
        for (var i = 0; i < before[at.Count]; i++)
        {
            var number = before[at.Letters + i];
            var letter = stage.Letter(number);
            var gone = number == taken || (leg.After != node && next[letter.To] == leg.After.Id && IsIdle(letter));
            if (number == taken) taken = -1;                            // one copy of it
            if (gone) Names.Take(work, letter.Prints);
            else together[count++] = number;
        }

        foreach (var letter in leg.Sent)
        {
            if (IsIdle(letter)) continue;
            said = true;
            Names.Add(work, letter.Prints);
            var to = count++;
            for (; to > 0 && together[to - 1] > letter.Id; to--) together[to] = together[to - 1];
            together[to] = letter.Id;
        }

        return count;
    }

    private bool IsIdle(LetterPart letter) =>
        options.ForgetsIdleReplies && judge.IsIdle(letter, stage.Node(next[letter.To]), Crashes(next));

    private bool Crashes(int[] row) => (row[at.Spent] >> 16 & 0xFF) < options.Bounds.Crashes;

    /// <summary>All choices of as many messages as may be on their way.</summary>
    private void Emit(Deed deed, Leg leg, int count)
    {
        if (leg.After == nodes[deed.Node] && !said && leg.Reads.Length == 0) return;    // as if it had not come

        var (kept, rest) = (Math.Min(count, at.InFlight), Rest(next));
        next[at.Count] = kept;
        System.Array.Clear(next, at.Letters, at.InFlight);
        if (kept == count)
        {
            together.AsSpan(0, count).CopyTo(next.AsSpan(at.Letters));
            sink.Next(next, names.Least(work, rest), deed, together.AsSpan(0, count));
            return;
        }

        for (var choice = (1L << kept) - 1; choice < 1L << count; choice = Following(choice))
        {
            work.CopyTo(some, 0);
            var to = at.Letters;
            for (var i = 0; i < count; i++)
                if ((choice >> i & 1) != 0) next[to++] = together[i];
                else Names.Take(some, stage.Letter(together[i]).Prints);
            sink.Next(next, names.Least(some, rest), deed, together.AsSpan(0, count));
        }
    }

    /// <summary>The next larger number with as many bits (Gosper).</summary>
    private static long Following(long bits)
    {
        var least = bits & -bits;
        var carried = bits + least;
        return carried | ((bits ^ carried) >> (BitOperations.TrailingZeroCount(least) + 2));
    }

    private ulong Rest(ReadOnlySpan<int> row) => unchecked(
        Print.Mix(((ulong)(uint)row[at.Spent] << 32 | (uint)row[at.Asked]) + 1)
        + Print.Mix((ulong)(uint)row[at.Reads] + 0x5EAD));

    private void Sum(ReadOnlySpan<int> row)
    {
        System.Array.Clear(sums);
        for (var i = 0; i < at.Nodes; i++) Names.Add(sums, stage.Node(row[i]).Prints);
        Names.Add(sums, stage.Chronicle[row[at.Committed]].Prints);
        for (var i = 0; i < row[at.Count]; i++) Names.Add(sums, stage.Letter(row[at.Letters + i]).Prints);
        judge.AddLeaders(sums, row[at.Leaders]);
    }
}
