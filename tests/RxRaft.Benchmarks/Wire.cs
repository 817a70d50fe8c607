using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Threading;

namespace RxRaft.Benchmarks;

/// <summary>What a 64-byte command costs on its way into a frame and out of one, in appends of 1, 64 and 1,000.</summary>
internal static class Wire
{
    private const int Total = 2_000_000;
    private const int MostBytes = 4 << 20;

    /// <summary>Measures and prints.</summary>
    public static void Run()
    {
        Console.WriteLine($"{"",-44} {"encode",16} {"decode",18} {"on the wire",14}");
        for (var again = 0; again < 2; again++)             // the first time also compiles
            foreach (var batch in (int[])[1, 64, 1_000])
            {
                Measure("one session after another", batch, n => new(SessionId.None, n), again == 1);
                Measure("no sessions: numbers at random", batch, n => new(SessionId.None, n * n * 0x9E3779B97F4A7C15), again == 1);
                Measure("1,000 sessions in turn", batch, n => new(new(1 + n * 7919 % 1_000), n / 1_000), again == 1);
            }

        Loopback();
    }

    /// <summary>Two wires over loopback: one message there and one back, and appends as fast as they go.</summary>
    private static void Loopback()
    {
        var (s1, s2) = (new NodeId(1), new NodeId(2));
        var one = TcpWire.Start(new(new("bench"), s1, new(IPAddress.Loopback, 0)));
        var two = TcpWire.Start(new(new("bench"), s2, new(IPAddress.Loopback, 0)));
        one.AddPeer(s2, two.LocalEndPoint);
        two.AddPeer(s1, one.LocalEndPoint);
        using var back = new SemaphoreSlim(0);
        var ping = new Message.TimeoutNow(new(1), new(1));
        using var echo = two.Received.Subscribe(_ => Say(two, s1, ping));
        using var heard = one.Received.Subscribe(_ => back.Release());
        while (one.Counters.Connections + two.Counters.Connections < 4) Thread.Yield();

        for (var again = 0; again < 3; again++)
        {
            var watch = Stopwatch.StartNew();
            for (var i = 0; i < 20_000; i++)
            {
                Say(one, s2, ping);
                back.Wait();
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"round trip over loopback, and a hop to who asked: {watch.Elapsed.TotalMicroseconds / 20_000:F1} us"));
        }

        one.DisposeAsync().AsTask().Wait();
        two.DisposeAsync().AsTask().Wait();
    }

    private static void Say(TcpWire wire, NodeId to, Message message)
    {
        wire.Send(to, message);
        wire.Flush();
    }

    private static void Measure(string what, int batch, Func<ulong, RequestId> request, bool say)
    {
        var append = new Message.AppendEntries(
            new(7), new(12_345), new(new(7), new(1_000_000)), toSeq(new Entry[batch].Map((at, _) => Entry(at, request))), new(999_990));
        var buffer = new SendBuffer();
        var writer = new MessageWriter(MostBytes);
        var reader = new MessageReader(MostBytes);
        var rounds = Total / batch;

        var (encode, encodeBytes) = Timed(rounds, () =>
        {
            buffer.Clear();
            writer.TryWrite(append, buffer);
        });
        var frame = new ReadOnlySequence<byte>(buffer.Written.ToArray());
        var (decode, decodeBytes) = Timed(rounds, () =>
        {
            var left = frame;
            FrameHeader.TryTake(ref left, MostBytes, out var header, out var message, out var attachment);
            _ = reader.Read(header.Kind, message, attachment);
        });
        if (say)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{$"{what}, {batch} an append",-44} {encode / Total,6:F0} ns {encodeBytes / Total,4} B {decode / Total,8:F0} ns "
                + $"{decodeBytes / Total,4} B {(double)frame.Length / batch,9:F1} B"));
    }

    private static Entry Entry(int at, Func<ulong, RequestId> request) =>
        new(new(new(7), new(1_000_001 + (ulong)at)), new Payload.Command(request((ulong)at), 0, new byte[64]));

    private static (double Nanoseconds, long Bytes) Timed(int rounds, Action act)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch  = Stopwatch.StartNew();
        for (var i = 0; i < rounds; i++) act();
        return (watch.Elapsed.TotalNanoseconds, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
