using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;

namespace RxRaft.Benchmarks;

/// <summary>Connections inside this process, and threads that end with them.</summary>
internal static class Loopback
{
    /// <summary>Both ends of one, over TCP.</summary>
    public static (Socket There, Socket Here) Connect()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var there = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        there.Connect(listener.LocalEndPoint!);
        var here = listener.Accept();
        here.NoDelay = true;
        return (there, here);
    }

    /// <summary>Works on a thread of its own, until a connection is closed.</summary>
    public static void Run(Action work)
    {
        var thread = new Thread(() =>
        {
            try
            {
                work();
            }
            catch (Exception end) when (end is IOException or SocketException or ObjectDisposedException)
            {
                // closed
            }
        });
        thread.IsBackground = true;
        thread.Start();
    }
}
