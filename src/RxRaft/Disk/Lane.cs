using System.Collections.Generic;
using System.Threading;

namespace RxRaft;

/// <summary>A thread that does things in order, and takes all that waits at once.</summary>
internal sealed class Lane<T>
{
    private readonly object gate = new();
    private readonly Action<IReadOnlyList<T>> work;
    private readonly int enough;
    private readonly TimeSpan patience;
    private readonly Thread thread;
    private List<T> waiting = [];
    private List<T> taken = [];
    private bool closed;

    /// <param name="name">The thread's.</param>
    /// <param name="work">Does what is in the list, which is used again afterwards.</param>
    /// <param name="enough">So many are begun at once.</param>
    /// <param name="patience">Fewer wait so long for more of their kind: to be woken rarely costs others less.</param>
    public Lane(string name, Action<IReadOnlyList<T>> work, int enough = 1, TimeSpan patience = default)
    {
        (this.work, this.enough, this.patience) = (work, enough, patience);
        thread = new Thread(Run) { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>Has something done.</summary>
    /// <returns>Not if the lane is closed.</returns>
    public bool Post(in T item)
    {
        lock (gate)
        {
            if (closed) return false;

            waiting.Add(item);
            if (waiting.Count == 1 || waiting.Count == enough) Monitor.Pulse(gate);
            return true;
        }
    }

    /// <summary>Ends the thread after what is waiting, and waits for that unless this is the thread.</summary>
    public void Close()
    {
        lock (gate)
        {
            closed = true;
            Monitor.Pulse(gate);
        }

        if (Thread.CurrentThread != thread) thread.Join();
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
            if (waiting.Count < enough && !closed) Monitor.Wait(gate, patience);
            (waiting, taken) = (taken, waiting);
            return taken.Count > 0;
        }
    }
}
