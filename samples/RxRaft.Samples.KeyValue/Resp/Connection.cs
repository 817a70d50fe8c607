using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>Serves a client: in order, and what it sends at once together.</summary>
/// <param name="socket">The client's; it is closed at the end.</param>
/// <param name="session">Who it is.</param>
/// <param name="time">By default the system's.</param>
internal sealed class Connection(Socket socket, Session session, TimeProvider? time = null)
{
    /// <summary>What a client is told that has not shown the password in time, unless it takes nothing.</summary>
    public static readonly string TooLate = FormattableString.Invariant(
        $"ERR no AUTH within {Session.TimeToShow.TotalSeconds} s");

    private readonly RequestParser parser = new();
    private CancellationTokenSource? patience;              // while it has not shown the password
    private byte[] buffer = [];

    /// <summary>Until one of both has had enough. It never fails: what goes wrong is this client's alone.</summary>
    /// <param name="closing">Nothing more is read; what was read is answered.</param>
    /// <param name="end">Nothing more is said either.</param>
    public async Task Run(CancellationToken closing, CancellationToken end)
    {
        using var ours = socket;
        try
        {
            while (!session.IsOver && await Receive(closing).ConfigureAwait(false) is > 0 and var count)
                await Serve(buffer.AsMemory(0, count), closing, end).ConfigureAwait(false);
        }
        catch (Exception over) when (over is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // the client is gone, or the node, or it has had its time
            if (patience is { IsCancellationRequested: true } && !closing.IsCancellationRequested) SayTooLate();
        }
        finally
        {
            patience?.Dispose();
        }
    }

    /// <summary>Says why, and closes.</summary>
    public static async Task Refuse(Socket socket, string error)
    {
        using var ours = socket;
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes($"-{error}\r\n")).ConfigureAwait(false);
        }
        catch (SocketException)
        {
            // it does not listen either
        }
    }

    private RequestLimits Limits => session.IsKnown ? RequestLimits.Client : RequestLimits.Stranger;

    private byte[] Room() =>
        buffer.Length < Limits.AtOnceBytes ? buffer = new byte[Limits.AtOnceBytes] : buffer;

    private async Task Serve(ReadOnlyMemory<byte> input, CancellationToken closing, CancellationToken end)
    {
        var run = new Run(session.Node, session.Writer, () => Send(end));
        try
        {
            while (!session.IsOver && Next(ref input) is { } request)
            {
                await Serve(request, run, closing).ConfigureAwait(false);
                if (session.Writer.Written.Length > Limits.ReplyBytes) await Send(end).ConfigureAwait(false);
            }

            await run.End().ConfigureAwait(false);
        }
        catch (RespException wrong)
        {
            await run.End().ConfigureAwait(false);
            session.Writer.Write(Reply.Err($"Protocol error: {wrong.Message}"));
            session.IsOver = true;
        }

        await Send(end).ConfigureAwait(false);
    }

    /// <summary>Whoever is known, as nearly all are, is received from without a task between.</summary>
    private ValueTask<int> Receive(CancellationToken closing) =>
        Bound(closing) is { } bound ? Receive(bound) : socket.ReceiveAsync(Room(), closing);

    private async ValueTask<int> Receive(CancellationTokenSource bound)
    {
        using var own = bound;
        return await socket.ReceiveAsync(Room(), bound.Token).ConfigureAwait(false);
    }

    /// <summary>A stranger's time is bounded, whether it says or takes nothing. It begins anew by RESET.</summary>
    private CancellationTokenSource? Bound(CancellationToken cancel)
    {
        if (session.IsKnown)
        {
            patience?.Dispose();
            return patience = null;
        }

        patience ??= new(Session.TimeToShow, time ?? TimeProvider.System);
        return CancellationTokenSource.CreateLinkedTokenSource(cancel, patience.Token);
    }

    private void SayTooLate()
    {
        try
        {
            socket.Blocking = false;                        // who takes nothing is not waited for
            socket.Send(Encoding.ASCII.GetBytes($"-{TooLate}\r\n"));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // then it is not told
        }
    }

    private Request? Next(ref ReadOnlyMemory<byte> input)
    {
        parser.Limits = Limits;
        var rest    = input.Span;
        var request = parser.Next(ref rest);
        input = input[(input.Length - rest.Length)..];
        return request;
    }

    private async ValueTask Serve(Request request, Run run, CancellationToken closing)
    {
        var plan = session.IsKnown || CommandTable.IsForStrangers(request.Name)
            ? CommandTable.PlanOf(request)
            : Stranger;
        if (plan.Case is Plan.Write or Plan.Read)
        {
            await run.Add((Plan)plan.Case, request.Size).ConfigureAwait(false);
            return;
        }

        await run.End().ConfigureAwait(false);              // what came before it is answered before
        session.Writer.Write(plan.Case switch
        {
            Plan.Here(var act) => act(session),
            Plan.Waiting(var act) => await act(session, closing).ConfigureAwait(false),
            Reply refused => refused,
            _ => throw Unreachable.Case(plan),
        });
    }

    private async ValueTask Send(CancellationToken end)
    {
        using var bound = Bound(end);
        for (var left = session.Writer.Written; !left.IsEmpty;)
            left = left[await socket.SendAsync(left, bound?.Token ?? end).ConfigureAwait(false)..];
        session.Writer.Clear();
    }

    private static readonly Either<Reply, Plan> Stranger =
        Left<Reply, Plan>(new Reply.Error("NOAUTH Authentication required."));
}
