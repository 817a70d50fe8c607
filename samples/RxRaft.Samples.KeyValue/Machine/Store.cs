namespace RxRaft.Samples.KeyValue;

/// <summary>What a key holds.</summary>
/// <param name="Deadline">When it ends, by the store's clock; exclusive.</param>
/// <remarks>An object: a map that copies the neighbours of what is written copies only where they are.</remarks>
internal sealed record Held(Bytes Value, Option<long> Deadline)
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
/// <param name="Values">By key: what is written again, as most is, changes nothing else.</param>
/// <param name="Order">The keys, for who goes through all of them.</param>
/// <param name="Dues">Those with a deadline.</param>
/// <param name="Now">
/// The latest clock that a write brought, in milliseconds since 1970. No other clock decides what is over.
/// </param>
internal sealed record Store(HashMap<Key, Held> Values, Set<Key> Order, Set<Due> Dues, long Now)
{
    public static readonly Store Empty = new(HashMap<Key, Held>(), Set<Key>(), Set<Due>(), 0);

    /// <summary>Keys that are over and not removed yet count, as in Redis.</summary>
    public int Count => Values.Count;

    /// <summary>All of them, in the order of the keys.</summary>
    public Seq<(Key Key, Held Value)> All => toSeq(Order).Map(key => (key, Values[key]));

    /// <summary>What a key holds, unless it is over.</summary>
    public Option<Held> Find(Key key) => Values.Find(key).Case is Held held && !held.IsOver(Now) ? held : None;

    public Option<Bytes> Value(Key key) => Find(key).Map(held => held.Value);

    /// <summary>The earliest deadline.</summary>
    public Option<long> NextDeadline => Dues.Min.Map(due => due.Deadline);

    public Store Put(Key key, Held held)
    {
        var dues   = Without(key);
        var values = Values.AddOrUpdate(key, held);
        return this with
        {
            Values = values,
            Order = values.Count == Values.Count ? Order : Order.Add(key),
            Dues = held.Deadline.Case is long end ? dues.Add(new Due(end, key)) : dues,
        };
    }

    public Store Remove(Key key) =>
        Values.ContainsKey(key)
            ? this with { Values = Values.Remove(key), Order = Order.Remove(key), Dues = Without(key) }
            : this;

    /// <summary>It is so late, at least; what is over goes, but not more than so much at once.</summary>
    public Store At(long time, int most)
    {
        var store = time > Now ? this with { Now = time } : this;
        for (var i = 0; i < most && store.Dues.Min.Case is Due due && due.Deadline <= store.Now; i++)
            store = store.Remove(due.Key);
        return store;
    }

    private Set<Due> Without(Key key) =>
        !Dues.IsEmpty && Values.Find(key).Case is Held { Deadline.Case: long end }
            ? Dues.Remove(new Due(end, key))
            : Dues;
}
