using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using Microsoft.Win32.SafeHandles;

namespace RxRaft.Benchmarks;

/// <summary>A file that frames go into, those that wait together with one fsync.</summary>
internal sealed class BareFile : IDisposable
{
    /// <summary>What a frame begins with: its number, and how many bytes come then.</summary>
    public const int Head = sizeof(long) + sizeof(int);

    private const int Size = 64 << 20;

    private readonly object gate = new();
    private readonly Action<long> synced;
    private readonly SafeFileHandle file;
    private readonly Thread thread;
    private List<byte[]> waiting = [];
    private List<byte[]> taken = [];
    private bool closed;

    public BareFile(string path, Action<long> synced)
    {
        this.synced = synced;
        file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        RandomAccess.Write(file, new byte[Size], 0);
        RandomAccess.FlushToDisk(file);
        thread = new Thread(Run) { IsBackground = true };
        thread.Start();
    }

    public void Write(byte[] frame)
    {
        lock (gate)
        {
            waiting.Add(frame);
            if (waiting.Count == 1) Monitor.Pulse(gate);
        }
    }

    public void Dispose()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }

        thread.Join();
        file.Dispose();
    }

    private void Run()
    {
        for (var (buffer, end) = (new byte[1 << 20], 0L); Take();)
        {
            var used = taken.Sum(frame => frame.Length);
            if (used > buffer.Length) buffer = new byte[used];
            used = 0;
            foreach (var frame in taken)
            {
                frame.CopyTo(buffer, used);
                used += frame.Length;
            }

            if (end + used > Size) end = 0;
            RandomAccess.Write(file, buffer.AsSpan(0, used), end);
            RandomAccess.FlushToDisk(file);
            end += used;
            try
            {
                synced(BinaryPrimitives.ReadInt64LittleEndian(taken[^1]));
            }
            catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
            {
                return;                                                             // closed
            }

            taken.Clear();
        }
    }

    private bool Take()
    {
        lock (gate)
        {
            while (waiting.Count == 0 && !closed) Monitor.Wait(gate);
            (waiting, taken) = (taken, waiting);
            return taken.Count > 0;
        }
    }
}
