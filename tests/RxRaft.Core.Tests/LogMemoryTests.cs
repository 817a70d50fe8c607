using System.Linq;
using System.Runtime.CompilerServices;

namespace RxRaft.Tests;

/// <summary>What a log has cut it does not keep alive, or a node would never give back memory.</summary>
public class LogMemoryTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    [InlineData(1_024)]
    [InlineData(1_500)]
    [InlineData(2_990)]
    public void What_was_cut_is_released(int keep)
    {
        var (log, cut, kept) = Cut(keep);

        OnlyTheseAreReleased(cut, kept);
        GC.KeepAlive(log);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_024)]
    [InlineData(1_500)]
    [InlineData(2_990)]
    public void What_is_in_a_snapshot_is_released(int through)
    {
        var (log, taken, kept) = Take(through);

        OnlyTheseAreReleased(taken, kept);
        GC.KeepAlive(log);
    }

    private static void OnlyTheseAreReleased(WeakReference[] gone, WeakReference[] kept)
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();

        Assert.DoesNotContain(gone, entry => entry.IsAlive);
        Assert.All(kept, entry => Assert.True(entry.IsAlive));
    }

    // In a method of its own, so that no local of the test holds what was cut.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (Log Log, WeakReference[] Cut, WeakReference[] Kept) Cut(int keep)
    {
        var log = Enumerable.Range(1, 3_000).Aggregate(Log.Empty, (now, index) =>
            now.Append(Logs.Entries((ulong)index - 1, 1)));
        var entries = log.After(LogIndex.Zero).Map(entry => new WeakReference(entry)).ToArray();
        var corrected = log.KeepThrough(Place((ulong)keep)).Append(Logs.Entries((ulong)keep, 2));

        return (corrected, entries[keep..], entries[..keep]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (Log Log, WeakReference[] Taken, WeakReference[] Kept) Take(int through)
    {
        var log     = Log.Empty.Append(Logs.Entries(after: 0, [.. Enumerable.Repeat(1ul, 3_000)]));
        var entries = log.After(LogIndex.Zero).Map(entry => new WeakReference(entry)).ToArray();
        var last    = At(1, (ulong)through);

        return (log.OnTopOf(new Snapshot(last, ClusterOf(3), Size: 1), last), entries[..through], entries[through..]);
    }
}
