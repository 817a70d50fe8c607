namespace RxRaft;

/// <summary>One entry of the log: a command of the replicated state machine, and where a leader put it.</summary>
/// <param name="Position">The leader's term when it created the entry, and the entry's place.</param>
/// <param name="Payload">What the entry carries.</param>
/// <remarks>§3.5.</remarks>
public sealed record Entry(LogPosition Position, Payload Payload)
{
    private const int Overhead = 32;

    /// <summary>The entry's place in the log.</summary>
    public LogIndex Index => Position.Index;

    /// <summary>The term in which a leader created the entry.</summary>
    public Term Term => Position.Term;

    /// <summary>
    /// What the entry counts for in every limit, in bytes: its payload, and a flat amount for the rest.
    /// </summary>
    public int Size => SizeOf(Payload);

    /// <summary>The same of an entry that is not there yet.</summary>
    internal static int SizeOf(Payload payload) => Overhead + payload.Size;
}

/// <summary>What an entry carries.</summary>
public abstract record Payload
{
    private Payload() { }

    /// <summary>In bytes, about.</summary>
    public int Size => this switch
    {
        Noop => 0,
        Command command => command.Bytes.Length,
        Register => 0,
        Configure configure => 16 * configure.Configuration.Members.Count,     // a member may be in two sets
        _ => throw Unreachable.Case(this),
    };

    /// <summary>Which client request it is, if it is one.</summary>
    public Option<RequestId> RequestId => this switch
    {
        Command command => command.Request,
        Register register => register.Request,
        Noop or Configure => None,
        _ => throw Unreachable.Case(this),
    };

    /// <summary>Nothing: an entry for the sake of its term.</summary>
    /// <remarks>§6.4: a leader commits one to learn which entries are committed.</remarks>
    public sealed record Noop : Payload
    {
        /// <summary>The only one there need be.</summary>
        public static readonly Noop Instance = new();
    }

    /// <summary>A command for the state machine, opaque to Raft.</summary>
    /// <param name="Request">Whose, and which: the same for every retry.</param>
    /// <param name="FirstUnanswered">
    /// The lowest sequence number of the session whose answer its client has not seen: what is below is forgotten.
    /// </param>
    /// <param name="Bytes">Must not change once handed over. Two commands with the same bytes are equal.</param>
    /// <remarks>§6.3.</remarks>
    public sealed record Command(RequestId Request, ulong FirstUnanswered, ReadOnlyMemory<byte> Bytes) : Payload
    {
        /// <inheritdoc/>
        public bool Equals(Command? other) =>
            other is not null && Request == other.Request && FirstUnanswered == other.FirstUnanswered
            && Bytes.Span.SequenceEqual(other.Bytes.Span);

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.Add(Request);
            hash.AddBytes(Bytes.Span);
            return hash.ToHashCode();
        }
    }

    /// <summary>Opens a session, whose id is the place of this entry.</summary>
    /// <param name="Request">Of no session yet; a retry opens another session, and the first is never used.</param>
    /// <param name="MaxSessions">
    /// Above 0: how many stay. In the entry, so that every state machine forgets the same ones.
    /// </param>
    /// <remarks>§6.3.</remarks>
    public sealed record Register(RequestId Request, int MaxSessions) : Payload;

    /// <summary>A configuration, in force from when it is appended.</summary>
    /// <param name="Configuration">The new one.</param>
    /// <remarks>§4.1.</remarks>
    public sealed record Configure(Configuration Configuration) : Payload;
}
