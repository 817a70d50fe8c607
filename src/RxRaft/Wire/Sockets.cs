using System.Net;
using System.Net.Sockets;

namespace RxRaft;

/// <summary>What this wire wants of sockets.</summary>
internal static class Sockets
{
    private const int Tcp = 6, TcpUserTimeout = 18;         // Linux

    /// <summary>One that can connect to an address.</summary>
    public static Socket For(EndPoint address) => address is IPEndPoint ip
        ? new(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp)
        : new(SocketType.Stream, ProtocolType.Tcp);

    /// <summary>
    /// Nothing waits for more to send, and a host that has gone is noticed: by keep-alives, and where there is such a
    /// thing also when something was sent that it does not acknowledge.
    /// </summary>
    public static void Tune(Socket socket, TimeSpan silence)
    {
        var seconds = Math.Max(1, (int)silence.TotalSeconds);
        socket.NoDelay = true;
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, Math.Max(1, seconds / 2));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, Math.Max(1, seconds / 5));
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        if (OperatingSystem.IsLinux())
            socket.SetRawSocketOption(Tcp, TcpUserTimeout, BitConverter.GetBytes((uint)silence.TotalMilliseconds));
    }

    /// <summary>Closes it, from any thread: who waits in a read goes on.</summary>
    public static void Close(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // Not connected, or not any more: it is closed all the same.
        }

        socket.Dispose();
    }
}
