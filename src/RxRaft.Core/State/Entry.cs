namespace RxRaft;

/// <summary>One entry of the log: a command of the replicated state machine, and where a leader put it.</summary>
/// <param name="Position">The leader's term when it created the entry, and the entry's place.</param>
/// <param name="Payload">What the entry carries.</param>
/// <remarks>§3.5.</remarks>
public sealed record Entry(LogPosition Position, Payload Payload)
{
    /// <summary>The entry's place in the log.</summary>
    public LogIndex Index => Position.Index;

    /// <summary>The term in which a leader created the entry.</summary>
    public Term Term => Position.Term;
}

/// <summary>What an entry carries.</summary>
public abstract record Payload
{
    private Payload() { }

    /// <summary>Nothing: an entry for the sake of its term.</summary>
    /// <remarks>§6.4: a leader commits one to learn which entries are committed.</remarks>
    public sealed record Noop : Payload
    {
        /// <summary>The only one there need be.</summary>
        public static readonly Noop Instance = new();
    }

    /// <summary>A command for the state machine, opaque to Raft.</summary>
    /// <param name="Bytes">Must not change once handed over. Two commands with the same bytes are equal.</param>
    public sealed record Command(ReadOnlyMemory<byte> Bytes) : Payload
    {
        /// <inheritdoc/>
        public bool Equals(Command? other) => other is not null && Bytes.Span.SequenceEqual(other.Bytes.Span);

        /// <inheritdoc/>
        public override int GetHashCode()
        {
            var hash = new HashCode();
            hash.AddBytes(Bytes.Span);
            return hash.ToHashCode();
        }
    }
}
