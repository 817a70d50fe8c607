namespace RxRaft;

/// <summary>
/// A replica while a run of entries is applied to it, one after the other: a value, like the replica, in which the
/// session of the last command is at hand and goes back into the table when another's turn comes.
/// </summary>
/// <remarks>
/// Mostly entries come many at a time and from few clients; what every single one would change in the replica and in
/// the table of sessions costs more than many a state machine. How entries are cut into runs makes no difference to
/// what comes of them.
/// </remarks>
public readonly record struct Applying<TState, TResult>
{
    private Sessions<TResult> Sessions { get; init; }
    private Session<TResult> Session { get; init; }

    internal Applying(Replica<TState, TResult> replica) =>
        (Applied, State, Sessions) = (replica.Applied, replica.State, replica.Sessions);

    /// <summary>Inclusive: the last entry that was applied.</summary>
    public LogIndex Applied { get; internal init; }

    /// <summary>The state machine's, after it.</summary>
    public TState State { get; internal init; }

    /// <summary>Whose session is at hand.</summary>
    internal SessionId AtHand { get; private init; }

    /// <summary>The replica after it.</summary>
    public Replica<TState, TResult> Replica => new(Applied, State, Complete);

    /// <summary>The place of the last entry opens a session.</summary>
    internal Applying<TState, TResult> Open(int most) =>
        this with { Sessions = Complete.Open(Applied, most), AtHand = SessionId.None };

    /// <summary>What its client was told.</summary>
    internal SessionResults<TResult> Results => Session.Results;

    /// <summary>With this session at hand, or none.</summary>
    internal Applying<TState, TResult> Take(SessionId id)
    {
        if (AtHand == id) return this;

        var sessions = Complete;
        var session  = sessions.ById.Find(id);
        return this with
        {
            Sessions = sessions,
            AtHand   = session.IsSome ? id : SessionId.None,
            Session  = session.IfNone(default(Session<TResult>)),
        };
    }

    /// <summary>The last entry was a command of the session at hand.</summary>
    internal Applying<TState, TResult> Remember(TState state, SessionResults<TResult> results) =>
        this with { State = state, Session = new(Applied, results) };

    private Sessions<TResult> Complete => AtHand == SessionId.None ? Sessions : Sessions.With(AtHand, Session);
}
