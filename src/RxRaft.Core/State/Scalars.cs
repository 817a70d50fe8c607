namespace RxRaft;

/// <summary>The name of a node, for as long as the cluster lives. A node is the dissertation's <i>server</i>.</summary>
/// <param name="Value">Any number from 1, unique in the cluster.</param>
public readonly record struct NodeId(ulong Value) : IComparable<NodeId>
{
    /// <inheritdoc/>
    public int CompareTo(NodeId other) => Value.CompareTo(other.Value);

    /// <summary>S3.</summary>
    public override string ToString() => $"S{Value}";

    /// <summary>Comes earlier in lists.</summary>
    public static bool operator <(NodeId a, NodeId b) => a.Value < b.Value;

    /// <summary>Comes later in lists.</summary>
    public static bool operator >(NodeId a, NodeId b) => a.Value > b.Value;

    /// <summary>Does not come later in lists.</summary>
    public static bool operator <=(NodeId a, NodeId b) => a.Value <= b.Value;

    /// <summary>Does not come earlier in lists.</summary>
    public static bool operator >=(NodeId a, NodeId b) => a.Value >= b.Value;
}

/// <summary>Questions about a node that may be none, as cheap as they look: the general ones box.</summary>
internal static class NodeIdExtensions
{
    /// <summary>Whether it is this node.</summary>
    public static bool Is(this Option<NodeId> some, NodeId node) => some.IsSome && some.IfNone(default(NodeId)) == node;

    /// <summary>Whether both are the same node, or both none.</summary>
    public static bool Same(this Option<NodeId> a, Option<NodeId> b) =>
        a.IsSome == b.IsSome && a.IfNone(default(NodeId)) == b.IfNone(default(NodeId));
}

/// <summary>A term: Raft's logical clock. It only moves forward, and has at most one leader.</summary>
/// <param name="Value">0 before the first election.</param>
/// <remarks>§3.3.</remarks>
public readonly record struct Term(ulong Value) : IComparable<Term>
{
    /// <summary>The term of a node that has never heard of an election, and of the log's position 0.</summary>
    public static readonly Term Zero;

    /// <summary>The term that the next election is for.</summary>
    /// <exception cref="OverflowException">After 2^64 elections.</exception>
    public Term Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(Term other) => Value.CompareTo(other.Value);

    /// <summary>T4.</summary>
    public override string ToString() => $"T{Value}";

    /// <summary>Earlier.</summary>
    public static bool operator <(Term a, Term b) => a.Value < b.Value;

    /// <summary>Later.</summary>
    public static bool operator >(Term a, Term b) => a.Value > b.Value;

    /// <summary>Not later.</summary>
    public static bool operator <=(Term a, Term b) => a.Value <= b.Value;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(Term a, Term b) => a.Value >= b.Value;
}

/// <summary>A place in the log, counted from 1. 0 is the place before the first entry.</summary>
/// <param name="Value">0 or a 1-based index.</param>
public readonly record struct LogIndex(ulong Value) : IComparable<LogIndex>
{
    /// <summary>The place before the first entry.</summary>
    public static readonly LogIndex Zero;

    /// <summary>The place after this one.</summary>
    public LogIndex Next => new(checked(Value + 1));

    /// <summary>The place before this one.</summary>
    /// <exception cref="OverflowException">At place 0, which has none before it.</exception>
    public LogIndex Previous => new(checked(Value - 1));

    /// <inheritdoc/>
    public int CompareTo(LogIndex other) => Value.CompareTo(other.Value);

    /// <summary>#7.</summary>
    public override string ToString() => $"#{Value}";

    /// <summary>The place a number of entries further on.</summary>
    public static LogIndex operator +(LogIndex a, int entries) => new(checked(a.Value + (ulong)entries));

    /// <summary>Before.</summary>
    public static bool operator <(LogIndex a, LogIndex b) => a.Value < b.Value;

    /// <summary>After.</summary>
    public static bool operator >(LogIndex a, LogIndex b) => a.Value > b.Value;

    /// <summary>Not after.</summary>
    public static bool operator <=(LogIndex a, LogIndex b) => a.Value <= b.Value;

    /// <summary>Not before.</summary>
    public static bool operator >=(LogIndex a, LogIndex b) => a.Value >= b.Value;

    /// <summary>The earlier of two places.</summary>
    public static LogIndex Min(LogIndex a, LogIndex b) => a < b ? a : b;

    /// <summary>The later of two places.</summary>
    public static LogIndex Max(LogIndex a, LogIndex b) => a > b ? a : b;
}

