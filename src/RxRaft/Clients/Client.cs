using System.Runtime.CompilerServices;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>The node as a client of its cluster: with a session of its own, so that it can try again.</summary>
/// <remarks>§6.3.</remarks>
internal sealed class Client<TState, TCommand, TResult>(NodeRuntime node, IMachine<TState, TCommand, TResult> machine)
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

        var sequence = session.Begin();
        try
        {
            var outcome = await Attempt(session, sequence, bytes, cancel).Inline();
            if (outcome is Outcome<TResult>.SessionExpired) Forget(session);
            return outcome;
        }
        finally
        {
            session.End(sequence);
        }
    }

    /// <summary>As many tries as it takes.</summary>
    public async Task<TResult> Propose(TCommand command, CancellationToken cancel)
    {
        node.RequireRunning(cancel);
        var bytes = Bytes(command);
        while (true)
        {
            node.RequireRunning(cancel);
            var opened = await Session(cancel).Inline();
            var outcome = opened is Outcome<ClientSession>.Applied(var session)
                ? await Repeat(session, bytes, cancel).ConfigureAwait(false)
                : NotTried(opened);
            switch (outcome)
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
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]      // every command comes through here
    private async ValueTask<Outcome<TResult>> Repeat(
        ClientSession session, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var sequence = session.Begin();
        try
        {
            for (var unsure = false; ;)                                     // whether an earlier try may have done it
            {
                node.RequireRunning(cancel);
                var outcome = await Attempt(session, sequence, bytes, cancel).Inline();
                switch (outcome)
                {
                    case Outcome<TResult>.NotLeader or Outcome<TResult>.Busy or Outcome<TResult>.Unknown:
                        unsure |= outcome is Outcome<TResult>.Unknown;
                        RequireMember(unsure);
                        await node.Pause(cancel).Inline();
                        break;
                    case Outcome<TResult>.SessionExpired:
                        Forget(session);
                        return unsure ? new Outcome<TResult>.Unknown() : outcome;
                    default:
                        return outcome;
                }
            }
        }
        finally
        {
            session.End(sequence);
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

    private Task<Outcome<TResult>> Attempt(
        ClientSession session, ulong sequence, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        var request = new RequestId(session.Id, sequence);
        var payload = new Payload.Command(request, session.FirstUnanswered, bytes);
        return node.Propose(request, node.Requests.Add<TResult>(request), payload, cancel);
    }

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
