using System.Collections.Generic;

namespace RxRaft.Testing;

/// <summary>
/// A doubly linked list of numbers, out of which each can be taken, and put back where it was, in the opposite order.
/// </summary>
internal sealed class Links
{
    /// <summary>No number: behind the last.</summary>
    public const int End = -1;

    private readonly int[] next;            // by number + 1, so that the list begins and ends with End
    private readonly int[] previous;

    /// <param name="bound">Exclusive: numbers are from 0 to it.</param>
    /// <param name="numbers">In this order, each once.</param>
    public Links(int bound, IEnumerable<int> numbers)
    {
        (next, previous) = (new int[bound + 1], new int[bound + 1]);
        var last = End;
        foreach (var number in numbers)
        {
            (next[last + 1], previous[number + 1]) = (number, last);
            last = number;
        }

        (next[last + 1], previous[End + 1]) = (End, last);
    }

    public bool IsEmpty => First == End;

    public int First => next[End + 1];

    public int After(int number) => next[number + 1];

    public void Remove(int number)
    {
        next[previous[number + 1] + 1] = next[number + 1];
        previous[next[number + 1] + 1] = previous[number + 1];
    }

    public void Restore(int number)
    {
        next[previous[number + 1] + 1] = number;
        previous[next[number + 1] + 1] = number;
    }
}
