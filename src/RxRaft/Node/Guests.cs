using System.Reactive.Concurrency;
using System.Threading;

namespace RxRaft;

/// <summary>
/// Where one who is alone goes on: on the thread that has read what led to his answer, when it has left the node. So
/// nobody has to be woken, which takes a third of what a command takes on a quiet cluster.
/// </summary>
/// <remarks>
/// What goes on is the user's code, which may take as long as it likes: where it does, another thread reads on instead,
/// and nobody is a guest for a while, which is longer each time.
/// </remarks>
/// <param name="own">A thread that always comes: it looks after guests.</param>
internal sealed class Guests(IScheduler own) : IDisposable
{
    private const long MostRefused = 1 << 20;

    /// <summary>How long a guest may keep what is to be read waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(5);

    private readonly IScheduler own = own;
    private Bringer? host;
    private long refusing;
    private long refused;
    private int watched;

    /// <summary>Has somebody go on soon, where he is told, if that is a thread that can have guests.</summary>
    public bool TryTakeIn(IThreadPoolWorkItem who)
    {
        if (Bringer.Here is not { } here || IsRefused()) return false;
        var before = Interlocked.CompareExchange(ref host, here, null);
        if (before is not null && before != here) return false;         // one host at a time
        if (!here.TryTakeIn(who, Leave))
        {
            if (before is null) Leave();
            return false;
        }

        if (Volatile.Read(ref watched) == 0 && Interlocked.Exchange(ref watched, 1) == 0) LookLater(here);
        return true;
    }

    /// <summary>Nobody looks after guests any more, so nothing that is to be read is left to one who has one.</summary>
    public void Dispose()
    {
        Interlocked.Exchange(ref refusing, long.MaxValue);
        Volatile.Read(ref host)?.Relieve();
    }

    private void Leave() => Volatile.Write(ref host, null);

    private bool IsRefused() => Volatile.Read(ref refusing) > 0 && Interlocked.Decrement(ref refusing) >= 0;

    private void LookLater(Bringer seen)
    {
        var before = seen.Hosted;
        own.Schedule(Patience, () => Look(seen, before));
    }

    private void Look(Bringer seen, long before)
    {
        var now = Volatile.Read(ref host);
        if (now == seen && seen.Hosted == before && seen.Relieve())
        {
            refused = Math.Min(MostRefused, Math.Max(64, 2 * refused));
            Interlocked.Exchange(ref refusing, refused);
        }

        if (now is null && seen.Hosted == before)
        {
            Interlocked.Exchange(ref watched, 0);
            if (Volatile.Read(ref host) is null || Interlocked.Exchange(ref watched, 1) == 1) return;
        }

        LookLater(now ?? seen);
    }
}
