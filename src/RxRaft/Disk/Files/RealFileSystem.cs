using System.IO;
using Microsoft.Win32.SafeHandles;

namespace RxRaft;

/// <summary>A directory of the operating system.</summary>
internal sealed class RealFileSystem : IFileSystem
{
    private static readonly bool CanSync = !OperatingSystem.IsWindows();

    private RealFileSystem(string directory) => Directory = directory;

    public string Directory { get; }

    /// <summary>A directory, made if it is not there.</summary>
    /// <exception cref="DiskRefusedException">It cannot be one.</exception>
    public static RealFileSystem At(string directory)
    {
        var path = Path.GetFullPath(directory);
        if (File.Exists(path)) throw new DiskRefusedException(path, "it is a file, not a directory");

        try
        {
            if (!System.IO.Directory.Exists(path)) Make(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new DiskRefusedException(path, $"it cannot be made ({fault.Message})", fault);
        }

        return new(path);
    }

    public string PathOf(string name) => Path.Combine(Directory, name);

    public Seq<string> Names()
    {
        var paths = System.IO.Directory.GetFileSystemEntries(Directory);
        System.Array.Sort(paths, StringComparer.Ordinal);
        return toSeq(paths).Map(path => Path.GetFileName(path)).Strict();
    }

    public IFile Create(string name) => Handle(name, FileMode.CreateNew);

    public IFile Open(string name) => Handle(name, FileMode.Open);

    public void Rename(string from, string to) => File.Move(PathOf(from), PathOf(to), overwrite: true);

    public void Delete(string name) => File.Delete(PathOf(name));

    public void SyncNames() => Names(Directory);

    public bool CanSyncNames => CanSync;

    public IDisposable? TryLock(string name)
    {
        try
        {
            return File.OpenHandle(PathOf(name), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault) when (fault is not FileNotFoundException && IsThere(name))
        {
            return null;
        }
    }

    /// <summary>The name of a new directory is durable when the one above it is.</summary>
    private static void Make(string path)
    {
        if (Path.GetDirectoryName(path) is { } above && !System.IO.Directory.Exists(above)) Make(above);
        System.IO.Directory.CreateDirectory(path);
        if (Path.GetDirectoryName(path) is { } parent) Names(parent);
    }

    private static void Names(string directory)
    {
        if (CanSync) Libc.SyncDirectory(directory);    // Windows: Disk/README.md
    }

    /// <summary>Whether it is there and can be seen, so that only a lock can be what is in the way.</summary>
    private bool IsThere(string name) => File.Exists(PathOf(name));

    private OpenFile Handle(string name, FileMode mode) => new(File.OpenHandle(
        PathOf(name), mode, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete));

    private sealed class OpenFile(SafeFileHandle handle) : IFile
    {
        public long Length => RandomAccess.GetLength(handle);

        public int Read(Span<byte> into, long offset)
        {
            var read = 0;
            while (read < into.Length && RandomAccess.Read(handle, into[read..], offset + read) is var more and > 0)
                read += more;
            return read;
        }

        public void Write(ReadOnlySpan<byte> bytes, long offset) => RandomAccess.Write(handle, bytes, offset);

        public void Sync() => RandomAccess.FlushToDisk(handle);

        public void Dispose() => handle.Dispose();
    }
}
