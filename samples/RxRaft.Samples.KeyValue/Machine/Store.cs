namespace RxRaft.Samples.KeyValue;

/// <summary>What a key holds.</summary>
/// <param name="Deadline">When it ends, by the store's clock; exclusive.</param>
internal readonly record struct Held(Bytes Value, Option<long> Deadline)
{
    public bool IsOver(long now) => Deadline.Case is long end && end <= now;
}

/// <summary>A key that has a deadline, the earliest first.</summary>
internal readonly record struct Due(long Deadline, Key Key) : IComparable<Due>
{
    public int CompareTo(Due other) =>
        Deadline != other.Deadline ? Deadline.CompareTo(other.Deadline) : Key.CompareTo(other.Key);

    public static bool operator <(Due one, Due other) => one.CompareTo(other) < 0;

    public static bool operator >(Due one, Due other) => one.CompareTo(other) > 0;

    public static bool operator <=(Due one, Due other) => one.CompareTo(other) <= 0;

    public static bool operator >=(Due one, Due other) => one.CompareTo(other) >= 0;
}

/// <summary>All keys at one moment: a value, the same on every node that has applied as much.</summary>
/// <param name="Now">
/// The latest clock that a write brought, in milliseconds since 1970. No other clock decides what is over.
/// </param>
internal sealed record Store(Map<Key, Held> Keys, Set<Due> Dues, long Now)
{
    public static readonly Store Empty = new(Map<Key, Held>(), Set<Due>(), 0);

    /// <summary>Keys that are over and not removed yet count, as in Redis.</summary>
    public int Count => Keys.Count;

    /// <summary>What a key holds, unless it is over.</summary>
    public Option<Held> Find(Key key) => Keys.Find(key).Case is Held held && !held.IsOver(Now) ? held : None;

    public Option<Bytes> Value(Key key) => Find(key).Map(held => held.Value);

    /// <summary>The earliest deadline.</summary>
    public Option<long> NextDeadline => Dues.Min.Map(due => due.Deadline);

    public Store Put(Key key, Held held)
    {
        var dues = Without(key);
        return this with
        {
            Keys = Keys.AddOrUpdate(key, held),
            Dues = held.Deadline.Case is long end ? dues.Add(new Due(end, key)) : dues,
        };
    }

    public Store Remove(Key key) =>
        Keys.ContainsKey(key) ? this with { Keys = Keys.Remove(key), Dues = Without(key) } : this;

    /// <summary>It is so late, at least; what is over goes, but not more than so much at once.</summary>
    public Store At(long time, int most)
    {
        var store = time > Now ? this with { Now = time } : this;
        for (var i = 0; i < most && store.Dues.Min.Case is Due due && due.Deadline <= store.Now; i++)
            store = store.Remove(due.Key);
        return store;
    }

    private Set<Due> Without(Key key) =>
        !Dues.IsEmpty && Keys.Find(key).Case is Held { Deadline.Case: long end }
            ? Dues.Remove(new Due(end, key))
            : Dues;
}
