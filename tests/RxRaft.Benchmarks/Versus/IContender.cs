using System.Threading.Tasks;

namespace RxRaft.Benchmarks;

/// <summary>A cluster of three nodes in this process, over TCP on loopback, with a leader.</summary>
internal interface IContender : IAsyncDisposable
{
    /// <summary>Has the leader commit 64 bytes, and waits until it has.</summary>
    Task Commit(byte[] command);
}

/// <summary>Where a cluster keeps its log.</summary>
internal enum Storage
{
    /// <summary>In memory: what is there when the process ends is lost, or on a file system that is memory.</summary>
    Memory,

    /// <summary>On disk: durable before it is acknowledged.</summary>
    Disk,
}
