using System.Threading;

namespace RxRaft.Testing.Checking;

/// <summary>Hashes that were seen, in open addressing: 8 bytes each, and as many again where there is room.</summary>
/// <remarks>
/// Not the states themselves: of n states one is taken for another, and overlooked, with a chance of about n² / 2^65
/// times at most the number of permutations of names. Of a hundred million, with three nodes, below one in a thousand.
/// </remarks>
internal sealed class PrintSet
{
    private const int Shards = 1024;
    private readonly Shard[] shards = new Shard[Shards];

    public PrintSet()
    {
        for (var i = 0; i < Shards; i++) shards[i] = new Shard();
    }

    /// <summary>Whether it was not there yet.</summary>
    /// <param name="print">Not 0.</param>
    public bool Add(ulong print) => shards[print >> 54].Add(print);

    private sealed class Shard
    {
        private readonly Lock gate = new();
        private ulong[] slots = new ulong[64];
        private int count;

        public bool Add(ulong print)
        {
            lock (gate)
            {
                if (!Put(slots, print)) return false;
                if (++count * 4L > slots.Length * 3L) Grow();
                return true;
            }
        }

        private static bool Put(ulong[] slots, ulong print)
        {
            var mask = slots.Length - 1;
            for (var at = (int)print & mask; ; at = (at + 1) & mask)
            {
                if (slots[at] == print) return false;
                if (slots[at] != 0) continue;
                slots[at] = print;
                return true;
            }
        }

        private void Grow()
        {
            var more = new ulong[2 * slots.Length];
            foreach (var print in slots)
                if (print != 0) Put(more, print);
            slots = more;
        }
    }
}
