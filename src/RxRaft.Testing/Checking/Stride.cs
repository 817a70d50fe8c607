namespace RxRaft.Testing.Checking;

/// <summary>What a node is to do.</summary>
internal enum Kind
{
    /// <summary>Take up a message; its number is the argument. So for the next two.</summary>
    InTime = Lateness.InTime,
    Impatient = Lateness.Impatient,
    GivenUp = Lateness.GivenUp,

    /// <summary>Wake for an <see cref="Alarm"/>.</summary>
    Wake,

    /// <summary>Take up a proposal of this number, counted from 0. So for the next two.</summary>
    Propose,
    Read,
    Change,

    /// <summary>Hand over to the node of this index.</summary>
    Transfer,

    /// <summary>Crash, and start again.</summary>
    Crash,

    /// <summary>
    /// Learn of a newer term by a pre-election that is refused: by the node of the index in the lowest 4 bits, which
    /// is in the term above them.
    /// </summary>
    Refused,
}

/// <summary>What came of it, whatever the rest of the cluster is: found once, and then remembered.</summary>
/// <param name="Legs">The whole, and then each way in which a crash can cut it short.</param>
/// <param name="Wrong">What must not be, if it was.</param>
internal sealed record Stride(Leg[] Legs, Finding? Wrong);

/// <summary>A node after it.</summary>
/// <param name="Cut">Before which write the power went; -1 if it did not.</param>
/// <param name="After">The node; where the power went, after its new start.</param>
/// <param name="Reached">The node before the power went.</param>
/// <param name="Sent">What it said.</param>
/// <param name="Reads">Reads that came to their end, by number, and what they saw; all, if they saw nothing.</param>
/// <param name="Commits">Whether it came to know of more that is committed.</param>
/// <param name="Dropped">What of that a snapshot has already taken the place of.</param>
/// <param name="Elected">In which term it was elected; 0 if it was not.</param>
internal sealed record Leg(
    int Cut, NodePart After, NodeState Reached, LetterPart[] Sent, (int Read, LogIndex Seen)[] Reads, bool Commits,
    Entry[] Dropped, int Elected)
{
    public static readonly LogIndex All = new(ulong.MaxValue);
}
