using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Fuzz;

/// <summary>
/// Logs that are random, or changed at random, or correct frames around changed changes: reading ends, with a log or
/// with the file and the place that is wrong, and takes memory in proportion to what is there.
/// </summary>
public static class DiskFuzz
{
    private const string File = "/disk/log";
    private const int Size = 8192;
    private const int Samples = 64;

    private static readonly SegmentHeader Header = new(Cluster: 7, new NodeId(1), Number: 1, Size, Salt: 0x5EED);

    /// <summary>Reads many.</summary>
    /// <returns>How many could be read, in part at least, and how many were refused.</returns>
    /// <exception cref="InvalidOperationException">One went wrong; the message says which.</exception>
    public static (long Read, long Refused) Run(int seed, long cases)
    {
        var samples = Enumerable.Range(0, Samples).Select(Sample).ToArray();
        var (read, refused) = (0L, 0L);
        for (var number = 0L; number < cases; number++)
        {
            var random = new Random(Mixed(seed, number));
            var bytes  = (random.Next(8), samples[random.Next(Samples)]) switch
            {
                (0, _)          => Noise(random),
                (< 4, var some) => Resealed(random, some),
                (_, var some)   => Changed(random, some.Bytes),
            };
            try
            {
                if (Reads(bytes, mayBeTorn: random.Next(2) == 0)) read++; else refused++;
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"Seed {seed}, case {number}: {fault.Message}", fault);
            }
        }

        return (read, refused);
    }

    private static bool Reads(byte[] bytes, bool mayBeTorn)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var fold = new LogFold();
        var good = true;
        try
        {
            new SegmentReader(Header, File, mayBeTorn).Read(bytes, sequence: 0, (group, place) =>
            {
                var wrong = group is LogGroup.Head head ? fold.Begin(1, head.Outline) : fold.Add((LogGroup.Change)group);
                if (wrong is not null) throw new DiskCorruptionException(File, place, wrong);
            });
            if (fold.Missing.IsNone && fold.Objection() is null) _ = fold.State();
        }
        catch (DiskCorruptionException damage)
        {
            good = false;
            if (damage.File != File || damage.Offset < 0 || damage.Offset > bytes.Length)
                throw new InvalidOperationException($"The place {damage.Offset} of {damage.File} is nowhere", damage);
        }

        var taken = GC.GetAllocatedBytesForCurrentThread() - before;
        return taken < 200L * Size + 1_000_000 ? good : throw new InvalidOperationException($"{taken} bytes of memory were taken");
    }

    /// <summary>A segment of whole frames, and where each has its body.</summary>
    private static (byte[] Bytes, List<(int At, byte[] Body, int Groups)> Frames) Sample(int seed)
    {
        var frames   = new List<(int, byte[], int)>();
        var outline  = LogOutline.Fresh;
        var (bytes, at, sequence) = (new byte[Size], SegmentHeader.Sector, 1UL);
        foreach (var episode in Story.Of(seed, 12).Episodes)
        {
            if (episode is not Episode.Writes { Changes: var changes }) continue;

            var body = new DiskBuffer();
            if (sequence == 1) body.WriteHead(outline);
            foreach (var change in changes)
            {
                var file = change.Snapshot.Map(some => new SnapshotFile(some, some.Size == 0 ? 0UL : 9, 77));
                body.WriteChange(change, file);
                outline = outline.After(change, file);
            }

            var plain = body.Written.ToArray();
            if (!Put(bytes, at, plain, sequence, changes.Count + (sequence == 1 ? 1 : 0), out var length)) break;
            frames.Add((at, plain, changes.Count + (sequence == 1 ? 1 : 0)));
            (at, sequence) = (at + length, sequence + 1);
        }

        return (bytes, frames);
    }

    private static bool Put(byte[] bytes, int at, ReadOnlySpan<byte> body, ulong sequence, int groups, out int length)
    {
        length = LogFrame.Unit + (body.Length + LogFrame.Unit - 1) / LogFrame.Unit * LogFrame.Unit;
        if (at + length > bytes.Length) return false;

        var frame = bytes.AsSpan(at, length);
        frame.Clear();
        body.CopyTo(frame[LogFrame.Unit..]);
        LogFrame.Seal(frame, Header, at, sequence, groups);
        return true;
    }

    private static byte[] Noise(Random random)
    {
        var bytes = new byte[random.Next(Size)];
        random.NextBytes(bytes);
        return bytes;
    }

    /// <summary>The same log, but that one frame has another body, and is as correct as the others.</summary>
    private static byte[] Resealed(Random random, (byte[] Bytes, List<(int At, byte[] Body, int Groups)> Frames) sample)
    {
        var bytes  = sample.Bytes.ToArray();
        var number = random.Next(sample.Frames.Count);
        var (at, body, groups) = sample.Frames[number];
        var other  = random.Next(6) == 0 ? [] : Changed(random, body);
        if (other.Length == 0) random.NextBytes(other = new byte[random.Next(1, 200)]);
        Put(bytes, at, other, (ulong)number + 1, random.Next(8) == 0 ? random.Next(1, 9) : groups, out _);
        return bytes;
    }

    private static byte[] Changed(Random random, byte[] original)
    {
        var bytes = original.ToArray();
        for (var changes = random.Next(1, 5); changes > 0 && bytes.Length > 0; changes--)
        {
            var at    = random.Next(bytes.Length);
            var count = Math.Min(random.Next(1, 64), bytes.Length - at);
            var kind  = random.Next(7);
            if (kind == 0) random.NextBytes(bytes.AsSpan(at, count));
            else if (kind == 1) bytes.AsSpan(at, count).Clear();
            else if (kind == 2) bytes.AsSpan(at, count).Fill(0xFF);
            else if (kind == 3) bytes.AsSpan(at / 512 * 512, Math.Min(512, bytes.Length - at / 512 * 512)).Clear();
            else if (kind == 4) bytes = bytes[..at];
            else bytes[at] ^= (byte)(1 << random.Next(8));
        }

        return bytes;
    }

    private static int Mixed(int seed, long number) => (int)((ulong)(seed * 0x9E3779B9L + number * 0x85EBCA6BL) >> 7);
}
