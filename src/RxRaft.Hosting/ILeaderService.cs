using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Hosting;

/// <summary>
/// Work for one node at a time: it runs on the leader. Added by <see cref="RaftBuilder.AddLeaderService{T}"/>.
/// </summary>
public interface ILeaderService
{
    /// <summary>Works while this node leads.</summary>
    /// <param name="leadership">
    /// This node, and its term, which is the fencing token: a store that remembers the highest token it has seen, and
    /// refuses lower ones, is safe even from work that overlooks its cancellation.
    /// </param>
    /// <param name="whileLeader">
    /// Cancelled before another node can be elected, as far as <see cref="RaftOptions.ClockDriftBound"/> holds, and
    /// when the host stops.
    /// </param>
    /// <returns>
    /// Work that returns of its own accord is done for this term. If it fails, that is logged, and it runs again after
    /// <see cref="RaftOptions.LeaderServicePause"/>, as long as the node leads; the host goes on.
    /// </returns>
    /// <remarks>
    /// Every run is of an instance of its own, in a scope of its own. Runs of one service never overlap on a node; that
    /// of the next leader may begin before one that overlooks its cancellation has returned.
    /// </remarks>
    Task ExecuteAsync(Leadership leadership, CancellationToken whileLeader);
}
