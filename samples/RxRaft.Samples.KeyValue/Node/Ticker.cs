using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>
/// While any key has a deadline, the leader sees to it that the store's clock goes on though nobody writes: at each
/// deadline, and every second. Else it writes nothing.
/// </summary>
internal static class Ticker
{
    private const long Second = 1000;

    private static readonly TimeSpan Precision = TimeSpan.FromMilliseconds(100);

    /// <summary>Now, on this node, in milliseconds since 1970.</summary>
    public static long Clock() => DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();

    /// <summary>Whether somebody has to say how late it is.</summary>
    public static bool IsDue(Store store, long now) =>
        store.NextDeadline.Case is long next && (next <= now || store.Now + Second <= now) && store.Now < now;

    /// <returns>Ends when the node stops.</returns>
    public static Task Run(RaftNode<Store, Batch, Seq<Answer>> node, Func<Store> latest) =>
        node.WhileLeaderAsync((_, lost) => Lead(node, latest, lost));

    private static async Task Lead(
        RaftNode<Store, Batch, Seq<Answer>> node, Func<Store> latest, CancellationToken lost)
    {
        using var timer = new PeriodicTimer(Precision);
        try
        {
            while (await timer.WaitForNextTickAsync(lost).ConfigureAwait(false))
                if (IsDue(latest(), Clock()))
                    await node.TryProposeAsync(new Batch(Clock(), Seq<Change>()), lost).ConfigureAwait(false);
        }
        catch (Exception over) when (over is OperationCanceledException or ObjectDisposedException)
        {
            // another leads, or nobody
        }
    }
}
