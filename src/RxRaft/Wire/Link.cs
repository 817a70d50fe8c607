using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>The way to one other node: dials it again and again, and sends over the connection there is.</summary>
internal sealed class Link(TcpWireOptions options, NodeId peer, EndPoint address, Tls? tls, WireLog log) : IDisposable
{
    private readonly Lock gate = new();
    private readonly SemaphoreSlim awake = new(0);
    private readonly CancellationTokenSource stop = new();
    private Task running = Task.CompletedTask;
    private Outbox? outbox;
    private Message? waiting;
    private Dial? dial;
    private string lastFailure = "";
    private long dropped;
    private long toldDropped;

    /// <summary>The node.</summary>
    public NodeId Peer => peer;

    /// <summary>Where it is.</summary>
    public EndPoint Address => address;

    /// <summary>What waits to go there.</summary>
    public WireQueue Queue
    {
        get
        {
            lock (gate) return outbox?.Queue ?? new(waiting is null ? 0 : 1, 0);
        }
    }

    /// <summary>Begins to dial.</summary>
    public void Start() => running = Task.Run(Run);

    /// <summary>Sends a message; without a connection, keeps the latest one until there is one.</summary>
    public void Send(Message message)
    {
        if (OutboxOr(message) is { } there) there.Send(message);
    }

    /// <summary>What was sent goes out.</summary>
    public void Flush() => Volatile.Read(ref outbox)?.Flush();

    /// <summary>The node is there, somebody knows: dials at once.</summary>
    public void Wake()
    {
        if (awake.CurrentCount == 0) awake.Release();
    }

    /// <summary>Now and then: cuts a connection that does not move, and says what was dropped.</summary>
    public void Look(long now)
    {
        var there = Volatile.Read(ref outbox);
        if (there?.IsStuck(now) == true) dial?.Cut($"Nothing could be sent for {options.FrameTimeout}");

        var all = Interlocked.Read(ref dropped) + (there?.Dropped ?? 0);
        if (all <= toldDropped) return;

        log.Say(new WireEvent.Dropped(peer, all - toldDropped));
        toldDropped = all;
    }

    /// <summary>Stops dialling, and closes the connection; ends when both is done. Once.</summary>
    public async Task Stop()
    {
        await stop.CancelAsync().ConfigureAwait(false);
        await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Dispose();
    }

    /// <summary>After it was stopped.</summary>
    public void Dispose()
    {
        stop.Dispose();
        awake.Dispose();
    }

    private Outbox? OutboxOr(Message message)
    {
        lock (gate)
        {
            if (outbox is not null) return outbox;

            if (waiting is not null) Drop();
            waiting = message;
            return null;
        }
    }

    private void Drop()
    {
        Interlocked.Increment(ref dropped);
        log.Dropped(1);
    }

    private async Task Run()
    {
        var failures = 0;
        while (!stop.IsCancellationRequested)
        {
            var began = Environment.TickCount64;
            await Once().ConfigureAwait(false);
            var lasted = Environment.TickCount64 - began;

            // A connection that lasted says that the next one may; one that is cut at once does not.
            failures = lasted > 2 * options.MaxBackOff.TotalMilliseconds && lastFailure == "" ? 1 : failures + 1;
            var pause = BackOff.Pause(
                failures, options.MinBackOff, options.MaxBackOff, Random.Shared.NextDouble());
            if (await Woken(pause).ConfigureAwait(false)) failures = 0;
        }
    }

    private async Task<bool> Woken(TimeSpan pause)
    {
        try
        {
            return await awake.WaitAsync(pause, stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>One connection, from the attempt to its end.</summary>
    private async Task Once()
    {
        Dial? attempt = null;
        try
        {
            dial = attempt = new Dial(options, peer, address, tls);                 // there may be no socket to be had
            var version = await attempt.Connect(stop.Token).ConfigureAwait(false);
            Begin(attempt);
            log.Connected(new(peer, WireDirection.Out, attempt.Remote, version));
            var why = await attempt.Ended(stop.Token).ConfigureAwait(false);
            log.Say(new WireEvent.Lost(peer, WireDirection.Out, why));
        }
        catch (Exception failure)
        {
            if (!stop.IsCancellationRequested) Tell(failure);
        }
        finally
        {
            End();
            attempt?.Dispose();
        }
    }

    private void Begin(Dial attempt)
    {
        var opened = new Outbox(attempt.Stream, options, log, failure => attempt.Cut(failure.Message));
        lock (gate)
        {
            if (waiting is not null) opened.Send(waiting);
            (waiting, lastFailure) = (null, "");
            Volatile.Write(ref outbox, opened);
        }

        opened.Flush();
    }

    private void End()
    {
        Outbox? closed;
        lock (gate) (closed, outbox) = (outbox, null);
        if (closed is null) return;

        closed.End();
        Interlocked.Add(ref dropped, closed.Dropped);
    }

    private void Tell(Exception failure)
    {
        log.Attempted();
        var (reason, words) = failure switch
        {
            RefusedException refused => (Some(refused.Reason), refused.Message),
            FrameException frame => (Some(frame.Refusal), frame.Message),
            OperationCanceledException => (None, $"No connection within {options.HandshakeTimeout}"),
            EndOfStreamException => (None, "The other side hung up during the handshake"),
            _ => (Option<WireRefusal>.None, failure.Message),
        };
        if (words == lastFailure) return;

        lastFailure = words;
        log.Say(new WireEvent.Unreachable(peer, address, reason, words));
    }
}
