namespace RxRaft;

/// <summary>One client's session.</summary>
/// <param name="LastUsed">The place of its latest command, or of its registration.</param>
/// <param name="Results">What its client was told and may ask for again.</param>
public readonly record struct Session<TResult>(LogIndex LastUsed, SessionResults<TResult> Results);

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
        var sessions = ById.Add(new SessionId(at.Value), new Session<TResult>(at, SessionResults<TResult>.Empty));
        while (sessions.Count > most) sessions = sessions.Remove(Oldest(sessions));
        return new(sessions);
    }

    /// <summary>With one that has changed.</summary>
    internal Sessions<TResult> With(SessionId id, Session<TResult> session) => new(ById.SetItem(id, session));

    private static SessionId Oldest(Map<SessionId, Session<TResult>> sessions)
    {
        var (oldest, used) = (SessionId.None, new LogIndex(ulong.MaxValue));
        foreach (var (id, session) in sessions)
            if (session.LastUsed < used) (oldest, used) = (id, session.LastUsed);
        return oldest;
    }
}
