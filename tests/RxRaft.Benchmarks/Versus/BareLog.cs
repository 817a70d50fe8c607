using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Benchmarks;

/// <summary>
/// No Raft at all: what the same shape does on disk for many callers. What they ask for together is one frame, which goes into a file
/// here and to two others over TCP, which write it too; they are answered when two of the three have synced it.
/// </summary>
/// <remarks>
/// With the threads that ours has: one where callers go on and ask again, one a file, one a connection. No terms, places, sessions,
/// checksums, log in memory, state machine or results; files of 64 MiB that are filled already, written from the start again.
/// </remarks>
internal sealed class BareLog : IContender
{
    private const int Command = 64;
    private const int Most    = 512;

    private readonly object gate = new();
    private readonly ConcurrentQueue<Asked> asked = new();
    private readonly ConcurrentQueue<Asked> answered = new();
    private readonly Queue<(long Number, Asked[] All)> underWay = new();
    private readonly List<BareFile> files = [];
    private readonly List<Socket> others = [];
    private readonly List<Socket> sockets = [];
    private readonly long[] synced = new long[3];
    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("versus-");
    private long number;
    private bool closed;
    private bool asleep;

    public static Task<IContender> Start()
    {
        var bare = new BareLog();
        bare.files.Add(new(bare.Next("own"), last => bare.Synced(0, last)));
        bare.Add(1);
        bare.Add(2);
        Loopback.Run(bare.GoOn);
        return Task.FromResult<IContender>(bare);
    }

    public Task Commit(byte[] command)
    {
        var one = new Asked([.. command]);
        asked.Enqueue(one);
        Wake();
        return one.Task;
    }

    public ValueTask DisposeAsync()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }

        foreach (var socket in sockets) socket.Dispose();
        foreach (var file in files) file.Dispose();
        directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private string Next(string name) => Path.Combine(directory.FullName, name);

    private void Wake()
    {
        if (Volatile.Read(ref asleep)) lock (gate) Monitor.Pulse(gate);
    }

    /// <summary>Callers go on, and what they have asked for by then is begun.</summary>
    private void GoOn()
    {
        while (!closed)
        {
            for (var together = 0; together < Most && answered.TryDequeue(out var one); together++) one.TrySetResult();
            if (!asked.IsEmpty) Begin();
            if (!answered.IsEmpty || !asked.IsEmpty) continue;

            lock (gate)
            {
                Volatile.Write(ref asleep, true);
                Interlocked.MemoryBarrier();
                while (answered.IsEmpty && asked.IsEmpty && !closed) Monitor.Wait(gate);
                Volatile.Write(ref asleep, false);
            }
        }
    }

    private void Begin()
    {
        var all = new List<Asked>();
        while (asked.TryDequeue(out var one)) all.Add(one);
        var frame = new byte[BareFile.Head + all.Count * Command];
        BinaryPrimitives.WriteInt64LittleEndian(frame, ++number);
        BinaryPrimitives.WriteInt32LittleEndian(frame.AsSpan(sizeof(long)), all.Count * Command);
        for (var i = 0; i < all.Count; i++) all[i].Bytes.CopyTo(frame, BareFile.Head + i * Command);

        lock (underWay) underWay.Enqueue((number, [.. all]));
        foreach (var other in others) other.Send(frame);
        files[0].Write(frame);
    }

    /// <summary>What two of three have is answered.</summary>
    private void Synced(int node, long last)
    {
        lock (underWay)
        {
            synced[node] = last;
            var (a, b, c) = (synced[0], synced[1], synced[2]);
            var quorum = Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
            while (underWay.TryPeek(out var next) && next.Number <= quorum)
            {
                foreach (var one in underWay.Dequeue().All) answered.Enqueue(one);
            }
        }

        Wake();
    }

    private void Add(int node)
    {
        var (there, here) = Loopback.Connect();
        sockets.AddRange([there, here]);
        others.Add(there);

        var file = new BareFile(Next($"{node}"), last => here.Send(BitConverter.GetBytes(last)));
        files.Add(file);
        Loopback.Run(() =>
        {
            var stream = new BufferedStream(new NetworkStream(here), 256 << 10);
            while (true)
            {
                var head = new byte[BareFile.Head];
                stream.ReadExactly(head);
                var frame = new byte[BareFile.Head + BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(sizeof(long)))];
                head.CopyTo(frame, 0);
                stream.ReadExactly(frame.AsSpan(BareFile.Head));
                file.Write(frame);
            }
        });
        Loopback.Run(() =>
        {
            var stream = new BufferedStream(new NetworkStream(there));
            for (var last = new byte[sizeof(long)]; ;)
            {
                stream.ReadExactly(last);
                Synced(node, BitConverter.ToInt64(last));
            }
        });
    }

    private sealed class Asked(byte[] bytes) : TaskCompletionSource
    {
        public byte[] Bytes { get; } = bytes;
    }
}
