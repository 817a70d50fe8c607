using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>
/// A node as its clients see it: what they ask for, or why it cannot be had, and whether it may have happened.
/// </summary>
internal static class StoreClient
{
    /// <summary>Has changes applied, as one command.</summary>
    /// <returns>
    /// The answers, or an error. TRYAGAIN: nothing happened. UNKNOWN: it may have, or may yet.
    /// </returns>
    public static async Task<Either<Reply, Seq<Answer>>> Propose(this StoreNode node, Seq<Change> changes)
    {
        using var patience = new CancellationTokenSource(node.Options.Timeout);
        if (!await SomebodyLeads(node, patience.Token).ConfigureAwait(false)) return NoLeader(node);
        try
        {
            return await node.Raft.ProposeAsync(new Batch(Ticker.Clock(), changes), patience.Token)
                .ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Unknown($"no answer within {Milliseconds(node)}");
        }
        catch (RequestFailedException failure) when (failure.Outcome is Outcome.Rejected(var reason))
        {
            return Reply.Err($"nothing was written: {reason}");
        }
        catch (RequestFailedException)
        {
            return Unknown("the cluster has forgotten this node's session");
        }
        catch (ObjectDisposedException)
        {
            return Unknown("this node stops");
        }
    }

    /// <summary>The store as it is after everything that was done, anywhere, before the call.</summary>
    public static async Task<Either<Reply, Store>> Read(this StoreNode node)
    {
        using var patience = new CancellationTokenSource(node.Options.Timeout);
        try
        {
            return await node.Raft.ReadAsync(store => store, patience.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return new Reply.Error($"TRYAGAIN no answer within {Milliseconds(node)}; nothing was read");
        }
        catch (RequestFailedException failure)
        {
            return Reply.Err($"nothing was read: {failure.Message}");
        }
        catch (ObjectDisposedException)
        {
            return new Reply.Error("TRYAGAIN this node stops; nothing was read");
        }
    }

    /// <summary>
    /// How many other voters are known to have what is committed now; a follower knows of a quorum only.
    /// </summary>
    /// <param name="wanted">When there are so many, it does not wait for more.</param>
    /// <param name="time">How long it waits at most; 0 is as long as for any other answer.</param>
    public static async Task<int> Replicas(this StoreNode node, int wanted, TimeSpan time, CancellationToken cancel)
    {
        var index = node.Raft.State.CommitIndex;
        var end   = time == TimeSpan.Zero || time > node.Options.Timeout ? node.Options.Timeout : time;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        patience.CancelAfter(end);
        try
        {
            if (wanted > Having(node.Raft.State, index) && node.Raft.State.Role is Role.Leader)
                await node.Raft.Transitions
                    .FirstAsync(step => step.State.Role is not Role.Leader || Having(step.State, index) >= wanted)
                    .ToTask(patience.Token).ConfigureAwait(false);
        }
        catch (Exception late) when (late is OperationCanceledException or InvalidOperationException)
        {
            // then there are fewer
        }

        return Having(node.Raft.State, index);
    }

    /// <summary>How many other voters have it on their disks, as far as this node knows.</summary>
    /// <param name="state">Of this node.</param>
    /// <param name="index">Of an entry that it knows to be committed.</param>
    internal static int Having(NodeState state, LogIndex index)
    {
        if (state.Role is Role.Leader leader)
            return leader.Followers.Filter((node, follower) =>
                follower.MatchIndex >= index && state.Configuration.IsVoter(node)).Count;

        return state.Configuration switch
        {
            Configuration.Simple one => Others(one.Voters),
            Configuration.Joint two => Math.Max(Others(two.Old), Others(two.New)),
            _ => throw Unreachable.Case(state.Configuration),
        };

        // Of a quorum of these, which this node may be one of.
        int Others(Set<NodeId> voters) =>
            voters.IsEmpty ? 0 : voters.Count / 2 + 1 - (voters.Contains(state.Self) ? 1 : 0);
    }

    private static async ValueTask<bool> SomebodyLeads(StoreNode node, CancellationToken patience)
    {
        if (node.Raft.State.LeaderId.IsSome) return true;
        try
        {
            await node.Raft.Leadership.FirstAsync(now => now.Leader.IsSome).ToTask(patience).ConfigureAwait(false);
            return true;
        }
        catch (Exception nobody) when (nobody is OperationCanceledException or InvalidOperationException)
        {
            return false;
        }
    }

    private static Reply.Error NoLeader(StoreNode node) => new Reply.Error(
        $"TRYAGAIN no leader has been heard of for {Milliseconds(node)}; nothing was written");

    private static Reply.Error Unknown(string why) =>
        new Reply.Error($"UNKNOWN {why}: the write may have happened, or may happen yet");

    private static string Milliseconds(StoreNode node) =>
        FormattableString.Invariant($"{node.Options.Timeout.TotalMilliseconds} ms");
}
