namespace RxRaft.Samples.KeyValue;

/// <summary>A key. Keys are ordered by their hash, which is the cursor of SCAN, and then by their bytes.</summary>
internal readonly struct Key : IEquatable<Key>, IComparable<Key>
{
    /// <summary>
    /// Of this process: keys of which many have one hash code cannot be thought of. FNV's lower half alone makes it
    /// easy.
    /// </summary>
    private static readonly ulong Secret =
        BitConverter.ToUInt64(System.Security.Cryptography.RandomNumberGenerator.GetBytes(8)) | 1;

    public Key(Bytes name) : this(name, Math.Max(1, Fnv.Hash(name.Span))) { }

    private Key(Bytes name, ulong hash) => (Name, Hash) = (name, hash);

    public Bytes Name { get; }

    /// <summary>Never 0, which is the cursor of a scan that begins or has ended.</summary>
    public ulong Hash { get; }

    public static Key Of(string text) => new(Bytes.Of(text));

    /// <summary>No key of this hash is before it.</summary>
    public static Key First(ulong hash) => new(Bytes.Empty, hash);

    public Key Copy() => new(Name.Copy(), Hash);

    public int CompareTo(Key other) =>
        Hash != other.Hash ? Hash.CompareTo(other.Hash) : Name.Span.SequenceCompareTo(other.Name.Span);

    public bool Equals(Key other) => Hash == other.Hash && Name == other.Name;

    public override bool Equals(object? other) => other is Key key && Equals(key);

    /// <summary>Another in each process; nothing that is replicated depends on it.</summary>
    public override int GetHashCode() => (int)((Hash * Secret) >> 32);

    public override string ToString() => $"{Name}";

    public static bool operator ==(Key one, Key other) => one.Equals(other);

    public static bool operator !=(Key one, Key other) => !one.Equals(other);

    public static bool operator <(Key one, Key other) => one.CompareTo(other) < 0;

    public static bool operator >(Key one, Key other) => one.CompareTo(other) > 0;

    public static bool operator <=(Key one, Key other) => one.CompareTo(other) <= 0;

    public static bool operator >=(Key one, Key other) => one.CompareTo(other) >= 0;
}
