namespace RxRaft;

/// <summary>The files of one directory, by name: what a disk needs of an operating system, and no more.</summary>
/// <remarks>
/// Tests have one that crashes between any two calls. What is promised there is all that the disk relies on: bytes are
/// durable after <see cref="IFile.Sync"/>, names after <see cref="SyncNames"/>; before that a crash leaves any part of
/// them, in any order, each sector of 512 bytes whole; a rename is whole too.
/// </remarks>
internal interface IFileSystem
{
    /// <summary>What messages call the directory.</summary>
    string Directory { get; }

    /// <summary>The path of a file, for messages.</summary>
    string PathOf(string name);

    /// <summary>All names in the directory.</summary>
    Seq<string> Names();

    /// <summary>Makes a file that is not there yet.</summary>
    IFile Create(string name);

    /// <summary>Opens one that is there.</summary>
    IFile Open(string name);

    /// <summary>Gives a file another name, in place of the file that had it.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file. Who has it open may read on.</summary>
    void Delete(string name);

    /// <summary>Makes creations, renames and removals durable, where <see cref="CanSyncNames"/>.</summary>
    void SyncNames();

    /// <summary>Whether names can be made durable. On Windows they cannot: Disk/README.md.</summary>
    bool CanSyncNames { get; }

    /// <summary>Keeps every other process from the directory until disposed of; none if another has it.</summary>
    IDisposable? TryLock(string name);
}

/// <summary>An open file.</summary>
internal interface IFile : IDisposable
{
    /// <summary>In bytes.</summary>
    long Length { get; }

    /// <summary>Fills a buffer from a place on, as far as the file goes.</summary>
    /// <returns>How many bytes were there.</returns>
    int Read(Span<byte> into, long offset);

    /// <summary>Writes all bytes at a place; the file grows as needed.</summary>
    void Write(ReadOnlySpan<byte> bytes, long offset);

    /// <summary>Makes all that was written durable.</summary>
    void Sync();
}
