using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>The node as a client of its cluster: with a session of its own, so that it can try again.</summary>
/// <remarks>§6.3.</remarks>
internal sealed class Client<TState, TCommand, TResult>(NodeRuntime node, IMachine<TState, TCommand, TResult> machine)
    : IPersistent<TResult>
{
    private readonly Lock gate = new();
    private Task<Outcome<ClientSession>>? opening;

    /// <summary>One try.</summary>
    public async Task<Outcome<TResult>> TryPropose(TCommand command, CancellationToken cancel)
    {
        node.RequireRunning(cancel);
        var bytes  = Bytes(command);
        var opened = await Session(cancel).Inline();
        if (opened is not Outcome<ClientSession>.Applied(var session)) return NotTried(opened);

        var attempt = new Attempt(session, session.Begin(), bytes);
        try
        {
            var outcome = await Try(attempt, cancel).Inline();
            if (outcome is Outcome<TResult>.SessionExpired) Forget(session);
            return outcome;
        }
        finally
        {
            session.End(attempt.Sequence);
        }
    }

    /// <summary>As many tries as it takes.</summary>
    public Task<TResult> Propose(TCommand command, CancellationToken cancel) =>
        !cancel.CanBeCanceled && node.IsRunning && Opened is { } session
            ? AtOnce(command, session)
            : Insist(command, cancel);

    /// <summary>The first try, of one who has all that it takes.</summary>
    private Task<TResult> AtOnce(TCommand command, ClientSession session)
    {
        try
        {
            var bytes   = Bytes(command);
            var attempt = new Attempt(session, session.Begin(), bytes);
            var first   = node.Requests.Add(attempt.Request, new FirstTry<TResult>(attempt, this, node.Requests.Tell));
            node.Propose(attempt.Payload);
            return first.Task;
        }
        catch (Exception failure)
        {
            return Task.FromException<TResult>(failure);
        }
    }

    /// <inheritdoc/>
    public async Task<TResult> GoOn(Attempt attempt, Outcome<TResult> outcome)
    {
        var last = await Repeat(attempt, outcome, CancellationToken.None).ConfigureAwait(false);
        return await Insist(attempt.Bytes, last, CancellationToken.None).Inline();
    }

    private async Task<TResult> Insist(TCommand command, CancellationToken cancel)
    {
        node.RequireRunning(cancel);
        return await Insist(Bytes(command), last: null, cancel).Inline();
    }

    /// <summary>In one session after the other, since the cluster may forget one.</summary>
    private async Task<TResult> Insist(
        ReadOnlyMemory<byte> bytes, Outcome<TResult>? last, CancellationToken cancel)
    {
        for (; ; last = null)
        {
            if (last is null)
            {
                node.RequireRunning(cancel);
                var opened = await Session(cancel).Inline();
                last = opened is Outcome<ClientSession>.Applied(var session)
                    ? await Repeat(new(session, session.Begin(), bytes), last: null, cancel).ConfigureAwait(false)
                    : NotTried(opened);
            }

            switch (last)
            {
                case Outcome<TResult>.Applied(var result): return result;
                case Outcome<TResult>.Rejected(var reason):
                    throw new RequestFailedException(new Outcome.Rejected(reason));
                case Outcome<TResult>.Unknown:
                    throw new RequestFailedException(new Outcome.Unknown());
                default:
                    RequireMember();
                    await node.Pause(cancel).Inline();                      // no session yet, or no longer
                    break;
            }
        }
    }

    /// <summary>As many tries as it takes: reading twice does no harm.</summary>
    public async Task<T> Read<T>(Func<TState, T> read, CancellationToken cancel)
    {
        while (true)
        {
            node.RequireRunning(cancel);
            var request = node.Nonces.Next();
            var reader  = node.Requests.AddReader(request, read);
            var outcome = await node.Ask(request, reader, new Input.Read(Seq1(request)), cancel).Inline();
            if (outcome is Outcome<T>.Applied(var seen)) return seen;

            RequireMember();
            await node.Pause(cancel).Inline();
        }
    }

    /// <summary>The same command under the same number, until its result is here or there never will be one.</summary>
    /// <param name="attempt">What is asked for.</param>
    /// <param name="last">What came of it, if it has been tried already.</param>
    /// <param name="cancel">Ends the waiting.</param>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]      // every command that can end early
    private async ValueTask<Outcome<TResult>> Repeat(
        Attempt attempt, Outcome<TResult>? last, CancellationToken cancel)
    {
        try
        {
            for (var unsure = false; ; last = null)                         // whether an earlier try may have done it
            {
                if (last is null)
                {
                    node.RequireRunning(cancel);
                    last = await Try(attempt, cancel).Inline();
                }

                switch (last)
                {
                    case Outcome<TResult>.NotLeader or Outcome<TResult>.Busy or Outcome<TResult>.Unknown:
                        unsure |= last is Outcome<TResult>.Unknown;
                        RequireMember(unsure);
                        await node.Pause(cancel).Inline();
                        break;
                    case Outcome<TResult>.SessionExpired:
                        Forget(attempt.Session);
                        return unsure ? new Outcome<TResult>.Unknown() : last;
                    case Outcome<TResult>.Rejected when unsure:             // by who need not have been asked before
                        return new Outcome<TResult>.Unknown();
                    default:
                        return last;
                }
            }
        }
        finally
        {
            attempt.Session.End(attempt.Sequence);
        }
    }

    /// <summary>Nobody answers who is no member.</summary>
    /// <param name="unsure">Whether what was asked may have happened all the same.</param>
    /// <exception cref="RequestFailedException">The node was removed.</exception>
    private void RequireMember(bool unsure = false)
    {
        var state = node.State;
        if (state.HasLeft)
            throw new RequestFailedException(unsure
                ? new Outcome.Unknown()
                : new Outcome.Rejected($"{state.Self} is no member of the cluster any more ({state.Configuration})"));
    }

    /// <summary>
    /// Written once, so that every try is of the same bytes; and read once, by who can still be told that it fails: in
    /// the log it would halt every node.
    /// </summary>
    private ReadOnlyMemory<byte> Bytes(TCommand command)
    {
        var bytes = Draft.Of(machine.Commands, command);
        machine.Commands.Read(bytes);
        return bytes;
    }

    private Task<Outcome<TResult>> Try(Attempt attempt, CancellationToken cancel) =>
        node.Propose(attempt.Request, node.Requests.Add<TResult>(attempt.Request), attempt.Payload, cancel);

    /// <summary>The session, if there is one already.</summary>
    private ClientSession? Opened =>
        Volatile.Read(ref opening) is { IsCompletedSuccessfully: true, Result: var outcome }
        && outcome is Outcome<ClientSession>.Applied(var open)
            ? open
            : null;

    /// <summary>
    /// The node's session. It is opened when it is needed first, and again when the cluster forgot it.
    /// </summary>
    private Task<Outcome<ClientSession>> Session(CancellationToken cancel)
    {
        if (Volatile.Read(ref opening) is { IsCompleted: true, Result: Outcome<ClientSession>.Applied } open)
            return open;

        lock (gate)
        {
            if (opening is null or { IsCompleted: true, Result: not Outcome<ClientSession>.Applied }) opening = Open();
            return opening.WaitAsync(cancel);
        }
    }

    private async Task<Outcome<ClientSession>> Open()
    {
        var request = node.Nonces.Next();
        var payload = new Payload.Register(request, node.State.Settings.Limits.MaxSessions);
        var outcome = await node.Propose(
            request, node.Requests.Add<SessionId>(request), payload,
            CancellationToken.None).Inline();                       // all who propose wait for it, not one
        return outcome.Map(id => new ClientSession(id));
    }

    private void Forget(ClientSession session)
    {
        lock (gate)
        {
            if (opening is { IsCompleted: true, Result: Outcome<ClientSession>.Applied(var known) } && known == session)
                opening = null;
        }
    }

    /// <summary>Without a session the command itself was never proposed, whatever became of the session.</summary>
    private Outcome<TResult> NotTried(Outcome<ClientSession> opened) =>
        opened is Outcome<ClientSession>.Unknown
            ? new Outcome<TResult>.NotLeader(node.State.LeaderId)
            : opened.Map<TResult>(_ => throw Unreachable.Case(opened));
}
