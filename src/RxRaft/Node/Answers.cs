using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reactive.Concurrency;
using System.Threading;

namespace RxRaft;

/// <summary>
/// Where those who asked go on: a thread that answers one after the other, and holds nothing else up.
/// </summary>
/// <remarks>
/// Who has an answer mostly asks again at once; on one thread those who were answered together also ask together, and
/// nobody has to be woken for it. The pool's threads, after each little that they do, spin for as long as an fsync
/// takes, on the cores that the node needs. But what goes on here is the users' code, which may take as long as it
/// likes: where it does, those behind it are left to the pool until it returns.
/// </remarks>
/// <param name="name">Of the thread.</param>
/// <param name="pool">Has something executed, while the thread is held up.</param>
/// <param name="own">A thread that always comes: it looks after this one.</param>
internal sealed class Answers(string name, Action<IThreadPoolWorkItem> pool, IScheduler own) : IDisposable
{
    /// <summary>How long one may keep the others waiting.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(5);

    /// <summary>So many go on before what they asked for together is begun, or fewer who take longer.</summary>
    private const int Together = 512;

    /// <summary>After so many it is looked how long it has taken.</summary>
    private const int AtOnce = 8;

    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(1);

    private readonly object gate = new();
    private readonly ConcurrentQueue<IThreadPoolWorkItem> waiting = new();
    private IThreadPoolWorkItem? afterwards;
    private volatile Thread? thread;
    private long heldUpAt = -1;
    private volatile bool closed;
    private int asleep;
    private int watched;
    private long answered;

    /// <summary>Whether nobody goes on here at the moment: who is told goes on on the pool.</summary>
    public bool IsHeldUp => closed || Volatile.Read(ref heldUpAt) == Volatile.Read(ref answered);

    /// <summary>Somebody goes on soon.</summary>
    public void Tell(IThreadPoolWorkItem who)
    {
        if (IsHeldUp)
        {
            pool(who);
            return;
        }

        waiting.Enqueue(who);
        Wake();
    }

    /// <summary>
    /// Has something executed when those who go on now have, too. Only the latest: it is for all of them.
    /// </summary>
    public void Afterwards(IThreadPoolWorkItem item)
    {
        Interlocked.Exchange(ref afterwards, item);
        if (Thread.CurrentThread != thread) Wake();
    }

    /// <summary>Nobody goes on here any more: who still waits goes on elsewhere.</summary>
    /// <remarks>Who goes on at this moment is not waited for: it may itself be waiting for the node's end.</remarks>
    public void Dispose()
    {
        closed = true;
        Interlocked.MemoryBarrier();                            // seen by who brings something after this looked
        LeaveToThePool();
        lock (gate) Monitor.Pulse(gate);
    }

    private void Wake()
    {
        if (Volatile.Read(ref watched) == 0 && Interlocked.Exchange(ref watched, 1) == 0) LookLater();
        if (thread is null) Start();
        else if (Volatile.Read(ref asleep) == 1) lock (gate) Monitor.Pulse(gate);
        if (closed) LeaveToThePool();                           // it was closed meanwhile
    }

    private void Start()
    {
        lock (gate)
        {
            if (thread is not null || closed) return;

            thread = new Thread(Run) { IsBackground = true, Name = name };
            thread.Start();
        }
    }

    private void Run()
    {
        while (!closed)
        {
            GoOn();
            Interlocked.Exchange(ref afterwards, null)?.Execute();
            Moved();
            if (waiting.IsEmpty) Sleep();
        }

        LeaveToThePool();
    }

    private void GoOn()
    {
        var began = Stopwatch.GetTimestamp();
        for (var together = 1; together <= Together && waiting.TryDequeue(out var who); together++)
        {
            who.Execute();
            Moved();
            if (together % AtOnce == 0 && Stopwatch.GetElapsedTime(began) > Longest) return;
        }
    }

    private void Sleep()
    {
        lock (gate)
        {
            Interlocked.Exchange(ref asleep, 1);                // seen by who brings something after this looked
            while (waiting.IsEmpty && Volatile.Read(ref afterwards) is null && !closed)
            {
                Monitor.Wait(gate);
                Moved();
            }

            Volatile.Write(ref asleep, 0);
        }
    }

    /// <summary>Whatever it was that took long is over.</summary>
    private void Moved() => Volatile.Write(ref answered, answered + 1);

    private void LookLater()
    {
        var before = Volatile.Read(ref answered);
        own.Schedule(Patience, () => Look(before));
    }

    private void Look(long before)
    {
        if (waiting.IsEmpty)
        {
            Interlocked.Exchange(ref watched, 0);
            if (waiting.IsEmpty || Interlocked.Exchange(ref watched, 1) == 1) return;
        }
        else if (Volatile.Read(ref answered) == before)
        {
            Interlocked.Exchange(ref heldUpAt, before);
            LeaveToThePool();
        }

        LookLater();
    }

    private void LeaveToThePool()
    {
        while (waiting.TryDequeue(out var who)) pool(who);
    }
}
