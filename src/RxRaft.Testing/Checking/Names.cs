using System.Collections.Generic;
using System.Linq;
using System.Runtime.Intrinsics;

namespace RxRaft.Testing.Checking;

/// <summary>The nodes, and the permutations of their names under which the cluster looks the same at first.</summary>
/// <remarks>
/// Raft treats all names alike, so what can happen to a cluster can happen to it with its names permuted. A state and
/// its permutations have one hash: the least of theirs.
/// </remarks>
internal sealed class Names
{
    private readonly Dictionary<NodeId, int> indexes = [];
    private List<int[]> permutations;

    public Names(Seq<NodeId> nodes, bool symmetry)
    {
        Nodes = [.. nodes];
        for (var i = 0; i < Nodes.Length; i++) indexes.Add(Nodes[i], i);
        permutations = symmetry ? [.. Permutations(Nodes.Length)] : [[.. Enumerable.Range(0, Nodes.Length)]];
    }

    public NodeId[] Nodes { get; }

    /// <summary>How many permutations.</summary>
    public int Count => permutations.Count;

    /// <summary>The same, rounded up to whole vectors.</summary>
    public int Lanes => (Count + 3) / 4 * 4;

    public int IndexOf(NodeId node) => indexes[node];

    public bool Knows(NodeId node) => indexes.ContainsKey(node);

    /// <summary>What of the whole cluster must stay the same under a permutation.</summary>
    public void Keep(Func<Print, UInt128> whole)
    {
        var same = whole(new Print(node => node));
        permutations = [.. permutations.Where(permutation => whole(new Print(Named(permutation))) == same)];
    }

    /// <summary>The hash of 128 bits under the nodes' own names, and under each permutation that of 64 bits.</summary>
    public (UInt128 Own, ulong[] Prints) Of(Func<Print, Print> tell)
    {
        var prints = new ulong[Lanes];
        for (var i = 0; i < Count; i++) prints[i] = (ulong)tell(new Print(Named(permutations[i]))).Value;
        for (var i = Count; i < prints.Length; i++) prints[i] = 0;
        return (tell(new Print(node => node)).Value, prints);
    }

    /// <summary>Adds each hash of a part to its sum.</summary>
    public static void Add(Span<ulong> sums, ulong[] prints)
    {
        for (var i = 0; i < sums.Length; i += 4)
            (Vector256.Create<ulong>(sums[i..]) + Vector256.Create(prints, i)).CopyTo(sums[i..]);
    }

    /// <summary>Takes each hash of a part from its sum.</summary>
    public static void Take(Span<ulong> sums, ulong[] prints)
    {
        for (var i = 0; i < sums.Length; i += 4)
            (Vector256.Create<ulong>(sums[i..]) - Vector256.Create(prints, i)).CopyTo(sums[i..]);
    }

    /// <summary>The least of the sums, and what depends on no name: never 0.</summary>
    public ulong Least(ReadOnlySpan<ulong> sums, ulong rest)
    {
        var least = sums[0];
        for (var i = 1; i < Count; i++) least = Math.Min(least, sums[i]);
        var print = Print.Mix(unchecked(Print.Mix(least) + rest));
        return print == 0 ? 1 : print;
    }

    private Func<NodeId, NodeId> Named(int[] permutation) =>
        node => indexes.TryGetValue(node, out var index) ? Nodes[permutation[index]] : node;

    private static IEnumerable<int[]> Permutations(int count) =>
        count == 0
            ? [[]]
            : Permutations(count - 1).SelectMany(rest => Enumerable.Range(0, count).Select(at =>
                rest[..at].Append(count - 1).Concat(rest[at..]).ToArray()));
}
