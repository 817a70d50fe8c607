using System.Collections.Generic;
using System.Threading;

namespace RxRaft;

/// <summary>A thread that does things in order, many at a time: it is woken rarely, for that costs a node.</summary>
/// <typeparam name="T">What there is to do.</typeparam>
internal sealed class JournalLane<T>
{
    private const int Many = 2_048;
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(20);

    private readonly object gate = new();
    private readonly Action<IReadOnlyList<T>> work;
    private readonly Thread thread;
    private List<T> waiting = [];
    private List<T> taken = [];
    private bool closed;

    /// <param name="name">The thread's.</param>
    /// <param name="work">Does what is in the list, which is used again afterwards.</param>
    public JournalLane(string name, Action<IReadOnlyList<T>> work)
    {
        this.work = work;
        thread = new Thread(Run) { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>Has something done within some milliseconds; nothing once the lane is closed.</summary>
    public void Post(in T item)
    {
        lock (gate)
        {
            if (closed) return;

            waiting.Add(item);
            if (waiting.Count is 1 or Many) Monitor.Pulse(gate);
        }
    }

    /// <summary>Ends the thread after what is waiting, and waits for that.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }

        thread.Join();
    }

    private void Run()
    {
        while (Take())
        {
            work(taken);
            taken.Clear();
        }
    }

    private bool Take()
    {
        lock (gate)
        {
            while (waiting.Count == 0 && !closed) Monitor.Wait(gate);
            if (waiting.Count < Many && !closed) Monitor.Wait(gate, Soon);      // for more of its kind
            (waiting, taken) = (taken, waiting);
            return taken.Count > 0;
        }
    }
}
