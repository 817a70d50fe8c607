using System.Collections.Generic;

namespace RxRaft.Testing.Checking;

/// <summary>States of the cluster that are as many steps from the first one, as one thread found them.</summary>
/// <param name="width">Of a row.</param>
internal sealed class Level(int width)
{
    private const int Rows = 4096;
    private readonly List<int[]> blocks = [];
    private readonly List<int> parents = [];
    private readonly List<int> ordinals = [];              // of 16 messages out of 22 there are 74,613 choices

    /// <summary>How many.</summary>
    public int Count => parents.Count;

    public ReadOnlySpan<int> this[int index] => blocks[index / Rows].AsSpan(index % Rows * width, width);

    /// <summary>Where each came from: a place in the level before, and which of that one's followers it was.</summary>
    public (int Parent, int Ordinal) Origin(int index) => (parents[index], ordinals[index]);

    public void Add(ReadOnlySpan<int> row, int parent, int ordinal)
    {
        var index = parents.Count;
        if (index % Rows == 0) blocks.Add(new int[Rows * width]);
        row.CopyTo(blocks[index / Rows].AsSpan(index % Rows * width));
        parents.Add(parent);
        ordinals.Add(ordinal);
    }

    /// <summary>Keeps where they came from, and lets go of the states.</summary>
    public void Forget()
    {
        blocks.Clear();
        parents.TrimExcess();
        ordinals.TrimExcess();
    }
}

/// <summary>A whole level: what all threads found.</summary>
internal sealed class Levels(Level[] parts)
{
    public Level[] Parts => parts;

    public int Count { get; } = Sum(parts);

    public ReadOnlySpan<int> this[int index]
    {
        get
        {
            var (part, at) = Find(index);
            return part[at];
        }
    }

    public (int Parent, int Ordinal) Origin(int index)
    {
        var (part, at) = Find(index);
        return part.Origin(at);
    }

    public void Forget()
    {
        foreach (var part in parts) part.Forget();
    }

    private (Level Part, int At) Find(int index)
    {
        foreach (var part in parts)
        {
            if (index < part.Count) return (part, index);
            index -= part.Count;
        }

        throw new ArgumentOutOfRangeException(nameof(index));
    }

    private static int Sum(Level[] parts)
    {
        var sum = 0;
        foreach (var part in parts) sum = checked(sum + part.Count);
        return sum;
    }
}
