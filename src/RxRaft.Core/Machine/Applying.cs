namespace RxRaft;

/// <summary>
/// A replica that entries are applied to, one after the other: what changes with every entry stands here by itself, and
/// becomes a value again when somebody asks for one.
/// </summary>
/// <remarks>
/// Itself no value, and for one thread. Entries come many at a time and mostly from few clients; what every single one
/// would change in the replica and in its table of sessions costs more than many a state machine. When somebody asks
/// makes no difference to what comes of the entries.
/// </remarks>
public sealed class Applying<TState, TResult>
{
    private readonly SessionAtHand<TResult> atHand = new();
    private Sessions<TResult> sessions;                                 // but of the one at hand, which is newer

    internal Applying(Replica<TState, TResult> replica) =>
        (Applied, State, sessions) = (replica.Applied, replica.State, replica.Sessions);

    /// <summary>Inclusive: the last entry that was applied.</summary>
    public LogIndex Applied { get; internal set; }

    /// <summary>The state machine's, after it.</summary>
    public TState State { get; internal set; }

    /// <summary>The replica after it: a value, which stays as it is.</summary>
    public Replica<TState, TResult> Replica => new(Applied, State, Complete());

    /// <summary>The place of the last entry opens a session.</summary>
    internal void Open(int most)
    {
        sessions = Complete().Open(Applied, most);
        atHand.PutAway();
    }

    /// <summary>The session of the last entry's command.</summary>
    /// <returns>None when it has expired.</returns>
    internal SessionAtHand<TResult>? Take(SessionId id)
    {
        if (atHand.Id == id) return atHand;
        var session = sessions.ById.Find(id);
        if (session.IsNone) return null;

        sessions = Complete();
        atHand.Take(id, session.IfNone(default(Session<TResult>)));
        return atHand;
    }

    private Sessions<TResult> Complete() =>
        atHand.Id == SessionId.None ? sessions : sessions.With(atHand.Id, atHand.Session);
}
