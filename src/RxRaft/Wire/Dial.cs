using System.Buffers;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>One connection that this node makes to another, which only ever answers the handshake.</summary>
internal sealed class Dial(TcpWireOptions options, NodeId peer, EndPoint address, Tls? tls) : IDisposable
{
    private readonly Socket socket = options.Host.Socket(address);
    private readonly byte[] nothing = new byte[1];
    private volatile string? cut;

    /// <summary>What to write to, once connected.</summary>
    public Stream Stream { get; private set; } = Stream.Null;

    /// <summary>Where the other node is.</summary>
    public EndPoint Remote => socket.RemoteEndPoint ?? address;

    /// <summary>Connects, and shakes hands.</summary>
    /// <returns>The version of the protocol.</returns>
    /// <exception cref="RefusedException">One of the two wants nothing of the other.</exception>
    /// <exception cref="FrameException">The other does not speak the protocol.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async Task<int> Connect(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(options.HandshakeTimeout);

        await socket.ConnectAsync(address, limit.Token).ConfigureAwait(false);
        Sockets.Tune(socket, options.SilenceTimeout);
        Stream = new NetworkStream(socket, ownsSocket: false);
        if (tls is not null) Stream = await tls.Dialled(Stream, peer, limit.Token).ConfigureAwait(false);

        var hello = Handshake.Opening(Proto.Kind.Hello, Handshake.Hello(options.Cluster, options.Self, peer));
        await Stream.WriteAsync(hello, limit.Token).ConfigureAwait(false);

        var (header, answer) = await Answer(limit.Token).ConfigureAwait(false);
        return Handshake.Conclude(header, new ReadOnlySequence<byte>(answer));
    }

    /// <summary>Waits until the connection is gone.</summary>
    /// <returns>Why it is.</returns>
    public async Task<string> Ended(CancellationToken stop)
    {
        try
        {
            var more = await Stream.ReadAsync(nothing, stop).ConfigureAwait(false);
            return cut ?? (more == 0 ? "The other side closed it" : "The other side spoke, and must not");
        }
        catch (OperationCanceledException)
        {
            return "This wire was stopped";
        }
        catch (Exception failure)
        {
            return cut ?? failure.Message;
        }
    }

    /// <summary>Ends it at once.</summary>
    public void Cut(string why)
    {
        cut ??= why;
        Sockets.Close(socket);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Sockets.Close(socket);
        if (tls is not null) Stream.Dispose();
    }

    private async Task<(FrameHeader Header, byte[] Message)> Answer(CancellationToken cancel)
    {
        var head = new byte[Handshake.Preface.Length + FrameHeader.Length];
        await Stream.ReadExactlyAsync(head.AsMemory(0, Handshake.Preface.Length), cancel).ConfigureAwait(false);
        Handshake.RequireOpens(head.AsSpan(0, Handshake.Preface.Length));
        await Stream.ReadExactlyAsync(head.AsMemory(Handshake.Preface.Length), cancel).ConfigureAwait(false);
        var header  = FrameHeader.Read(head.AsSpan(Handshake.Preface.Length), Handshake.MaxFrame);
        var message = new byte[header.Message];
        await Stream.ReadExactlyAsync(message, cancel).ConfigureAwait(false);
        return (header, message);
    }
}
