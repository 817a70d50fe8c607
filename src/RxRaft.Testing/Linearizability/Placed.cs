namespace RxRaft.Testing;

/// <summary>Which operations are placed: a bit for each.</summary>
/// <param name="answered">How many were answered; they come first.</param>
/// <param name="lost">How many were not.</param>
internal sealed class Placed(int answered, int lost)
{
    private const int Bits = 64;

    private readonly int words = Words(answered);
    private readonly ulong[] all = new ulong[Words(answered) + Words(lost)];

    public void Flip(int number)
    {
        var bit = number < answered ? number : words * Bits + number - answered;
        all[bit / Bits] ^= 1UL << (bit % Bits);
    }

    /// <summary>
    /// The set, in few words: a history is long, but what is placed of it has a ragged edge only at its end.
    /// </summary>
    /// <returns>
    /// How many words full of answered operations there are; then the words after those, without the empty ones at the
    /// end; then those of the lost.
    /// </returns>
    public ulong[] Key()
    {
        var (full, end) = (0, words);
        while (full < words && all[full] == ulong.MaxValue) full++;
        while (end > full && all[end - 1] == 0) end--;

        var key = new ulong[1 + (all.Length - words) + (end - full)];
        key[0] = (ulong)full;
        all.AsSpan(words).CopyTo(key.AsSpan(1));
        all.AsSpan(full, end - full).CopyTo(key.AsSpan(1 + all.Length - words));
        return key;
    }

    private static int Words(int bits) => (bits + Bits - 1) / Bits;
}
