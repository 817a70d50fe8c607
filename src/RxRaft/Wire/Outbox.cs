using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Kind = RxRaft.Proto.Kind;

namespace RxRaft;

/// <summary>What waits to go out over one connection. While one write is under way, the next one fills.</summary>
/// <param name="stream">Written to from here only.</param>
/// <param name="options">Limits.</param>
/// <param name="log">Counts.</param>
/// <param name="broken">Told once, when the connection cannot be written to any more.</param>
internal sealed class Outbox(Stream stream, TcpWireOptions options, WireLog log, Action<Exception> broken)
{
    private readonly Lock gate = new();
    private readonly MessageWriter writer = new(options.MaxFrameBytes);
    private SendBuffer filling = new();
    private SendBuffer leaving = new();
    private int fillingFrames;
    private int leavingFrames;
    private bool writing;
    private bool ended;
    private long since;

    /// <summary>Messages that were dropped, since the beginning.</summary>
    public long Dropped { get; private set; }

    /// <summary>What has not gone out yet.</summary>
    public WireQueue Queue
    {
        get
        {
            lock (gate)
                return ended ? default : new(fillingFrames + leavingFrames, (long)filling.Count + leaving.Count);
        }
    }

    /// <summary>Adds a message behind the others. It goes out at the next flush, or before.</summary>
    public void Send(Message message)
    {
        lock (gate)
        {
            if (ended) Drop(1);
            else Add(message);
        }
    }

    /// <summary>
    /// Writes what waits, on this thread as far as the operating system takes it at once, unless a write is under way:
    /// then what waits goes out behind that one.
    /// </summary>
    public void Flush()
    {
        if (TryBegin()) Write();
    }

    /// <summary>Whether a write is under way for too long.</summary>
    public bool IsStuck(long now)
    {
        lock (gate) return writing && now - since > options.FrameTimeout.TotalMilliseconds;
    }

    /// <summary>Nothing goes out any more.</summary>
    public void End()
    {
        lock (gate)
        {
            if (ended) return;

            ended = true;
            Drop(fillingFrames + leavingFrames);
            (fillingFrames, leavingFrames) = (0, 0);
        }
    }

    /// <summary>What Raft sends again anyway, and does not miss.</summary>
    public static bool IsRepeated(Kind kind) => kind is Kind.AppendEntries or Kind.InstallSnapshot;

    private void Add(Message message)
    {
        if (IsFull) DropOldest();
        if (IsFull) Drop(1);
        else if (writer.TryWrite(message, filling)) fillingFrames++;
        else if (message is Message.Forward { Proposals: { Count: > 1 } all } forward)
        {
            // Proposals do not depend on each other: what is too large for one frame goes in two.
            Add(forward with { Proposals = all.Take(all.Count / 2).Strict() });
            Add(forward with { Proposals = all.Skip(all.Count / 2).Strict() });
        }
        else Drop(1);
    }

    private bool IsFull => filling.Count + leaving.Count > options.MaxQueuedBytes;

    private void DropOldest()
    {
        var dropped = filling.Drop(IsRepeated, Math.Max(0, options.MaxQueuedBytes / 2 - leaving.Count));
        fillingFrames -= dropped;
        Drop(dropped);
    }

    private void Drop(long messages)
    {
        Dropped += messages;
        log.Dropped(messages);
    }

    private bool TryBegin()
    {
        lock (gate) return !writing && Swap();
    }

    /// <summary>What has filled leaves next.</summary>
    private bool Swap()
    {
        if (ended || filling.Count == 0) return writing = false;

        (filling, leaving, fillingFrames, leavingFrames) = (leaving, filling, 0, fillingFrames);
        since = Environment.TickCount64;
        return writing = true;
    }

    private void Write()
    {
        try
        {
            do
            {
                var write = stream.WriteAsync(leaving.Written);
                if (!write.IsCompleted)
                {
                    _ = Finish(write);
                    return;
                }

                write.GetAwaiter().GetResult();
            }
            while (Next());
        }
        catch (Exception failure)
        {
            Break(failure);
        }
    }

    private async Task Finish(ValueTask write)
    {
        try
        {
            await write.ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            Break(failure);
            return;
        }

        if (Next()) Write();
    }

    private bool Next()
    {
        lock (gate)
        {
            log.Sent(leavingFrames, leaving.Count);
            leaving.Clear();
            leavingFrames = 0;
            return Swap();
        }
    }

    private void Break(Exception failure)
    {
        End();
        broken(failure);
    }
}
