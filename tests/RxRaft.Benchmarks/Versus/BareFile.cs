using System.Buffers.Binary;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using Microsoft.Win32.SafeHandles;

namespace RxRaft.Benchmarks;

/// <summary>A file that frames go into, those that wait together with one fsync.</summary>
internal sealed class BareFile : IDisposable
{
    /// <summary>What a frame begins with: its number, and how many bytes come then.</summary>
    public const int Head = sizeof(long) + sizeof(int);

    private const int Size = 64 << 20;

    private readonly Action<long> synced;
    private readonly SafeFileHandle file;
    private readonly Lane<byte[]> lane;
    private byte[] buffer = new byte[1 << 20];
    private long end;

    public BareFile(string path, Action<long> synced)
    {
        this.synced = synced;
        file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        RandomAccess.Write(file, new byte[Size], 0);
        RandomAccess.FlushToDisk(file);
        lane = new("a file", Write);
    }

    public void Write(byte[] frame) => lane.Post(frame);

    public void Dispose()
    {
        lane.Close();
        file.Dispose();
    }

    private void Write(IReadOnlyList<byte[]> frames)
    {
        var length = frames.Sum(frame => frame.Length);
        if (length > buffer.Length) buffer = new byte[length];
        var used = 0;
        foreach (var frame in frames)
        {
            frame.CopyTo(buffer, used);
            used += frame.Length;
        }

        if (end + length > Size) end = 0;
        RandomAccess.Write(file, buffer.AsSpan(0, length), end);
        RandomAccess.FlushToDisk(file);
        end += length;
        try
        {
            synced(BinaryPrimitives.ReadInt64LittleEndian(frames[^1]));
        }
        catch (Exception fault) when (fault is SocketException or ObjectDisposedException)
        {
            // closed
        }
    }
}
