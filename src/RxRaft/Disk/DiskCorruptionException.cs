namespace RxRaft;

/// <summary>Something on a node's disk is not what was written there: the node does not start on it.</summary>
/// <remarks>
/// Nothing was changed but the file <c>lock</c>, which comes if it was not there. What to do is a person's to decide:
/// the node has forgotten a promise it may have given, so it must not go on under its name with what is left; remove it
/// from the cluster and let it join anew as another.
/// </remarks>
public sealed class DiskCorruptionException : Exception
{
    internal DiskCorruptionException(string file, long offset, string what)
        : base($"{file} is damaged at byte {offset}: {what}") => (File, Offset) = (file, offset);

    /// <summary>The path of the file.</summary>
    public string File { get; }

    /// <summary>Where in the file what is wrong begins, in bytes; 0 also when the file is missing.</summary>
    public long Offset { get; }
}
