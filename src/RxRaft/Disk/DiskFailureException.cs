namespace RxRaft;

/// <summary>A disk has failed: it was full, or did not write what it was given. It takes nothing more.</summary>
/// <remarks>
/// After a failed fsync nobody knows what is on the disk, and asking again may be answered with a yes that is wrong. So
/// nothing is tried a second time, and everything after the first failure fails with it.
/// </remarks>
public sealed class DiskFailureException : Exception
{
    internal DiskFailureException(string directory, Exception cause)
        : base($"The disk in {directory} has failed, and takes nothing more: {cause.Message}", cause) =>
        Directory = directory;

    /// <summary>The path of the directory.</summary>
    public string Directory { get; }
}
