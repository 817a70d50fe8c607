using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>One running node: what it is and becomes, as observables, and work that runs only while it leads.</summary>
/// <remarks>
/// Observers run where the step does, on whatever thread brought its input: that of a connection, the disk, a timer or
/// a caller; one at a time, before the effects of the step they see. They must be quick, and not wait for the node;
/// one that throws halts it. Late subscribers get the latest value at once.
/// </remarks>
public class RaftNode : IAsyncDisposable
{
    private protected RaftNode(NodeRuntime runtime) => Runtime = runtime;

    private protected NodeRuntime Runtime { get; }

    /// <summary>Starts a node with what its disk remembers.</summary>
    /// <param name="self">The node's own id, a member of the configuration.</param>
    /// <param name="configuration">
    /// The cluster as it begins, the same at each of its first nodes. On a disk that is not new it does not count: the
    /// disk knows the members.
    /// </param>
    /// <param name="wire">The way to the other members, all of which it knows.</param>
    /// <param name="disk">The node's own.</param>
    /// <param name="settings">By default <see cref="Settings.Default"/>; the same at every node.</param>
    /// <param name="scheduler">
    /// Where the steps run; by default on whatever thread brings something, one at a time. On a virtual-time scheduler
    /// everything runs: also timers, and the start of the leader's work.
    /// </param>
    /// <param name="journal">Records every step, to be replayed; none by default. The caller's to dispose of.</param>
    /// <exception cref="ArgumentException">
    /// A setting is wrong; the message names each such setting and its value.
    /// </exception>
    public static RaftNode Start(
        NodeId self, Configuration configuration, IWire wire, IDisk disk,
        Settings? settings = null, IScheduler? scheduler = null, Journal? journal = null) =>
        Start(NodeSetup.Of(self, Founding(configuration), wire, disk, settings, scheduler, journal));

    /// <summary>Starts a node with a replicated state machine.</summary>
    /// <param name="self">The node's own id, a member of the configuration.</param>
    /// <param name="configuration">The cluster as it begins.</param>
    /// <param name="wire">The way to the other members, all of which it knows.</param>
    /// <param name="disk">The node's own.</param>
    /// <param name="machine">The same at every node.</param>
    /// <param name="settings">By default <see cref="Settings.Default"/>; the same at every node.</param>
    /// <param name="scheduler">By default steps run where something arrives.</param>
    /// <param name="journal">Records every step, to be replayed; none by default. The caller's to dispose of.</param>
    /// <param name="answersInPlace">
    /// Whether who is answered goes on at once, on the thread that knows the answer: the node's own, or that of a
    /// connection. It saves a hop; but until the caller awaits something else, or returns, the node may not get on. By
    /// default a thread that is there for that lets callers go on; or, who is the only one, the thread that read what
    /// led to the answer, when it has left the node, and then another reads on if the caller takes long.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A setting is wrong; the message names each such setting and its value. Or the machine cannot write its initial
    /// state into a snapshot and read it again.
    /// </exception>
    public static RaftNode<TState, TCommand, TResult> Start<TState, TCommand, TResult>(
        NodeId self, Configuration configuration, IWire wire, IDisk disk, IMachine<TState, TCommand, TResult> machine,
        Settings? settings = null, IScheduler? scheduler = null, Journal? journal = null,
        bool answersInPlace = false) => Start(
            NodeSetup.Of(self, Founding(configuration), wire, disk, settings, scheduler, journal, answersInPlace),
            machine);

    /// <summary>
    /// Starts a node that is to join a cluster: on a new disk it waits until the cluster's leader speaks to it, after
    /// somebody has called <see cref="AddAsync"/> there. So does a node whose disk was lost, under an id of its own.
    /// </summary>
    /// <inheritdoc cref="Start(NodeId, Configuration, IWire, IDisk, Settings, IScheduler, Journal)"/>
    public static RaftNode Join(
        NodeId self, IWire wire, IDisk disk,
        Settings? settings = null, IScheduler? scheduler = null, Journal? journal = null) =>
        Start(NodeSetup.Of(self, None, wire, disk, settings, scheduler, journal));

