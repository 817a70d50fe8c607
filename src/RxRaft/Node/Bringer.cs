using System.Threading;

namespace RxRaft;

/// <summary>
/// A thread that brings to a node what it reads, and has a guest go on, if there is one, when it has left the node.
/// </summary>
/// <remarks>What it had to read is read by another thread, once somebody has found that the guest takes long.</remarks>
/// <param name="readOn">Begins that other thread.</param>
internal sealed class Bringer(Action readOn)
{
    private const int Reading = 0;
    private const int Hosting = 1;
    private const int Relieved = 2;

    [ThreadStatic]
    private static Bringer? here;

    private readonly Action readOn = readOn;
    private IThreadPoolWorkItem? guest;
    private Action? left;
    private long hosted;
    private int state;

    /// <summary>Who runs on this thread, if it is one that hosts.</summary>
    public static Bringer? Here => here;

    /// <summary>How many guests have gone on.</summary>
    public long Hosted => Volatile.Read(ref hosted);

    /// <summary>From now on it is this thread.</summary>
    public void Begin() => here = this;

    /// <summary>Takes one in, who goes on soon. Only on its own thread.</summary>
    /// <param name="who">Goes on.</param>
    /// <param name="whenLeft">Is told when he has, and there is no other of the same house.</param>
    /// <returns>False where there is a guest already, or nothing to read any more.</returns>
    public bool TryTakeIn(IThreadPoolWorkItem who, Action whenLeft)
    {
        if (guest is not null || Volatile.Read(ref state) == Relieved) return false;

        (guest, left) = (who, whenLeft);
        return true;
    }

    /// <summary>Has guests go on, until there is none. Only on its own thread.</summary>
    /// <returns>False if another thread reads by now.</returns>
    public bool GoOn()
    {
        while (guest is { } who)
        {
            var leaves = left!;
            guest = null;
            Interlocked.CompareExchange(ref state, Hosting, Reading);
            who.Execute();
            Volatile.Write(ref hosted, hosted + 1);
            if (guest is null || left != leaves) leaves();      // the next may be a guest of another node
            Interlocked.CompareExchange(ref state, Reading, Hosting);
        }

        return Volatile.Read(ref state) == Reading;
    }

    /// <summary>Another thread reads on, if this one has a guest at the moment.</summary>
    public bool Relieve()
    {
        if (Interlocked.CompareExchange(ref state, Relieved, Hosting) != Hosting) return false;

        readOn();
        return true;
    }
}
