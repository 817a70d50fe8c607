namespace RxRaft.Testing.Checking;

/// <summary>Hashes what it is told, word by word, to 128 bits; nodes under other names.</summary>
/// <param name="names">What each node is called here: a permutation of the nodes.</param>
/// <remarks>
/// Two chains of SplitMix64's finaliser with different constants. Equal words give equal prints in every process.
/// </remarks>
internal sealed class Print(Func<NodeId, NodeId> names)
{
    private ulong a = 0x243F6A8885A308D3, b = 0x13198A2E03707344;

    /// <summary>Of all that was told so far.</summary>
    public UInt128 Value => new(Mix(a ^ (b << 1)), Mix(b + a));

    public Print Word(ulong word)
    {
        unchecked
        {
            a = Mix((a + 0x9E3779B97F4A7C15) ^ word);
            b = Mix((b ^ 0xD6E8FEB86659FD93) + word * 0xA24BAED4963EE407);
        }

        return this;
    }

    public Print Word(long word) => Word(unchecked((ulong)word));

    public Print Word(bool word) => Word(word ? 1UL : 2UL);

    public Print Node(NodeId node) => Word(names(node).Value);

    public Print Node(Option<NodeId> node) => node.Case is NodeId some ? Node(some) : Word(0UL);

    public Print Place(LogPosition position) => Word(position.Term.Value).Word(position.Index.Value);

    public Print Request(RequestId request) => Word(request.Session.Value).Word(request.Sequence);

    public Print Bytes(ReadOnlyMemory<byte> bytes)
    {
        Word((ulong)bytes.Length);
        foreach (var each in bytes.Span) Word((ulong)each);
        return this;
    }

    /// <summary>Several in their order.</summary>
    public Print All<T>(Seq<T> items, Action<Print, T> tell)
    {
        Word((ulong)items.Count);
        foreach (var item in items) tell(this, item);
        return this;
    }

    /// <summary>Several in no order: under other names they come in another one.</summary>
    public Print Any<T>(System.Collections.Generic.IEnumerable<T> items, Action<Print, T> tell)
    {
        UInt128 sum = 0;
        foreach (var item in items)
        {
            var one = new Print(names);
            tell(one, item);
            unchecked { sum += one.Value; }
        }

        return Word((ulong)(sum >> 64)).Word((ulong)sum);
    }

    /// <summary>Other bits for other words, all of them.</summary>
    public static ulong Mix(ulong z)
    {
        unchecked
        {
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }
}