    /// <summary>
    /// Starts a node with a replicated state machine that is to join a cluster: on a new disk it waits until the
    /// cluster's leader speaks to it, after somebody has called <see cref="AddAsync"/> there.
    /// </summary>
    /// <inheritdoc cref="Join(NodeId, IWire, IDisk, Settings, IScheduler, Journal)"/>
    /// <param name="machine">The same at every node.</param>
    /// <param name="answersInPlace">Whether who is answered goes on on the node's threads, as at Start.</param>
    public static RaftNode<TState, TCommand, TResult> Join<TState, TCommand, TResult>(
        NodeId self, IWire wire, IDisk disk, IMachine<TState, TCommand, TResult> machine,
        Settings? settings = null, IScheduler? scheduler = null, Journal? journal = null,
        bool answersInPlace = false) =>
        Start(NodeSetup.Of(self, None, wire, disk, settings, scheduler, journal, answersInPlace), machine);

    internal static RaftNode Start(NodeSetup setup)
    {
        var node = new RaftNode(new NodeRuntime(setup));
        node.Runtime.Run(new NoMachine(setup.Disk));
        return node;
    }

    internal static RaftNode<TState, TCommand, TResult> Start<TState, TCommand, TResult>(
        NodeSetup setup, IMachine<TState, TCommand, TResult> machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        machine.RequireSnapshots();
        return new RaftNode<TState, TCommand, TResult>(new NodeRuntime(setup), machine);
    }

    /// <summary>The node's own id.</summary>
    public NodeId Self => State.Self;

    /// <summary>
    /// What the node is now, or was when it stopped: the state after its latest step. From any thread.
    /// </summary>
    public NodeState State => Runtime.State;

    /// <summary>
    /// The latest step and every one after it. Ends when the node is disposed of, with the error when it halts.
    /// </summary>
    public IObservable<Transition> Transitions => Runtime.Transitions;

    /// <summary>
    /// Who leads, as far as this node knows: now, and whenever that changes. Completes when the node stops or halts.
    /// </summary>
    public IObservable<Leadership> Leadership => Runtime.States
        .Select(state => new Leadership(state.LeaderId, state.CurrentTerm)).DistinctUntilChanged();

    /// <summary>
    /// Follower, pre-candidate, candidate or leader: now, and whenever the node becomes another. Completes when it
    /// stops or halts. What changes within a role is in <see cref="Transitions"/>.
    /// </summary>
    public IObservable<Role> Role =>
        Runtime.States.Select(state => state.Role).DistinctUntilChanged(role => role.GetType());

    /// <summary>
    /// The members in force at this node: now, and whenever they change; also while it is not committed yet, and back
    /// if it never is (§4.1). Completes when the node stops or halts.
    /// </summary>
    public IObservable<Configuration> Membership =>
        Runtime.States.Select(state => state.Configuration).DistinctUntilChanged();

    /// <summary>Ends when the node has stopped; fails with the reason when it halted.</summary>
    public Task Completion => Runtime.Completion;

    /// <summary>
    /// How many messages came from nodes that the wire does not know, or under this node's own id. They were dropped.
    /// </summary>
    public long UnknownSenders => Runtime.UnknownSenders;

    /// <summary>
    /// Makes a node a voter: as a learner it catches up first (§4.2.1), then it counts. It has to run, on a new disk,
    /// by <see cref="Join(NodeId, IWire, IDisk, Settings, IScheduler, Journal)"/>.
    /// </summary>
    /// <inheritdoc cref="ReconfigureAsync"/>
    public Task<Outcome> AddAsync(NodeId node, CancellationToken cancel = default) =>
        ReconfigureAsync(new MembershipChange.Add(node), cancel);

    /// <summary>
    /// Takes a node out of the cluster; if it leads, it steps down once that is committed (§4.2.2). It goes on running
    /// until somebody disposes of it; who proposes or reads there is refused once it knows, and waits before.
    /// </summary>
    /// <inheritdoc cref="ReconfigureAsync"/>
    public Task<Outcome> RemoveAsync(NodeId node, CancellationToken cancel = default) =>
        ReconfigureAsync(new MembershipChange.Remove(node), cancel);

