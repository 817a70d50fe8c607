using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;

namespace RxRaft.Hosting;

/// <summary>A leader that is about to stop lets another lead, so that nobody has to notice that it is gone.</summary>
/// <param name="self">Who stops.</param>
/// <param name="state">What it is at the moment.</param>
/// <param name="transfer">Asks another to lead.</param>
/// <param name="log">Hears how it goes.</param>
/// <remarks>§3.10.</remarks>
internal sealed class HandOver(
    NodeId self, Func<NodeState> state, Func<NodeId, CancellationToken, Task<Outcome>> transfer, ILogger log)
{
    /// <summary>
    /// Asks the voter that has most of the log, and of those the one that answered last; if it does not take over, the
    /// next. Ends when another leads, when everybody was asked, or in time.
    /// </summary>
    public async Task Run(TimeSpan timeout, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(timeout);
        for (var asked = Set<NodeId>(); Best(state(), asked).Case is NodeId target; asked = asked.Add(target))
            if (await Ask(target, limit.Token).ConfigureAwait(false)) return;
    }

    /// <summary>Whom to ask.</summary>
    /// <returns>
    /// Nobody if this node does not lead, if there is nobody left, or if no quorum answers that could elect another.
    /// </returns>
    internal static Option<NodeId> Best(NodeState state, Set<NodeId> asked) =>
        state.Role is Role.Leader leader && state.Now - leader.QuorumContact < state.Settings.ElectionTimeoutMin
            ? toSeq(leader.Followers.AsEnumerable()
                .Where(follower => follower.Value is not Progress.Refused
                    && state.Configuration.IsVoter(follower.Key) && !asked.Contains(follower.Key))
                .OrderByDescending(follower => follower.Value.MatchIndex)
                .ThenByDescending(follower => follower.Value.Answered)
                .Select(follower => follower.Key)).HeadOrNone()
            : None;

    private async Task<bool> Ask(NodeId target, CancellationToken cancel)
    {
        log.HandingOver(self, state().CurrentTerm, target);
        try
        {
            var outcome = await transfer(target, cancel).ConfigureAwait(false);
            if (outcome is Outcome.Done) log.HandedOver(self, target);
            else log.NotHandedOver(self, target, outcome.ToString());
            return outcome is Outcome.Done;
        }
        catch (OperationCanceledException)
        {
            log.NotHandedOver(self, target, "it took too long");
            return true;
        }
        catch (ObjectDisposedException stopped)
        {
            log.NotHandedOver(self, target, stopped.Message);
            return true;
        }
    }
}