/// <summary>The term and index of an entry. Its order is "at least as up-to-date as": by term, then by index.</summary>
/// <param name="Term">The term in which a leader created the entry.</param>
/// <param name="Index">Its place in the log.</param>
/// <remarks>§3.6.1.</remarks>
public readonly record struct LogPosition(Term Term, LogIndex Index) : IComparable<LogPosition>
{
    /// <summary>The place before the first entry: index 0, term 0. Every log agrees with every other there.</summary>
    public static readonly LogPosition Zero;

    /// <inheritdoc/>
    public int CompareTo(LogPosition other) =>
        Term.CompareTo(other.Term) is var byTerm and not 0 ? byTerm : Index.CompareTo(other.Index);

    /// <summary>T4#7.</summary>
    public override string ToString() => $"{Term}{Index}";

    /// <summary>Less up-to-date.</summary>
    public static bool operator <(LogPosition a, LogPosition b) => a.CompareTo(b) < 0;

    /// <summary>More up-to-date.</summary>
    public static bool operator >(LogPosition a, LogPosition b) => a.CompareTo(b) > 0;

    /// <summary>Not more up-to-date.</summary>
    public static bool operator <=(LogPosition a, LogPosition b) => a.CompareTo(b) <= 0;

    /// <summary>At least as up-to-date.</summary>
    public static bool operator >=(LogPosition a, LogPosition b) => a.CompareTo(b) >= 0;
}

/// <summary>
/// A question that a node put to its peers. Replies echo it, so that each is matched with what it answers.
/// </summary>
/// <param name="Value">Counts the rounds a node has begun since it started.</param>
/// <remarks>§6.4 calls "a new round of heartbeats" what a leader sends to learn whether it still leads.</remarks>
public readonly record struct Round(ulong Value) : IComparable<Round>
{
    /// <summary>Before the first question.</summary>
    public static readonly Round Zero;

    /// <summary>The next question.</summary>
    public Round Next => new(checked(Value + 1));

    /// <inheritdoc/>
    public int CompareTo(Round other) => Value.CompareTo(other.Value);

    /// <summary>R12.</summary>
    public override string ToString() => $"R{Value}";

    /// <summary>Earlier.</summary>
    public static bool operator <(Round a, Round b) => a.Value < b.Value;

    /// <summary>Later.</summary>
    public static bool operator >(Round a, Round b) => a.Value > b.Value;

    /// <summary>Not later.</summary>
    public static bool operator <=(Round a, Round b) => a.Value <= b.Value;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(Round a, Round b) => a.Value >= b.Value;
}

/// <summary>A moment of one node's own monotonic clock. Moments of two nodes cannot be compared.</summary>
/// <param name="SinceStart">How long after the node's start.</param>
public readonly record struct Instant(TimeSpan SinceStart) : IComparable<Instant>
{
    /// <summary>The moment the node started.</summary>
    public static readonly Instant Zero;

    /// <inheritdoc/>
    public int CompareTo(Instant other) => SinceStart.CompareTo(other.SinceStart);

    /// <summary>152.3 ms.</summary>
    public override string ToString() => Say.Milliseconds(SinceStart);

    /// <summary>The earlier of two moments.</summary>
    public static Instant Min(Instant a, Instant b) => a < b ? a : b;

    /// <summary>A moment after a span.</summary>
    public static Instant operator +(Instant at, TimeSpan span) => new(at.SinceStart + span);

    /// <summary>The span between two moments.</summary>
    public static TimeSpan operator -(Instant a, Instant b) => a.SinceStart - b.SinceStart;

    /// <summary>Earlier.</summary>
    public static bool operator <(Instant a, Instant b) => a.SinceStart < b.SinceStart;

    /// <summary>Later.</summary>
    public static bool operator >(Instant a, Instant b) => a.SinceStart > b.SinceStart;

    /// <summary>Not later.</summary>
    public static bool operator <=(Instant a, Instant b) => a.SinceStart <= b.SinceStart;

    /// <summary>Not earlier.</summary>
    public static bool operator >=(Instant a, Instant b) => a.SinceStart >= b.SinceStart;
}
