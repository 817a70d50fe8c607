namespace RxRaft;

/// <summary>The replicated state on one node: one value, so that none of its parts moves without the others.</summary>
/// <param name="Applied">Inclusive: the last entry that is in it.</param>
/// <param name="State">The state machine's.</param>
/// <param name="Sessions">Its clients'.</param>
/// <remarks>§5.1: what a snapshot holds; §6.3: the sessions are part of it.</remarks>
public sealed record Replica<TState, TResult>(LogIndex Applied, TState State, Sessions<TResult> Sessions);

/// <summary>How entries change a replica.</summary>
public static class Replica
{
    /// <summary>Before the first entry.</summary>
    public static Replica<TState, TResult> Of<TState, TCommand, TResult>(IMachine<TState, TCommand, TResult> machine) =>
        new(LogIndex.Zero, machine.Initial, Sessions<TResult>.Empty);

    /// <summary>Applies the entry that comes next.</summary>
    /// <returns>The replica after it, and what the client is told, if the entry is a command.</returns>
    /// <exception cref="InvariantViolationException">An entry is left out, or comes twice.</exception>
    public static (Replica<TState, TResult> Replica, Option<Outcome<TResult>> Outcome) Apply<TState, TCommand, TResult>(
        this IMachine<TState, TCommand, TResult> machine, Replica<TState, TResult> replica, Entry entry)
    {
        Require(entry.Index == replica.Applied.Next, "entries are applied in order, each once (§3.5)");

        var next = replica with { Applied = entry.Index };
        return entry.Payload switch
        {
            Payload.Noop or Payload.Configure => (next, None),
            Payload.Register register =>
                (next with { Sessions = next.Sessions.Open(entry.Index, register.MaxSessions) }, None),
            Payload.Command command when command.Request.Session == SessionId.None => Do(machine, next, command),
            Payload.Command command => Once(machine, next, command),
            _ => throw Unreachable.Case(entry.Payload),
        };
    }

    private static (Replica<TState, TResult>, Option<Outcome<TResult>>) Do<TState, TCommand, TResult>(
        IMachine<TState, TCommand, TResult> machine, Replica<TState, TResult> replica, Payload.Command command)
    {
        var (state, result) = machine.Apply(replica.State, machine.Commands.Read(command.Bytes));
        return (replica with { State = state }, new Outcome<TResult>.Applied(result));
    }

    private static (Replica<TState, TResult>, Option<Outcome<TResult>>) Once<TState, TCommand, TResult>(
        IMachine<TState, TCommand, TResult> machine, Replica<TState, TResult> replica, Payload.Command command)
    {
        var request = command.Request;
        if (replica.Sessions.Find(request.Session).Case is not Session<TResult> known)
            return (replica, new Outcome<TResult>.SessionExpired(request.Session));
        if (request.Sequence < known.FirstUnanswered) return (replica, None);              // its client has the answer
        if (known.Results.Find(request.Sequence).Case is Outcome<TResult>.Applied before) return (replica, before);

        var (state, result) = machine.Apply(replica.State, machine.Commands.Read(command.Bytes));
        var session = known.Forget(command.FirstUnanswered);
        var told    = new Outcome<TResult>.Applied(result);
        return (replica with
        {
            State = state,
            Sessions = replica.Sessions.Remember(request, session, replica.Applied, told),
        }, told);
    }
}
