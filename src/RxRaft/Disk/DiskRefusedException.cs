namespace RxRaft;

/// <summary>A directory cannot be this node's disk; the message says why.</summary>
/// <remarks>
/// In use by another, of another cluster or node, in a newer format, not a directory, not writable, or with files in
/// it but nothing that says whose they are. None of the files that it had was changed; it may have one more, the empty
/// file <c>lock</c>, and one that cannot be written may have what had been begun.
/// </remarks>
public sealed class DiskRefusedException : Exception
{
    internal DiskRefusedException(string directory, string why, Exception? cause = null)
        : base($"{directory} cannot be this node's disk: {why}", cause) => Directory = directory;

    /// <summary>The path of the directory.</summary>
    public string Directory { get; }
}
