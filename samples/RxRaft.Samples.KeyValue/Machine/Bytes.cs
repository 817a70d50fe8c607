using System.Text;

namespace RxRaft.Samples.KeyValue;

/// <summary>A value: bytes that never change, equal when they are the same.</summary>
internal readonly struct Bytes(ReadOnlyMemory<byte> memory) : IEquatable<Bytes>
{
    public static readonly Bytes Empty = new(ReadOnlyMemory<byte>.Empty);

    public ReadOnlyMemory<byte> Memory => memory;

    public ReadOnlySpan<byte> Span => memory.Span;

    public int Length => memory.Length;

    public static Bytes Of(string text) => new(Encoding.UTF8.GetBytes(text));

    /// <summary>The same in memory of its own: a part of an entry would keep the whole entry alive.</summary>
    public Bytes Copy() => new(memory.ToArray());

    public bool Equals(Bytes other) => Span.SequenceEqual(other.Span);

    public override bool Equals(object? other) => other is Bytes bytes && Equals(bytes);

    public override int GetHashCode() => (int)Fnv.Hash(Span);

    public override string ToString() => Encoding.UTF8.GetString(Span);

    public static bool operator ==(Bytes one, Bytes other) => one.Equals(other);

    public static bool operator !=(Bytes one, Bytes other) => !one.Equals(other);
}

/// <summary>FNV-1a in 64 bits: the same on every node and in every version, as what is replicated has to be.</summary>
internal static class Fnv
{
    public static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 14695981039346656037UL;
        foreach (var each in bytes) hash = (hash ^ each) * 1099511628211UL;
        return hash;
    }
}
