using System.Buffers;
using System.IO;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>One connection that another node has made to this one, with a thread of its own.</summary>
/// <remarks>
/// The thread blocks in reads, which is quicker than to be woken by another thread; no asynchronous operation may touch
/// the socket, or reads would be that.
/// </remarks>
internal sealed class Inbound(TcpWireOptions options, Socket socket, Tls? tls, IReception reception, WireLog log)
{
    private readonly EndPoint remote = socket.RemoteEndPoint ?? options.Listen;
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? cut;
    private volatile RefusedException? blame;
    private Thread? thread;
    private bool toldUnknown;
    private long deadline = Environment.TickCount64 + (long)options.HandshakeTimeout.TotalMilliseconds;
    private Option<NodeId> peer;

    /// <summary>Ends when the thread has.</summary>
    public Task Ended => ended.Task;

    /// <summary>The host it comes from.</summary>
    public IPAddress Host => (remote as IPEndPoint)?.Address ?? IPAddress.None;

    /// <summary>Whether it has not shown yet who it is. Changes where it is admitted.</summary>
    public bool IsStranger { get; set; } = true;

    /// <summary>Whether this side has closed it: its thread ends, if it has not yet.</summary>
    public bool IsLeaving => cut is not null;

    /// <summary>Whether who asks runs on its thread.</summary>
    public bool IsThisThread => Thread.CurrentThread == thread;

    /// <summary>Begins, or throws what the system does when it has no thread left.</summary>
    public void Start() => Begin(Run);

    private void Begin(ThreadStart run)
    {
        thread = new Thread(run) { IsBackground = true, Name = $"raft {options.Self} from {remote}" };
        options.Host.Start(thread);
    }

    /// <summary>Now and then: cuts off who lets one wait.</summary>
    public void Look(long now)
    {
        if (Interlocked.Read(ref deadline) is not (> 0 and var until) || now <= until) return;

        Refuse(WireRefusal.TooSlow, IsStranger
            ? $"It did not say who it is within {options.HandshakeTimeout}"
            : $"A frame was not complete within {options.FrameTimeout}");
    }

    /// <summary>Ends it at once, and counts it.</summary>
    public void Refuse(WireRefusal reason, string why)
    {
        if (!IsLeaving) blame = new(reason, why);
        Close(why);
    }

    /// <summary>Ends it at once.</summary>
    public void Close(string why)
    {
        cut ??= why;
        Sockets.Close(socket);
    }

    private void Run()
    {
        Stream? stream = null;
        FrameReader reader;
        try
        {
            Sockets.Tune(socket, options.SilenceTimeout);
            var plain = new NetworkStream(socket, ownsSocket: false);
            stream = tls is null ? plain : tls.Accepted(plain);
            reader = new FrameReader(stream, Shake(stream), options.MaxFrameBytes);
        }
        catch (Exception failure)
        {
            End(failure, stream);
            return;
        }

        Listen(stream, reader);
    }

    /// <summary>Reads on, until there is nothing more, or another thread does.</summary>
    private void Listen(Stream stream, FrameReader reader)
    {
        var bringer = new Bringer(() => ReadOn(stream, reader));
        bringer.Begin();
        Exception reason = new EndOfStreamException("The other side closed it");
        try
        {
            while (reader.Read(out var together))
            {
                Note(reader);
                if (!together.IsEmpty) reception.Receive(together);
                if (!bringer.GoOn()) return;
            }
        }
        catch (Exception failure)
        {
            reason = failure;
        }

        End(reason, stream, reader);
    }

    private void ReadOn(Stream stream, FrameReader reader)
    {
        try
        {
            Begin(() => Listen(stream, reader));
        }
        catch (Exception failure)
        {
            End(failure, stream, reader);
        }
    }

    private void End(Exception reason, Stream? stream, FrameReader? reader = null)
    {
        try
        {
            Tell(reason);
            reader?.Dispose();
            stream?.Dispose();
        }
        finally
        {
            Sockets.Close(socket);
            reception.Leave(this);
            ended.TrySetResult();
        }
    }

