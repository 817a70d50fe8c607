namespace RxRaft;

/// <summary>What came of a command.</summary>
/// <typeparam name="TResult">The state machine's.</typeparam>
/// <remarks>§6.</remarks>
public abstract record Outcome<TResult>
{
    private Outcome() { }

    /// <summary>It is committed and was applied, once.</summary>
    /// <param name="Result">What the state machine says.</param>
    public sealed record Applied(TResult Result) : Outcome<TResult>;

    /// <inheritdoc cref="Outcome.NotLeader"/>
    public sealed record NotLeader(Option<NodeId> Leader) : Outcome<TResult>;

    /// <inheritdoc cref="Outcome.Busy"/>
    public sealed record Busy(string Limit) : Outcome<TResult>;

    /// <inheritdoc cref="Outcome.Unknown"/>
    public sealed record Unknown : Outcome<TResult>;

    /// <inheritdoc cref="Outcome.Rejected"/>
    public sealed record Rejected(string Reason) : Outcome<TResult>;

    /// <summary>
    /// The cluster has forgotten the session: this attempt did nothing; whether one before it did, nobody knows.
    /// </summary>
    public sealed record SessionExpired(SessionId Session) : Outcome<TResult>;

    /// <summary>The same with another result.</summary>
    internal Outcome<TOther> Map<TOther>(Func<TResult, TOther> map) => this switch
    {
        Applied(var result) => new Outcome<TOther>.Applied(map(result)),
        NotLeader(var leader) => new Outcome<TOther>.NotLeader(leader),
        Busy(var limit) => new Outcome<TOther>.Busy(limit),
        Unknown => new Outcome<TOther>.Unknown(),
        Rejected(var reason) => new Outcome<TOther>.Rejected(reason),
        SessionExpired(var session) => new Outcome<TOther>.SessionExpired(session),
        _ => throw Unreachable.Case(this),
    };

    /// <summary>What the node says of a command that it did not get applied.</summary>
    internal static Outcome<TResult> Of(Outcome outcome) => outcome switch
    {
        Outcome.NotLeader(var leader) => new NotLeader(leader),
        Outcome.Busy(var limit) => new Busy(limit),
        Outcome.Unknown => new Unknown(),
        Outcome.Rejected(var reason) => new Rejected(reason),
        Outcome.Done => throw Unreachable.Case(outcome),        // of operators' requests only
        _ => throw Unreachable.Case(outcome),
    };
}
