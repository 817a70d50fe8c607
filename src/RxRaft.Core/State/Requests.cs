namespace RxRaft;

/// <summary>A client's session with the cluster.</summary>
/// <param name="Value">The place of the entry that opened it; 0 is no session.</param>
/// <remarks>§6.3.</remarks>
public readonly record struct SessionId(ulong Value) : IComparable<SessionId>
{
    /// <summary>Requests without a session: a retry may apply twice.</summary>
    public static readonly SessionId None;

    /// <inheritdoc/>
    public int CompareTo(SessionId other) => Value.CompareTo(other.Value);

    /// <summary>C17.</summary>
    public override string ToString() => $"C{Value}";

    /// <summary>Earlier.</summary>
    public static bool operator <(SessionId a, SessionId b) => a.CompareTo(b) < 0;

    /// <summary>Later.</summary>
    public static bool operator >(SessionId a, SessionId b) => a.CompareTo(b) > 0;

    /// <summary>Not later.</summary>
    public static bool operator <=(SessionId a, SessionId b) => a.CompareTo(b) <= 0;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(SessionId a, SessionId b) => a.CompareTo(b) >= 0;
}

/// <summary>Which request of which client. Who asked recognises the answer by it.</summary>
/// <param name="Session">The client's session.</param>
/// <param name="Sequence">
/// Within the session from 1, rising, the same for each retry. Without a session, any number that nobody else uses.
/// </param>
/// <remarks>§6.3.</remarks>
public readonly record struct RequestId(SessionId Session, ulong Sequence) : IComparable<RequestId>
{
    /// <inheritdoc/>
    public int CompareTo(RequestId other) =>
        Session.CompareTo(other.Session) is var bySession and not 0 ? bySession : Sequence.CompareTo(other.Sequence);

    /// <summary>C17/3.</summary>
    public override string ToString() => $"{Session}/{Sequence}";

    /// <summary>Earlier.</summary>
    public static bool operator <(RequestId a, RequestId b) => a.CompareTo(b) < 0;

    /// <summary>Later.</summary>
    public static bool operator >(RequestId a, RequestId b) => a.CompareTo(b) > 0;

    /// <summary>Not later.</summary>
    public static bool operator <=(RequestId a, RequestId b) => a.CompareTo(b) <= 0;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(RequestId a, RequestId b) => a.CompareTo(b) >= 0;
}

/// <summary>A request for an entry in the log.</summary>
/// <param name="Payload">A command or the registration of a session; nothing else is a client's to propose.</param>
public sealed record Proposal(Payload Payload)
{
    /// <summary>Which request it is.</summary>
    public RequestId Request => Payload.RequestId.Case is RequestId request
        ? request
        : throw new InvariantViolationException("clients propose commands and sessions");
}

/// <summary>What came of a client's request, where that is not the state machine's to say.</summary>
/// <remarks>
/// §6. Each speaks of one attempt; what became of another under the same number, only that one's own outcome says.
/// </remarks>
public abstract record Outcome
{
    private Outcome() { }

    /// <summary>It is done: a change of members is committed, or leadership has been handed over.</summary>
    public sealed record Done : Outcome;

    /// <summary>This node does not lead, and has not passed it on. Nothing has happened, and nothing will.</summary>
    /// <param name="Leader">Who does, as far as it knows (§6.2).</param>
    public sealed record NotLeader(Option<NodeId> Leader) : Outcome;

    /// <summary>
    /// Too much is under way at this node already, and it has not passed it on. Nothing has happened, and nothing will;
    /// a later attempt may.
    /// </summary>
    /// <param name="Limit">The name of the limit in <see cref="Limits"/>, and its value.</param>
    public sealed record Busy(string Limit) : Outcome;

    /// <summary>It may have happened, may happen yet, or never. Within a session a retry is safe.</summary>
    /// <remarks>
    /// Also when a follower has passed it on and the leader was busy, or led no more: wires may deliver twice, and the
    /// other copy may have made it.
    /// </remarks>
    public sealed record Unknown : Outcome;

    /// <summary>It cannot be. Nothing has happened.</summary>
    /// <param name="Reason">Why, with the values that are wrong.</param>
    public sealed record Rejected(string Reason) : Outcome;
}
