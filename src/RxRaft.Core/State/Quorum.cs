namespace RxRaft;

/// <summary>How an election stands.</summary>
public enum Tally
{
    /// <summary>Neither won nor lost yet.</summary>
    Pending,

    /// <summary>A quorum granted.</summary>
    Won,

    /// <summary>So many refused that no quorum can grant any more.</summary>
    Lost,
}

/// <summary>The arithmetic of majorities over one set of voters.</summary>
internal static class Quorum
{
    /// <summary>The smallest number of voters any two such groups of which share a member.</summary>
    public static int Majority(int voters) => voters / 2 + 1;

    public static Tally Count(Set<NodeId> voters, Map<NodeId, bool> votes)
    {
        var granted = 0;
        var refused = 0;
        foreach (var (voter, vote) in votes)
        {
            if (!voters.Contains(voter)) continue;
            if (vote) granted++; else refused++;
        }

        var majority = Majority(voters.Count);
        return granted >= majority ? Tally.Won
             : voters.Count - refused < majority ? Tally.Lost
             : Tally.Pending;
    }

    public static Tally Both(Tally a, Tally b) => (a, b) switch
    {
        (Tally.Won, Tally.Won) => Tally.Won,
        (Tally.Lost, _) or (_, Tally.Lost) => Tally.Lost,
        _ => Tally.Pending,
    };

    /// <summary>Sorted from the furthest down, the value of the voter that completes a majority.</summary>
    public static T Reached<A, T>(Set<NodeId> voters, Func<NodeId, A, T> value, A of)
        where T : struct, IComparable<T>
    {
        var (values, _, _, _) = voters.Fold((new T[voters.Count], 0, value, of), static (all, voter) =>
        {
            var (values, next, value, of) = all;
            values[next] = value(voter, of);
            return (values, next + 1, value, of);
        });
        values.AsSpan().Sort();
        return values[^Majority(values.Length)];
    }

    public static T Earlier<T>(T a, T b) where T : struct, IComparable<T> => a.CompareTo(b) <= 0 ? a : b;
}
