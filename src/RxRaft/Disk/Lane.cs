using System.Collections.Generic;
using System.Threading;

namespace RxRaft;

/// <summary>A thread that does things in order, and takes all that waits at once.</summary>
internal sealed class Lane<T>
{
    private readonly object gate = new();
    private readonly Action<IReadOnlyList<T>> work;
    private readonly Thread thread;
    private List<T> waiting = [];
    private List<T> taken = [];
    private bool closed;

    /// <param name="name">The thread's.</param>
    /// <param name="work">Does what is in the list, which is used again afterwards.</param>
    public Lane(string name, Action<IReadOnlyList<T>> work)
    {
        this.work = work;
        thread = new Thread(Run) { IsBackground = true, Name = name };
        thread.Start();
    }

    /// <summary>Has something done.</summary>
    /// <returns>Not if the lane is closed.</returns>
    public bool Post(T item)
    {
        lock (gate)
        {
            if (closed) return false;

            waiting.Add(item);
            if (waiting.Count == 1) Monitor.Pulse(gate);
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
            (waiting, taken) = (taken, waiting);
            return taken.Count > 0;
        }
    }
}
