using System.Reactive.Concurrency;
using System.Reactive.Disposables;
using System.Reactive.Linq;
using System.Reactive.Subjects;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft;

/// <summary>One node while it runs: its pipeline, those who watch it, and how it ends.</summary>
internal sealed class NodeRuntime : IDisposable
{
    private readonly NodeSetup setup;
    private readonly Transition boot;
    private readonly Func<Instant> now;         // one clock for steps and leases: of two, one would be ahead
    private readonly ReplaySubject<Transition> transitions = new(bufferSize: 1);
    private readonly TaskCompletionSource completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SingleAssignmentDisposable pipeline = new();
    private readonly Subject<Input> asked = new();              // from any thread: the intake sees to it
    private readonly Subject<Proposal> proposed = new();        // likewise
    private long unknownSenders;

    /// <summary>A node that does not run yet.</summary>
    /// <exception cref="ArgumentException">Something in the setup is wrong.</exception>
    public NodeRuntime(NodeSetup requested)
    {
        setup    = requested.Checked();
        boot     = Raft.Boot(
            setup.Self, setup.Founders.IfNone(Configuration.Nobody), setup.Settings, setup.Disk.Recover());
        State    = boot.State;
        Nonces   = new Nonces(boot.State);
        Threads  = setup.Threads(() => Requests!.IsFew);
        Requests = new Requests(Threads.Tell);

        var watch = Threads.Node.StartStopwatch();
        now = () => boot.State.Now + watch.Elapsed;
        var lease = transitions
            .Held(now, Threads.Timers)
            .TakeUntil(transitions.LastOrDefaultAsync());               // a node that has stopped holds nothing
        Works = new LeaderWorks(lease, Threads);
    }

    public RaftNodeThreads Threads { get; }

    public Requests Requests { get; }

    public Nonces Nonces { get; }

    public LeaderWorks Works { get; }

    public NodeState State { get; private set; }

    public IDisk Disk => setup.Disk;

    public INodeWatch? Watch => setup.Watch;

    public IObservable<Transition> Transitions => transitions.EndingForAll();

    public IObservable<NodeState> States =>
        Transitions.Select(step => step.State).Catch(Observable.Empty<NodeState>());

    public Task Completion => completion.Task;

    public bool IsRunning => !completion.Task.IsCompleted;

    public long UnknownSenders => Interlocked.Read(ref unknownSenders);

    /// <summary>Somebody here asks for something, and waits for the outcome.</summary>
    public Task<Outcome<T>> Ask<T>(RequestId request, Waiting<T> waiting, Input input, CancellationToken cancel)
    {
        asked.OnNext(input);
        return Outcome(request, waiting, cancel);
    }

    /// <summary>Somebody here has something for the log, and waits for what comes of it.</summary>
    public Task<Outcome<T>> Propose<T>(
        RequestId request, Waiting<T> waiting, Payload payload, CancellationToken cancel)
    {
        Propose(payload);
        return Outcome(request, waiting, cancel);
    }

    /// <summary>Somebody here has something for the log.</summary>
    public void Propose(Payload payload) => proposed.OnNext(new(payload));

    private Task<Outcome<T>> Outcome<T>(RequestId request, Waiting<T> waiting, CancellationToken cancel) =>
        cancel.CanBeCanceled ? OrForget(request, waiting.Task, cancel) : waiting.Task;

    private async Task<T> OrForget<T>(RequestId request, Task<T> told, CancellationToken cancel)
    {
        try
        {
            return await told.WaitAsync(cancel).Inline();
        }
        finally
        {
            if (!told.IsCompleted) Requests.Forget(request);     // who is answered no longer waits there
        }
    }

    /// <summary>An operator wants other members, none of whom can be one that this node has no way to.</summary>
    public async Task<Outcome> Reconfigure(MembershipChange change, CancellationToken cancel)
    {
        RequireRunning(cancel);
        if (change.Newcomers.Exists(node => node == default))
            return new Outcome.Rejected($"{default(NodeId)} cannot be a member: {NodeSetup.IdsBegin}");

        var unknown = change.Newcomers.Filter(node => node != setup.Self && !setup.Wire.Knows(node)).Strict();
        return unknown.IsEmpty
            ? await Operate(request => new Input.Reconfigure(request, change), cancel).Inline()
            : new Outcome.Rejected($"the wire does not know {string.Join(", ", unknown)}");
    }

