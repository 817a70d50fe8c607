using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Hosting;

/// <summary>A node that runs, and what it runs on.</summary>
/// <param name="Node">On the wire and the disk.</param>
/// <param name="Wire">Of this node alone.</param>
/// <param name="Disk">The one that is timed.</param>
/// <param name="CloseDisk">Closes the one behind it.</param>
/// <param name="Journal">Records it, if anything does.</param>
/// <param name="Telemetry">Looks on.</param>
internal sealed record RunningNode(
    RaftNode Node, TcpWire Wire, MeasuredDisk Disk, Action CloseDisk, Journal? Journal, NodeTelemetry Telemetry)
{
    /// <summary>Stops the node, then its journal, its wire and its disk.</summary>
    /// <param name="cancel">Ends the waiting for the leader's work: then the node stops at once.</param>
    /// <returns>Whether it stopped in its own time.</returns>
    public async Task<bool> Stop(CancellationToken cancel)
    {
        var stopping = Node.DisposeAsync().AsTask();
        await stopping.WaitAsync(cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var inTime = stopping.IsCompleted;
        if (!inTime) Node.StopAtOnce();

        Journal?.Dispose();
        await Wire.DisposeAsync().ConfigureAwait(false);
        CloseDisk();
        return inTime;
    }
}
