using System.Collections.Generic;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Benchmarks;

/// <summary>
/// No Raft at all: 64 bytes to two others over TCP on loopback, and the first to send them back is the quorum. What one caller
/// cannot be faster than, with threads that read as ours do and a caller who goes on elsewhere.
/// </summary>
internal sealed class Bare : IContender
{
    private const int Length = 64;

    private readonly List<Socket> sockets = [];
    private readonly List<Socket> others = [];
    private TaskCompletionSource waiting = new();
    private int round;

    public static Task<IContender> Start()
    {
        var bare = new Bare();
        bare.Add();
        bare.Add();
        return Task.FromResult<IContender>(bare);
    }

    public Task Commit(byte[] command)
    {
        var asked = waiting = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref round, round + 1);
        BitConverter.TryWriteBytes(command, round);
        foreach (var other in others) other.Send(command);
        return asked.Task;
    }

    public ValueTask DisposeAsync()
    {
        foreach (var socket in sockets) socket.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Add()
    {
        var (there, here) = Loopback.Connect();
        sockets.AddRange([there, here]);
        others.Add(there);
        Read(here, bytes => here.Send(bytes));
        Read(there, bytes =>
        {
            if (BitConverter.ToInt32(bytes) == Volatile.Read(ref round)) waiting.TrySetResult();
        });
    }

    private static void Read(Socket socket, Action<byte[]> take) => Loopback.Run(() =>
    {
        var bytes = new byte[Length];
        while (socket.Receive(bytes) == Length) take(bytes);
    });
}