    /// <summary>Changes the members. To be asked of the leader.</summary>
    /// <returns>
    /// <see cref="Outcome.Done"/> when the cluster has its new members, and no longer depends on the old ones; at once
    /// if it has them already. <see cref="Outcome.Rejected"/> when it cannot be, or a newcomer does not catch up, and
    /// from any node whose wire does not know one; else <see cref="Outcome.NotLeader"/> from any node but the leader,
    /// and <see cref="Outcome.Unknown"/> when the leader is deposed.
    /// </returns>
    /// <exception cref="OperationCanceledException">Nobody waits any more; the change may happen.</exception>
    /// <exception cref="ObjectDisposedException">The node had stopped before it was asked.</exception>
    /// <remarks>§4.</remarks>
    public Task<Outcome> ReconfigureAsync(MembershipChange change, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(change);
        return Runtime.Reconfigure(change, cancel);
    }

    /// <summary>
    /// Hands leadership over to a voter that has, or soon will have, the whole log. To be asked of the leader.
    /// </summary>
    /// <returns>
    /// <see cref="Outcome.Done"/> when the target leads, as it may already. After an election timeout this node goes
    /// on, and it is <see cref="Outcome.Rejected"/> if the target did not even catch up, or else
    /// <see cref="Outcome.Unknown"/>, since the target was told and may still stand; <see cref="Outcome.NotLeader"/>
    /// from any node but the leader.
    /// </returns>
    /// <exception cref="OperationCanceledException">Nobody waits any more; it may happen.</exception>
    /// <exception cref="ObjectDisposedException">The node had stopped before it was asked.</exception>
    /// <remarks>§3.10.</remarks>
    public Task<Outcome> TransferLeadershipAsync(NodeId target, CancellationToken cancel = default) =>
        Runtime.Operate(request => new Input.TransferTo(request, target), cancel);

    /// <summary>Runs work while this node leads: again for each term, never two runs at once.</summary>
    /// <param name="work">
    /// Gets the term, which is its fencing token: a store that remembers the highest token it has seen, and refuses
    /// lower ones, is safe even from work that overlooks its cancellation. The token is cancelled before another node
    /// can be elected, as far as <see cref="Settings.ClockDriftBound"/> holds, and when this node stops.
    /// </param>
    /// <param name="stop">Ends all of it.</param>
    /// <returns>
    /// Ends when the node is disposed of, or <paramref name="stop"/> is cancelled, and the work has returned; fails
    /// when the work fails, or with what halted the node: await it. Work that returns by itself is not started again in
    /// the same term; work that fails is not started again at all, though the node may go on leading.
    /// </returns>
    /// <remarks>
    /// The work starts when a quorum has answered the new leader, and is cancelled when the lease ends that this gave
    /// it (§6.4.1). The lease counts from when the heartbeats were sent. A leader that regains its lease without
    /// having lost its office starts the work again, with the same term, once the cancelled run has returned.
    /// </remarks>
    public Task WhileLeaderAsync(Func<Term, CancellationToken, Task> work, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(work);
        return Runtime.Works.Run(work, stop);
    }

    /// <summary>
    /// Stops the node: cancels the leader's work and waits for it to return, while the node still leads, then stops and
    /// completes every observable. When this ends, nothing of the node runs any more: its own threads have ended, and
    /// no other is in a step, applies commands or writes a snapshot. Its wire and disk are free for another: on its
    /// disk the node can be started again.
    /// </summary>
    /// <remarks>
    /// Not waited for are work that disposes of its own node, callers' code behind an answer, and a step on a scheduler
    /// that was brought. Who observes the node, or its states, must not block until this ends.
    /// </remarks>
    public async ValueTask DisposeAsync()
    {
        await Runtime.Works.Stop(error: null).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        StopAtOnce();
        await Runtime.Threads.Release().ConfigureAwait(false);
        GC.SuppressFinalize(this);
    }

    /// <summary>Stops at once, like a process that is killed: nothing is waited for.</summary>
    internal void StopAtOnce() => Runtime.Dispose();

    private static Configuration Founding(Configuration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        return configuration;
    }
}
