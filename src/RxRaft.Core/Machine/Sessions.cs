namespace RxRaft;

/// <summary>One client's commands that it may still try again, with their results.</summary>
/// <param name="LastUsed">The place of its latest command, or of its registration.</param>
/// <param name="FirstUnanswered">Below this sequence number the client has all its answers.</param>
/// <param name="Results">What it was told, by sequence number, from there on.</param>
public sealed record Session<TResult>(
    LogIndex LastUsed, ulong FirstUnanswered, Map<ulong, Outcome<TResult>.Applied> Results)
{
    /// <summary>The client has seen its answers below this number: they are forgotten.</summary>
    internal Session<TResult> Forget(ulong below) => below <= FirstUnanswered ? this : this with
    {
        FirstUnanswered = below,
        Results = Results.Filter((sequence, _) => sequence >= below),
    };
}

/// <summary>All clients' sessions: part of the replicated state, so the same on every node at the same place.</summary>
/// <param name="ById">The sessions that are not forgotten.</param>
/// <remarks>
/// §6.3: "The session tracks the latest serial number processed for the client, along with the associated response";
/// here a client may have several commands under way. With it every command is applied once, however often it is in
/// the log.
/// </remarks>
public sealed record Sessions<TResult>(Map<SessionId, Session<TResult>> ById)
{
    /// <summary>No client yet.</summary>
    public static readonly Sessions<TResult> Empty = new(Map<SessionId, Session<TResult>>());

    /// <summary>A new session, and, if they are too many, without the one that was not used for longest.</summary>
    /// <param name="at">The place of the registration, which becomes its id.</param>
    /// <param name="most">How many may stay, above 0.</param>
    internal Sessions<TResult> Open(LogIndex at, int most)
    {
        var sessions = ById.Add(new SessionId(at.Value), new Session<TResult>(at, FirstUnanswered: 1, []));
        while (sessions.Count > most) sessions = sessions.Remove(Oldest(sessions));
        return new(sessions);
    }

    internal Option<Session<TResult>> Find(SessionId id) => ById.Find(id);

    internal Sessions<TResult> Remember(
        RequestId request, Session<TResult> session, LogIndex at, Outcome<TResult>.Applied told) =>
        new(ById.SetItem(request.Session, session with
        {
            LastUsed = at,
            Results = session.Results.Add(request.Sequence, told),
        }));

    private static SessionId Oldest(Map<SessionId, Session<TResult>> sessions)
    {
        var (oldest, used) = (SessionId.None, new LogIndex(ulong.MaxValue));
        foreach (var (id, session) in sessions)
            if (session.LastUsed < used) (oldest, used) = (id, session.LastUsed);
        return oldest;
    }
}