    private NodeId Shake(Stream stream)
    {
        var hello = Hello(stream);
        peer = new NodeId(hello.From);
        var answer = Handshake.Decide(hello, options.Cluster, options.Self, reception.IsPeer);
        if (answer is Answer.Refused(var reason, var words)) throw Refuse(stream, reason, words);

        var (from, version, capabilities) = (Answer.Accepted)answer;
        if (stream is SslStream secure) RequireIs(secure, from);
        if (!reception.Admit(this, from)) throw Refuse(stream, WireRefusal.UnknownNode, $"{from} was removed");

        stream.Write(Handshake.Opening(
            Proto.Kind.Welcome, new Proto.Welcome { Version = version, Capabilities = capabilities }).Span);
        Interlocked.Exchange(ref deadline, 0);
        log.Connected(new(from, WireDirection.In, remote, (int)version));
        return from;
    }

    private void RequireIs(SslStream secure, NodeId from)
    {
        try
        {
            tls!.RequireIs(secure, from);
        }
        catch (RefusedException refused)
        {
            throw Refuse(secure, refused.Reason, refused.Message);
        }
    }

    private static Proto.Hello Hello(Stream stream)
    {
        Span<byte> head = stackalloc byte[Handshake.Preface.Length + FrameHeader.Length];
        for (var at = 0; at < Handshake.Preface.Length; at++)
        {
            // Byte by byte, so that who speaks another protocol is not waited for.
            stream.ReadExactly(head[at..(at + 1)]);
            Handshake.RequireOpens(head[..(at + 1)]);
        }

        stream.ReadExactly(head[Handshake.Preface.Length..]);
        var header = FrameHeader.Read(head[Handshake.Preface.Length..], Handshake.MaxFrame);
        if (header.Kind != Proto.Kind.Hello)
            throw new FrameException(WireRefusal.NotRaft,
                $"Its first message is of kind {(int)header.Kind}: it must be {(int)Proto.Kind.Hello} (Hello)");

        var message = new byte[header.Message + header.Attachment];
        stream.ReadExactly(message);
        return Handshake.Parse(Proto.Hello.Parser, new ReadOnlySequence<byte>(message, 0, header.Message));
    }

    private static RefusedException Refuse(Stream stream, WireRefusal reason, string words)
    {
        stream.Write(Handshake.Opening(
            Proto.Kind.Refusal, new Proto.Refusal { Reason = (uint)reason, Words = words }).Span);
        return new(reason, words);
    }

    private void Note(FrameReader reader)
    {
        log.Received(reader.Frames, reader.Arrived);
        Watch(reader);
        for (var i = reader.Skipped; i > 0; i--) log.Skipped();
        if (reader.Skipped == 0 || toldUnknown) return;

        toldUnknown = true;
        reader.Unknown.IfSome(kind => peer.IfSome(from => log.Say(new WireEvent.Skipped(from, (int)kind))));
    }

    /// <summary>A frame that has begun must end some time.</summary>
    private void Watch(FrameReader reader)
    {
        if (reader.Incomplete == 0) Interlocked.Exchange(ref deadline, 0);
        else if (reader.Frames > 0 || Interlocked.Read(ref deadline) == 0)
            Interlocked.Exchange(ref deadline, Environment.TickCount64 + (long)options.FrameTimeout.TotalMilliseconds);
    }

    private void Tell(Exception failure)
    {
        if (Reason(failure) is var (reason, words))
            log.Refused(new(remote, peer, reason, words));
        else if (!IsStranger)
            peer.IfSome(from => log.Say(new WireEvent.Lost(from, WireDirection.In, cut ?? failure.Message)));
    }

    /// <summary>What it counts as, if somebody is to blame.</summary>
    private (WireRefusal Reason, string Words)? Reason(Exception failure) =>
        blame is { } known ? (known.Reason, known.Message)
        : cut is not null ? null
        : failure switch
        {
            RefusedException refused => (refused.Reason, refused.Message),
            FrameException frame => (frame.Refusal, frame.Message),
            _ when IsStranger => (WireRefusal.NotRaft, $"It hung up before it said who it is: {failure.Message}"),
            _ => null,
        };
}
