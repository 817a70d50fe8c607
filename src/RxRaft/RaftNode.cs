using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>One running node: what it is and becomes, as observables, and work that runs only while it leads.</summary>
/// <remarks>
/// Observers run on the node's thread, before the effects of the step they see. They must be quick, and must not wait
/// for the node; one that throws halts it. Late subscribers get the latest value at once.
/// </remarks>
public sealed class RaftNode : IAsyncDisposable
{
    private readonly ReplaySubject<Transition> transitions = new(bufferSize: 1);
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock gate = new();
    private readonly SingleAssignmentDisposable pipeline = new();
    private readonly IObservable<Option<Term>> lease;
    private readonly RaftNodeThreads threads;
    private Seq<LeaderWork> works = [];
    private long unknownSenders;

    private RaftNode(
        Transition boot, IWire wire, IDisk disk, RaftNodeThreads threads, Func<NodeState, Input, Transition> step)
    {
        this.threads = threads;
        State = boot.State;

        var watch = threads.Node.StartStopwatch();
        lease = transitions
            .Held(() => boot.State.Now + watch.Elapsed, threads.Timers)
            .TakeUntil(transitions.LastOrDefaultAsync());               // a node that has stopped holds nothing

        var peers = State.Configuration.Members.Remove(Self);
        var world = wire.Received.Where(message => Admit(peers, message));
        pipeline.Disposable = RaftServer
            .Run(boot, world, new Interpreter(wire, disk).Perform, threads.Node, step)
            .Subscribe(Observe, Halt);
    }

    /// <summary>Starts a node with what its disk remembers.</summary>
    /// <param name="self">The node's own id, a member of the configuration.</param>
    /// <param name="configuration">The cluster.</param>
    /// <param name="wire">The way to the other members, all of which it knows.</param>
    /// <param name="disk">The node's own.</param>
    /// <param name="settings">By default <see cref="Settings.Default"/>; the same at every node.</param>
    /// <param name="scheduler">
    /// Where the steps run; by default on a thread of the node's own. On a virtual-time scheduler everything runs: also
    /// timers, and the start of the leader's work.
    /// </param>
    /// <exception cref="ArgumentException">
    /// A setting is wrong; the message names each such setting and its value.
    /// </exception>
    public static RaftNode Start(
        NodeId self, Configuration configuration, IWire wire, IDisk disk,
        Settings? settings = null, IScheduler? scheduler = null) =>
        Start(self, configuration, wire, disk, settings ?? Settings.Default, Raft.Step, () =>
            scheduler is null ? RaftNodeThreads.OfItsOwn(self) : RaftNodeThreads.Around(scheduler));

    /// <summary>The same with a variant of the algorithm, for tests that show what its rules are for.</summary>
    internal static RaftNode Start(
        NodeId self, Configuration configuration, IWire wire, IDisk disk,
        Settings settings, Func<NodeState, Input, Transition> step, Func<RaftNodeThreads> threads)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(wire);
        ArgumentNullException.ThrowIfNull(disk);

        var problems = settings.Problems(self, configuration).Concat(Problems(self, configuration, wire)).Strict();
        if (!problems.IsEmpty) throw new ArgumentException(string.Join("; ", problems));

        var seeded = settings with { Seed = settings.Seed ?? unchecked((ulong)Random.Shared.NextInt64()) };
        var boot = Raft.Boot(self, configuration, seeded, disk.Recover());
        return new RaftNode(boot, wire, disk, threads(), step);
    }

    private static Seq<string> Problems(NodeId self, Configuration configuration, IWire wire) =>
        toSeq(configuration.Members).Filter(member => member != self && !wire.Knows(member))
            .Map(member => $"The configuration ({configuration}) contains {member}, which the wire does not know")
            .Concat(wire.Self == self ? Seq<string>() : Seq1($"Self is {self}, and the wire is that of {wire.Self}"));

    /// <summary>The node's own id.</summary>
    public NodeId Self => State.Self;

    /// <summary>
    /// What the node is now, or was when it stopped: the state after its latest step. From any thread.
    /// </summary>
    public NodeState State { get; private set; }

    /// <summary>
    /// The latest step and every one after it. Ends when the node is disposed of, with the error when it halts.
    /// </summary>
    public IObservable<Transition> Transitions => transitions.AsObservable();

    /// <summary>
    /// Who leads, as far as this node knows: now, and whenever that changes. Completes when the node stops or halts.
    /// </summary>
    public IObservable<Leadership> Leadership => States
        .Select(state => new Leadership(state.LeaderId, state.CurrentTerm)).DistinctUntilChanged();

    /// <summary>
    /// Follower, pre-candidate, candidate or leader: now, and whenever the node becomes another. Completes when it
    /// stops or halts. What changes within a role is in <see cref="Transitions"/>.
    /// </summary>
    public IObservable<Role> Role => States.Select(state => state.Role).DistinctUntilChanged(role => role.GetType());

    private IObservable<NodeState> States =>
        transitions.Select(step => step.State).Catch(Observable.Empty<NodeState>());

    /// <summary>Ends when the node has stopped; fails with the reason when it halted.</summary>
    public Task Completion => completion.Task;

    /// <summary>How many messages came from outside the cluster. They were dropped.</summary>
    public long UnknownSenders => Interlocked.Read(ref unknownSenders);

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
    public async Task WhileLeaderAsync(Func<Term, CancellationToken, Task> work, CancellationToken stop = default)
    {
        ArgumentNullException.ThrowIfNull(work);

        var running = new LeaderWork(work, threads.Work, threads.Cancel);
        lock (gate) works = works.Add(running);
        try
        {
            using var leases = lease.Subscribe(running);
            using var stopped = stop.Register(() => running.Stop(error: null));
            await running.Ended.ConfigureAwait(false);
        }
        finally
        {
            lock (gate) works = works.Filter(other => other != running).Strict();
        }
    }

    /// <summary>
    /// Stops the node: cancels the leader's work and waits for it to return, while the node still leads, then stops and
    /// completes every observable. Work that disposes of its own node is not waited for.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        Seq<LeaderWork> running;
        lock (gate) running = works;
        foreach (var work in running) work.Stop(error: null);

        var others = running.Filter(work => work != LeaderWork.Current.Value).Map(work => work.Ended).Strict();
        await Task.WhenAll(others).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        StopAtOnce();
    }

    /// <summary>Stops at once, like a process that is killed: nothing is waited for.</summary>
    internal void StopAtOnce() => Stop(reason: null);

    /// <summary>Stops because of an error: the reason goes to everybody who watches.</summary>
    private void Halt(Exception reason) => Stop(reason);

    private void Stop(Exception? reason)
    {
        pipeline.Dispose();
        if (reason is null) completion.TrySetResult(); else completion.TrySetException(reason);

        Seq<LeaderWork> running;
        lock (gate) running = works;
        foreach (var work in running) work.Stop(reason);                // whatever the observers do
        try
        {
            if (reason is null) transitions.OnCompleted(); else transitions.OnError(reason);
        }
        catch (Exception) when (reason is not null)
        {
            // an observer that has no answer to errors; Completion has the reason
        }
        finally
        {
            threads.Release();
        }
    }

    private bool Admit(Set<NodeId> peers, Input.Receive message)
    {
        var known = peers.Contains(message.From);
        if (!known) Interlocked.Increment(ref unknownSenders);
        return known;
    }

    private void Observe(Transition step)
    {
        State = step.State;
        try
        {
            transitions.OnNext(step);
        }
        catch (Exception fault)
        {
            Halt(fault);                                                // an observer threw
        }
    }
}
