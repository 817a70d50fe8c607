namespace RxRaft.Testing;

/// <summary>
/// What a client of a system sees: it asks for something, and then knows what came of it, or does not.
/// </summary>
/// <typeparam name="TCommand">What clients ask for.</typeparam>
/// <typeparam name="TResult">What they are answered.</typeparam>
public abstract record HistoryEvent<TCommand, TResult>
{
    private HistoryEvent(int client, TimeSpan at) => (Client, At) = (client, at);

    /// <summary>Which client. Each waits for one operation at a time.</summary>
    public int Client { get; init; }

    /// <summary>When, for readers: what came first is the order of the events, not this.</summary>
    public TimeSpan At { get; init; }

    /// <summary>The client asks, from now on.</summary>
    public sealed record Invoked(int Client, TCommand Command, TimeSpan At)
        : HistoryEvent<TCommand, TResult>(Client, At);

    /// <summary>The client is answered: what it asked for has happened by now.</summary>
    public sealed record Returned(int Client, TResult Result, TimeSpan At)
        : HistoryEvent<TCommand, TResult>(Client, At);

    /// <summary>
    /// The client gives up waiting: what it asked for may have happened, may happen at any later time, or never.
    /// </summary>
    public sealed record Lost(int Client, TimeSpan At) : HistoryEvent<TCommand, TResult>(Client, At);

    /// <summary>The client is told for certain that what it asked for has not happened, and will not.</summary>
    public sealed record Refused(int Client, TimeSpan At) : HistoryEvent<TCommand, TResult>(Client, At);
}
