using System.Threading;
using System.Threading.Tasks;
using RxRaft.Hosting;

namespace RxRaft.Samples.KeyValue;

/// <summary>
/// While any key has a deadline, the leader sees to it that the store's clock goes on though nobody writes: at each
/// deadline, and every second. Else it writes nothing.
/// </summary>
internal sealed class Ticker(StoreNode node) : ILeaderService
{
    private const long Second = 1000;

    private static readonly TimeSpan Precision = TimeSpan.FromMilliseconds(100);

    /// <summary>Now, on this node, in milliseconds since 1970.</summary>
    public static long Clock() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Whether somebody has to say how late it is.</summary>
    public static bool IsDue(Store store, long now) =>
        store.NextDeadline.Case is long next && (next <= now || store.Now + Second <= now) && store.Now < now;

    public async Task ExecuteAsync(Leadership leadership, CancellationToken whileLeader)
    {
        using var timer = new PeriodicTimer(Precision);
        while (await timer.WaitForNextTickAsync(whileLeader).ConfigureAwait(false))
            if (IsDue(node.Latest, Clock()))
                await node.Raft.TryProposeAsync(new Batch(Clock(), Seq<Change>()), whileLeader).ConfigureAwait(false);
    }
}
