namespace RxRaft.Testing;

/// <summary>What a journal tells as it is replayed.</summary>
/// <param name="Number">Of the last step so far, counted from the node's start: as it starts, 0.</param>
/// <param name="File">The path of the file.</param>
/// <param name="Offset">Of the record in the file, in bytes.</param>
public abstract record Replayed(ulong Number, string File, long Offset)
{
    /// <summary>The fold begins: the node starts, or steps before are not recorded, or not here.</summary>
    /// <param name="State">From where on.</param>
    /// <param name="IsStart">Whether a life of the node begins.</param>
    /// <param name="Lost">How many steps just before were left out, there being too many to write.</param>
    /// <param name="Library">The version of RxRaft that wrote it.</param>
    /// <param name="WrittenAt">When the file was begun.</param>
    public sealed record Began(
        ulong Number, string File, long Offset, NodeState State, bool IsStart, ulong Lost, string Library,
        DateTimeOffset WrittenAt) : Replayed(Number, File, Offset)
    {
        /// <summary>How many steps before those are in a file that is not there.</summary>
        public ulong Missing { get; init; }
    }

    /// <summary>A step was taken again.</summary>
    public sealed record Stepped(
        ulong Number, string File, long Offset, NodeState Before, Input Input, Transition Step)
        : Replayed(Number, File, Offset);

    /// <summary>A step halted the node.</summary>
    /// <param name="Reason">What the algorithm said now.</param>
    public sealed record Halted(
        ulong Number, string File, long Offset, NodeState Before, Input Input, Exception Reason)
        : Replayed(Number, File, Offset);

    /// <summary>The replay is no longer what was recorded. What comes after it is of no value.</summary>
    /// <param name="Words">What differs.</param>
    public sealed record Differed(ulong Number, string File, long Offset, string Words)
        : Replayed(Number, File, Offset);

    /// <summary>The node stopped, in the state that was recorded.</summary>
    public sealed record Ended(ulong Number, string File, long Offset, NodeState State)
        : Replayed(Number, File, Offset);

    /// <summary>The file's end is torn, as a process leaves it that was killed.</summary>
    /// <param name="Bytes">So many do not count.</param>
    public sealed record Torn(ulong Number, string File, long Offset, long Bytes) : Replayed(Number, File, Offset);
}
