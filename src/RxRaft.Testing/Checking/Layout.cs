namespace RxRaft.Testing.Checking;

/// <summary>Where in a row of integers what of a state of the cluster is.</summary>
/// <param name="Nodes">How many nodes: the numbers of their parts come first.</param>
/// <param name="InFlight">How many messages at most: theirs come last, in rising order.</param>
internal readonly record struct Layout(int Nodes, int InFlight)
{
    /// <summary>Of the bounds, a byte each: timeouts, heartbeats, crashes, duplicates.</summary>
    public int Spent => Nodes;

    /// <summary>The others: proposals, reads, changes, transfers.</summary>
    public int Asked => Nodes + 1;

    /// <summary>The number of what is committed.</summary>
    public int Committed => Nodes + 2;

    /// <summary>Who was elected, 4 bits for each term: its index and 1.</summary>
    public int Leaders => Nodes + 3;

    /// <summary>What reads have to see, a byte each and 1 more; 0 when they have ended.</summary>
    public int Reads => Nodes + 4;

    /// <summary>How many messages there are.</summary>
    public int Count => Nodes + 5;

    /// <summary>The first of them.</summary>
    public int Letters => Nodes + 6;

    /// <summary>How long a row is.</summary>
    public int Width => Nodes + 6 + InFlight;
}
