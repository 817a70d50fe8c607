namespace RxRaft.Samples.KeyValue;

/// <summary>What one write asks of the store.</summary>
internal abstract record Change
{
    private Change() { }

    /// <summary>SET, SETNX, SETEX, GETSET.</summary>
    /// <param name="Fetch">Whether the answer is the value that was there.</param>
    public sealed record Set(Key Key, Bytes Value, When When, Lifetime Lifetime, bool Fetch) : Change
    {
        /// <summary>Whether anything depends on what the key held before.</summary>
        public bool LooksBack => Fetch || When != When.Always || Lifetime is Lifetime.AsBefore;
    }

    /// <summary>MSET.</summary>
    public sealed record SetAll(Seq<(Key Key, Bytes Value)> Pairs) : Change
    {
        public bool Equals(SetAll? other) => other is not null && Pairs == other.Pairs;

        public override int GetHashCode() => Pairs.GetHashCode();
    }

    /// <summary>DEL, UNLINK: how many were there.</summary>
    public sealed record Delete(Seq<Key> Keys) : Change
    {
        public bool Equals(Delete? other) => other is not null && Keys == other.Keys;

        public override int GetHashCode() => Keys.GetHashCode();
    }

    /// <summary>GETDEL.</summary>
    public sealed record Take(Key Key) : Change;

    /// <summary>INCR and the like.</summary>
    public sealed record Add(Key Key, long By) : Change;

    /// <summary>APPEND: the length after it.</summary>
    public sealed record Append(Key Key, Bytes Value) : Change;

    /// <summary>CAS: 1 if it found what it expected, else 0.</summary>
    public sealed record Swap(Key Key, Bytes Expected, Bytes Value) : Change;

    /// <summary>EXPIRE, PERSIST: 1 if something changed, else 0.</summary>
    public sealed record Expire(Key Key, Lifetime Lifetime) : Change;
}

/// <summary>On what a SET depends.</summary>
internal enum When : byte
{
    Always = 0,
    Missing = 1,
    Present = 2,
}

/// <summary>How long a key is to live.</summary>
internal abstract record Lifetime
{
    private Lifetime() { }

    public sealed record Forever : Lifetime;

    /// <summary>As long as it was to live before.</summary>
    public sealed record AsBefore : Lifetime;

    /// <summary>From when the write takes effect, by the store's clock.</summary>
    public sealed record For(long Milliseconds) : Lifetime;

    /// <summary>Milliseconds since 1970.</summary>
    public sealed record Until(long Time) : Lifetime;
}

/// <summary>What the log holds: the writes that a client sent at once, and when.</summary>
/// <param name="At">The clock of the node that was asked, in milliseconds since 1970.</param>
/// <param name="Changes">In this order. None: it only says how late it is.</param>
internal sealed record Batch(long At, Seq<Change> Changes)
{
    public bool Equals(Batch? other) => other is not null && At == other.At && Changes == other.Changes;

    public override int GetHashCode() => HashCode.Combine(At, Changes);
}
