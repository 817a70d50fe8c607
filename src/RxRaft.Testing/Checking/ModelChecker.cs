using System.Threading;

namespace RxRaft.Testing.Checking;

/// <summary>
/// Looks at every state that a cluster can come to within bounds: whatever the order in which messages arrive, are
/// lost or arrive twice, clocks run out, and nodes crash.
/// </summary>
/// <remarks>
/// <para>
/// Breadth first over <see cref="Raft.Step"/> itself. In every state: the properties of Figure 3.2, one vote a term
/// across crashes, that nothing is said before it is durable, the step's own invariants, that configurations which
/// follow each other share their quorums' nodes, and that reads see what was committed when they were asked.
/// </para>
/// <para>
/// Three things make it quick. A state is put together from parts (a node with its disk, a message, what is committed)
/// of which there are few; what a node does with an input is found out once, by the real step, and then remembered. A
/// state's hash is the sum of its parts', so that a step changes a few terms of it, under each permutation of the
/// nodes' names, and the least stands for all. And what can make no difference is not tried: a loss is a message that
/// stays on its way, a node that is down is one to which nothing happens, a reply that will be ignored is gone.
/// </para>
/// <para>
/// What is abstracted, and so not checked: real time (leases, and that timeouts are long enough: any may run out at any
/// moment, at any node); a disk that is slow (a write is durable at once, unless the node crashes before it; a node's
/// steps are not taken while one is under way); a state machine that is slow; snapshots with bytes; forwarded
/// proposals. What is allowed is more than can be, so what is found has to be read: but nothing of the algorithm's own
/// rests on the spans of time.
/// </para>
/// </remarks>
public static class ModelChecker
{
    /// <summary>Searches until every state is found, something is wrong, or a bound on the search is reached.</summary>
    /// <param name="options">What, and how far.</param>
    /// <param name="cancel">Ends the search where it is.</param>
    /// <exception cref="ArgumentException">Something in the options cannot be; the message names it.</exception>
    public static CheckResult Run(CheckOptions options, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        var problems = options.Problems;
        if (!problems.IsEmpty) throw new ArgumentException(string.Join("; ", problems), nameof(options));

        return new Sweep(options).Run(cancel);
    }
}