    /// <summary>An operator asks for something, and waits.</summary>
    public async Task<Outcome> Operate(Func<RequestId, Input> ask, CancellationToken cancel)
    {
        RequireRunning(cancel);
        var request = Nonces.Next();
        var waiting = Requests.AddOperator(request);
        try
        {
            asked.OnNext(ask(request));
            return await waiting.Told.WaitAsync(cancel).Inline();
        }
        finally
        {
            Requests.Forget(request);
        }
    }

    /// <summary>
    /// Lets a heartbeat interval pass, in which the cluster may find a leader; less if the node stops.
    /// </summary>
    public async Task Pause(CancellationToken cancel)
    {
        var over = new TaskCompletionSource(Threads.Pausing);
        using var timer = Threads.Timers.Schedule(setup.Settings.HeartbeatInterval, () => over.TrySetResult());
        using var stop  = transitions.Subscribe(_ => { }, _ => over.TrySetResult(), () => over.TrySetResult());
        await over.Task.WaitAsync(cancel).Inline();
    }

    /// <summary>Nobody answers once the node has stopped, and nobody is asked for one who no longer waits.</summary>
    /// <exception cref="ObjectDisposedException">The node has stopped.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits.</exception>
    public void RequireRunning(CancellationToken cancel)
    {
        cancel.ThrowIfCancellationRequested();
        if (IsRunning) return;

        var reason = completion.Task.Exception?.InnerException;
        var what   = reason is null ? "has stopped" : $"has halted: {reason.Message}";
        throw new ObjectDisposedException($"Node {setup.Self} {what}", reason);
    }

    /// <summary>Runs, with this state machine.</summary>
    public void Run(IMachineLane machine)
    {
        var work     = new Mailbox<MachineWork>();
        var world    = setup.Wire.Received.Select(Admitted);
        var arrivals = new Arrivals(Seq1(machine.Run(work)), world, asked, proposed);
        var intake   = Threads.Intake;
        var perform  = setup.Around(new Interpreter(setup.Wire, setup.Disk, work, Requests, intake.Enter).Perform);
        var reduce   = setup.Journal?.Recording(boot.State, setup.Step) ?? setup.Step;

        pipeline.Disposable = new CompositeDisposable(
            RaftServer.Run(boot, arrivals, perform, intake, Threads.Node, now, reduce).Subscribe(Observe, Stop),
            intake.Settled.Subscribe(_ => setup.Wire.Flush()));
    }

    /// <summary>Stops at once, like a process that is killed.</summary>
    public void Dispose() => Stop(reason: null);

    /// <summary>Stops at once: nobody waits, and who waits here is told that nobody knows.</summary>
    /// <param name="reason">Why it halts, for everybody who watches; none when it was asked to stop.</param>
    private void Stop(Exception? reason)
    {
        pipeline.Dispose();
        setup.Journal?.Ended();
        if (reason is null) completion.TrySetResult(); else completion.TrySetException(reason);

        Works.Stop(reason);                                             // whatever the observers do
        Requests.Close();
        try
        {
            if (reason is null) transitions.OnCompleted(); else transitions.OnError(reason);
        }
        finally
        {
            Threads.Release();
        }
    }

    /// <summary>
    /// Anybody may speak, members or not (§4.1); but nobody under this node's own name, or out of nowhere.
    /// </summary>
    private Seq<Input.Receive> Admitted(Seq<Input.Receive> together)
    {
        var (all, known) = (together.Count, 0);
        while (known < all && IsKnown(together[known])) known++;
        if (known == all) return together;

        var admitted = together.Filter(IsKnown).Strict();
        Interlocked.Add(ref unknownSenders, all - admitted.Count);
        return admitted;
    }

    private bool IsKnown(Input.Receive message) => message.From != setup.Self && setup.Wire.Knows(message.From);

    private void Observe(Transition step)
    {
        State = step.State;
        try
        {
            setup.Watch?.Stepped(step);
            transitions.OnNext(step);
        }
        catch (Exception fault)
        {
            Stop(fault);                                                // an observer threw
        }
    }
}
