namespace RxRaft;

/// <summary>The replicated state on one node: one value, so that none of its parts moves without the others.</summary>
/// <param name="Applied">Inclusive: the last entry that is in it.</param>
/// <param name="State">The state machine's.</param>
/// <param name="Sessions">Its clients'.</param>
/// <remarks>§5.1: what a snapshot holds; §6.3: the sessions are part of it.</remarks>
public sealed record Replica<TState, TResult>(LogIndex Applied, TState State, Sessions<TResult> Sessions)
{
    /// <summary>Begins a run of entries.</summary>
    public Applying<TState, TResult> Begin() => new(this);
}

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
        var (applied, outcome) = machine.Apply(replica.Begin(), entry);
        return (applied.Replica, outcome);
    }

    /// <summary>Applies the entries that come next. It is the same as one by one, and costs less.</summary>
    /// <returns>The replica after them, and for each what its client is told, if it is a command.</returns>
    /// <exception cref="InvariantViolationException">An entry is left out, or comes twice.</exception>
    public static (Replica<TState, TResult> Replica, Seq<Option<Outcome<TResult>>> Outcomes)
        Apply<TState, TCommand, TResult>(
            this IMachine<TState, TCommand, TResult> machine, Replica<TState, TResult> replica, Seq<Entry> entries)
    {
        var applying = replica.Begin();
        var outcomes = new Option<Outcome<TResult>>[entries.Count];
        for (var i = 0; i < outcomes.Length; i++) (applying, outcomes[i]) = machine.Apply(applying, entries[i]);
        return (applying.Replica, toSeq(outcomes));
    }

    /// <summary>Applies the entry that comes next in a run.</summary>
    /// <returns>The run so far, and what the client is told, if the entry is a command.</returns>
    /// <exception cref="InvariantViolationException">An entry is left out, or comes twice.</exception>
    public static (Applying<TState, TResult> Applying, Option<Outcome<TResult>> Outcome)
        Apply<TState, TCommand, TResult>(
            this IMachine<TState, TCommand, TResult> machine, in Applying<TState, TResult> before, Entry entry)
    {
        Require(entry.Index == before.Applied.Next, "entries are applied in order, each once (§3.5)");

        var next = before with { Applied = entry.Index };
        return entry.Payload switch
        {
            Payload.Noop or Payload.Configure => (next, None),
            Payload.Register register => (next.Open(register.MaxSessions), None),
            Payload.Command command when command.Request.Session == SessionId.None => Do(machine, next, command),
            Payload.Command command => Once(machine, next.Take(command.Request.Session), command),
            _ => throw Unreachable.Case(entry.Payload),
        };
    }

    private static (Applying<TState, TResult>, Option<Outcome<TResult>>) Do<TState, TCommand, TResult>(
        IMachine<TState, TCommand, TResult> machine, in Applying<TState, TResult> next, Payload.Command command)
    {
        var (state, result) = machine.Apply(next.State, machine.Commands.Read(command.Bytes));
        return (next with { State = state }, new Outcome<TResult>.Applied(result));
    }

    private static (Applying<TState, TResult>, Option<Outcome<TResult>>) Once<TState, TCommand, TResult>(
        IMachine<TState, TCommand, TResult> machine, in Applying<TState, TResult> next, Payload.Command command)
    {
        var (session, sequence) = command.Request;
        if (next.AtHand != session) return (next, new Outcome<TResult>.SessionExpired(session));

        var known = next.Results;
        if (sequence < known.FirstUnanswered) return (next, None);                          // its client has the answer
        if (known.Find(sequence).Case is Outcome<TResult>.Applied before) return (next, before);

        var (state, result) = machine.Apply(next.State, machine.Commands.Read(command.Bytes));
        var told = new Outcome<TResult>.Applied(result);
        return (next.Remember(state, known.Forget(command.FirstUnanswered).Add(sequence, told)), told);
    }
}
