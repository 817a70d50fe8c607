using System.Buffers;
using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Fuzz;

/// <summary>
/// Frames that are right, with bytes changed, cut, doubled and mixed, and bytes at random: each gives messages, nothing,
/// or a FrameException. What is read from a changed frame can be written, and reads the same again.
/// </summary>
internal static class WireFuzz
{
    private const int Most = 64 << 10;
    private const long MostMemory = 40L * Most;

    /// <summary>Runs so many cases; whatever else comes of one is thrown, with its number and seed.</summary>
    public static (long Read, long Skipped, long Refused) Run(long cases, long seed)
    {
        var (read, skipped, refused) = (0L, 0L, 0L);
        var right = Samples().ToArray();
        for (var number = 0L; number < cases; number++)
        {
            var chance = new Random(unchecked((int)(seed * 1_000_003 + number)));
            var bytes  = Case(chance, right);
            try
            {
                One(bytes, ref read, ref skipped);
            }
            catch (FrameException)
            {
                refused++;
            }
            catch (Exception failure)
            {
                throw new InvalidOperationException(
                    $"Case {number} of seed {seed}, {Convert.ToHexString(bytes)}: {failure.Message}", failure);
            }
        }

        return (read, skipped, refused);
    }

    private static void One(byte[] bytes, ref long read, ref long skipped)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var reader = new MessageReader(Most);
        var left   = new ReadOnlySequence<byte>(bytes);
        var said   = new List<Message>();
        while (FrameHeader.TryTake(ref left, Most, out var header, out var message, out var attachment))
            if (reader.Read(header.Kind, message, attachment) is { } one) said.Add(one);
            else skipped++;

        var memory = GC.GetAllocatedBytesForCurrentThread() - before;
        if (memory > MostMemory) throw new InvalidOperationException($"{memory} bytes of memory for {bytes.Length}");

        foreach (var one in said) Again(one);
        read += said.Count;
    }

    private static void Again(Message message)
    {
        var buffer = new SendBuffer();
        if (!new MessageWriter(Most).TryWrite(message, buffer)) return;     // at the limit, others may write it shorter

        var left = new ReadOnlySequence<byte>(buffer.Written);
        FrameHeader.TryTake(ref left, Most, out var header, out var body, out var attachment);
        var again = new MessageReader(Most).Read(header.Kind, body, attachment);
        var same  = message is Message.InstallSnapshot a && again is Message.InstallSnapshot b
            ? a.Data.Span.SequenceEqual(b.Data.Span) && a with { Data = default } == b with { Data = default }
            : message == again;
        if (!same) throw new InvalidOperationException($"{message} was read again as {again}");
    }

    private static byte[] Case(Random chance, byte[][] right)
    {
        if (chance.Next(10) == 0) return Noise(chance, right);

        var bytes = right[chance.Next(right.Length)].ToList();
        for (var changes = chance.Next(1, 5); changes > 0 && bytes.Count > 0; changes--)
        {
            var at = chance.Next(4) == 0 ? chance.Next(Math.Min(FrameHeader.Length, bytes.Count)) : chance.Next(bytes.Count);
            switch (chance.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << chance.Next(8)); break;
                case 1: bytes[at] = (byte)chance.Next(256); break;
                case 2: bytes[at] = chance.Next(2) == 0 ? (byte)0xff : (byte)0; break;
                case 3: bytes.Insert(at, (byte)chance.Next(256)); break;
                case 4: bytes.RemoveRange(at, chance.Next(Math.Min(8, bytes.Count - at)) + 1); break;
                default: bytes.InsertRange(at, right[chance.Next(right.Length)].Take(chance.Next(40))); break;
            }
        }

        return Repaired(chance, bytes);
    }

    /// <summary>Mostly the length is made right again, so that the change is not noticed by the length alone.</summary>
    private static byte[] Repaired(Random chance, List<byte> bytes)
    {
        var all = bytes.ToArray();
        if (all.Length < FrameHeader.Length || chance.Next(5) == 0) return all;

        var attachment = BitConverter.ToUInt32(all, 4);
        var body       = all.Length - FrameHeader.Length;
        BitConverter.TryWriteBytes(all.AsSpan(0), (uint)Math.Max(0, body - attachment));
        return all;
    }

    private static byte[] Noise(Random chance, byte[][] right)
    {
        var bytes = new byte[chance.Next(200)];
        chance.NextBytes(bytes);
        return [.. right[chance.Next(right.Length)].Take(FrameHeader.Length), .. bytes];
    }

    private static IEnumerable<byte[]> Samples() =>
        Messages().Select(message =>
        {
            var buffer = new SendBuffer();
            new MessageWriter(Most).TryWrite(message, buffer);
            return buffer.Written.ToArray();
        });

    private static Message[] Messages()
    {
        var (term, round, last) = (new Term(5), new Round(300), new LogPosition(new(4), new(1_000)));
        var joint = new Configuration.Joint(Set(new NodeId(1), new NodeId(2)), Set(new NodeId(3)), Set(new NodeId(4)));
        var many  = toSeq(Enumerable.Range(1, 40).Select(n => new Entry(new(new(5), new(1_000 + (ulong)n)), Payload(n, joint)))).Strict();
        return
        [
            new Message.AppendEntries(term, round, last, many, new(900)),
            new Message.AppendEntries(term, round, last, many.Take(1).Strict(), new(900)),
            new Message.AppendEntries(term, round, last, [], new(900)),
            new Message.AppendEntriesReply(term, round, new AppendResult.Conflict(last)),
            new Message.InstallSnapshot(term, round, new(last, joint, 1_000), 10, new byte[50]),
            new Message.InstallSnapshotReply(term, round, last, 60, Installed: true),
            new Message.PreVote(term, round, last),
            new Message.RequestVote(term, last, round),
            new Message.ReadIndexReply(term, round, new LogIndex(9)),
            new Message.Forward(term, toSeq(Enumerable.Range(1, 5).Select(n => new Proposal(Payload(1, joint)))).Strict()),
            new Message.ForwardReply(term, new(new(17), 4), new Outcome.Rejected("words")),
        ];
    }

    private static Payload Payload(int n, Configuration configuration) => (n % 13) switch
    {
        3 => RxRaft.Payload.Noop.Instance,
        5 => new Payload.Register(new(SessionId.None, (ulong)n * 77_777), 100),
        7 => new Payload.Configure(configuration),
        _ => new Payload.Command(new(new((ulong)n % 5), (ulong)n), (ulong)n / 2, new byte[n]),
    };
}
