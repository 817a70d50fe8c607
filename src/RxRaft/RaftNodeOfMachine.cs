using System.Reactive.Subjects;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>One running node with a replicated state machine.</summary>
/// <typeparam name="TState">The machine's state.</typeparam>
/// <typeparam name="TCommand">What clients ask of it.</typeparam>
/// <typeparam name="TResult">What they get.</typeparam>
public sealed class RaftNode<TState, TCommand, TResult> : RaftNode
{
    private readonly Client<TState, TCommand, TResult> client;
    private readonly ReplaySubject<(LogIndex Index, TState State)> states = new(bufferSize: 1);

    internal RaftNode(NodeRuntime runtime, IMachine<TState, TCommand, TResult> machine) : base(runtime)
    {
        client = new(runtime, machine);
        states.OnNext((LogIndex.Zero, machine.Initial));
        runtime.Run(new MachineLane<TState, TCommand, TResult>(
            machine, runtime.Disk, runtime.Requests, states, runtime.Threads.Machine, runtime.Threads.Chores));
    }

    /// <summary>
    /// The state machine's latest state, and every committed one after it in order, each with the index of the entry
    /// that led to it, or left it as it was, as those do that are no commands; at first the initial state, at 0. A
    /// snapshot stands for the states that it replaces. Completes when the node stops or halts; fails with the reason
    /// when that is the state machine's, or an observer's of these.
    /// </summary>
    /// <remarks>
    /// Observers run where commands are applied, one at a time, before the client of the command is answered: a slow
    /// one delays them all, one that throws halts the node.
    /// </remarks>
    public IObservable<(LogIndex Index, TState State)> States => states.EndingForAll();

    /// <summary>
    /// Has a command applied, exactly once, whatever it takes: through leaders that change, messages that are lost and
    /// attempts that are repeated.
    /// </summary>
    /// <param name="command">For the state machine.</param>
    /// <param name="cancel">Ends the waiting, and the repeating. The command may have been applied, or be yet.</param>
    /// <returns>What the state machine says, once the command is committed and applied here.</returns>
    /// <exception cref="OperationCanceledException">Nobody waits any more; it may happen.</exception>
    /// <exception cref="RequestFailedException">
    /// The command is rejected, as any is once the node was removed; or nobody knows what became of it, since the
    /// cluster forgot the node's session, or the node.
    /// </exception>
    /// <exception cref="ObjectDisposedException">The node stopped, or halted for the reason within.</exception>
    /// <remarks>
    /// §6.3. The node has a session with the cluster, which numbers its commands. What the machine's serializer throws
    /// when it writes the command, and reads it back, is the caller's; then nothing was asked. Callers'
    /// continuations run on a thread that does nothing else, and on the pool where one of them takes long; in virtual
    /// time at once, on the scheduler.
    /// </remarks>
    public Task<TResult> ProposeAsync(TCommand command, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        return Runtime.Watch is { MeasuresProposals: true } watch
            ? Measured(watch, command, cancel)
            : client.Propose(command, cancel);
    }

    /// <summary>Tries once, and says what came of it.</summary>
    /// <param name="command">For the state machine.</param>
    /// <param name="cancel">Ends the waiting. The command may have been applied, or be yet.</param>
    /// <returns>
    /// All that can come of it, as data. After <see cref="Outcome{TResult}.Unknown"/>, as when the node stops
    /// meanwhile, another try, being another command, may apply it twice; <see cref="ProposeAsync"/> cannot.
    /// </returns>
    /// <exception cref="OperationCanceledException">Nobody waits any more; it may happen.</exception>
    /// <exception cref="ObjectDisposedException">The node had stopped before it was asked.</exception>
    public Task<Outcome<TResult>> TryProposeAsync(TCommand command, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        return Runtime.Watch is { MeasuresProposals: true } watch
            ? MeasuredOnce(watch, command, cancel)
            : client.TryPropose(command, cancel);
    }

    /// <summary>
    /// Reads, linearizably: sees everything that was done, anywhere, before the call. While nobody leads, it waits.
    /// </summary>
    /// <param name="read">
    /// Looks at a state, where commands are applied: quickly. What it throws is the caller's.
    /// </param>
    /// <param name="cancel">Ends the waiting.</param>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    /// <exception cref="RequestFailedException">The node was removed from the cluster.</exception>
    /// <exception cref="ObjectDisposedException">The node stopped.</exception>
    /// <remarks>
    /// §6.4. No entry in the log: the leader asks a quorum whether it still leads, once for all reads that wait; a
    /// follower asks the leader, and reads its own state once that is recent enough.
    /// </remarks>
    public Task<T> ReadAsync<T>(Func<TState, T> read, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(read);
        return client.Read(read, cancel);
    }

    // Apart, so that who is not measured makes no closures.
    private Task<TResult> Measured(INodeWatch watch, TCommand command, CancellationToken cancel) =>
        watch.Measure(() => client.Propose(command, cancel));

    private Task<Outcome<TResult>> MeasuredOnce(INodeWatch watch, TCommand command, CancellationToken cancel) =>
        watch.MeasureOnce(() => client.TryPropose(command, cancel));
}
