namespace RxRaft;

/// <summary>The replicated state on one node: one value, so that none of its parts moves without the others.</summary>
/// <param name="Applied">Inclusive: the last entry that is in it.</param>
/// <param name="State">The state machine's.</param>
/// <param name="Sessions">Its clients'.</param>
/// <remarks>§5.1: what a snapshot holds; §6.3: the sessions are part of it.</remarks>
public sealed record Replica<TState, TResult>(LogIndex Applied, TState State, Sessions<TResult> Sessions)
{
    /// <summary>Where entries are applied to it, which leaves it as it is.</summary>
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
        var applying = replica.Begin();
        var outcome  = machine.Apply(applying, entry);
        return (applying.Replica, outcome);
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
        for (var i = 0; i < outcomes.Length; i++) outcomes[i] = machine.Apply(applying, entries[i]);
        return (applying.Replica, toSeq(outcomes));
    }

    /// <summary>Applies the entry that comes next, in place.</summary>
    /// <returns>What the client is told, if the entry is a command.</returns>
    /// <exception cref="InvariantViolationException">An entry is left out, or comes twice.</exception>
    public static Option<Outcome<TResult>> Apply<TState, TCommand, TResult>(
        this IMachine<TState, TCommand, TResult> machine, Applying<TState, TResult> replica, Entry entry)
    {
        Require(entry.Index == replica.Applied.Next, "entries are applied in order, each once (§3.5)");

        replica.Applied = entry.Index;
        return entry.Payload switch
        {
            Payload.Noop or Payload.Configure => None,
            Payload.Register register => Open(replica, register),
            Payload.Command command when command.Request.Session == SessionId.None => Do(machine, replica, command),
            Payload.Command command => Once(machine, replica, command),
            _ => throw Unreachable.Case(entry.Payload),
        };
    }

    private static Option<Outcome<TResult>> Open<TState, TResult>(
        Applying<TState, TResult> replica, Payload.Register register)
    {
        replica.Open(register.MaxSessions);
        return None;
    }

    private static Outcome<TResult>.Applied Do<TState, TCommand, TResult>(
        IMachine<TState, TCommand, TResult> machine, Applying<TState, TResult> replica, Payload.Command command)
    {
        (replica.State, var result) = machine.Apply(replica.State, machine.Commands.Read(command.Bytes));
        return new Outcome<TResult>.Applied(result);
    }

    private static Option<Outcome<TResult>> Once<TState, TCommand, TResult>(
        IMachine<TState, TCommand, TResult> machine, Applying<TState, TResult> replica, Payload.Command command)
    {
        var (id, sequence) = command.Request;
        if (replica.Take(id) is not { } session) return new Outcome<TResult>.SessionExpired(id);
        if (sequence < session.FirstUnanswered) return None;                                // its client has the answer
        if (session.Find(sequence).Case is Outcome<TResult>.Applied before) return before;

        var told = Do(machine, replica, command);
        session.Add(replica.Applied, command, told);
        return told;
    }
}
