using System.IO;

namespace RxRaft.Tests.Disk;

/// <summary>A directory for one test, which goes with it.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public static readonly ClusterId Cluster = new("orders");
    public static readonly NodeId Self = new(1);

    /// <summary>Small, so that segments change often.</summary>
    public static readonly FileDiskOptions Small = new() { SegmentBytes = FileDiskOptions.MinSegmentBytes };

    private readonly string above = Directory.CreateTempSubdirectory("rxraft-").FullName;

    public string Path => System.IO.Path.Combine(above, "node", "1");

    public FileDisk Open(FileDiskOptions? options = null) => FileDisk.Open(Path, Cluster, Self, options ?? Small);

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(above, recursive: true);
}
