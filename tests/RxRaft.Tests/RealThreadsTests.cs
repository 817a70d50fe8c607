using System.Collections.Generic;
using System.Linq;
using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>Nodes in real time, on threads of their own, with callers on many others.</summary>
public sealed class RealThreadsTests : IAsyncLifetime
{
    private static readonly TimeSpan Generous = TimeSpan.FromSeconds(60);
    private static readonly Configuration Founders = Configuration.Of(1, 2, 3);
    private static readonly NodeId S4 = new(4);

    private readonly InMemoryNetwork network = new(Founders);
    private readonly Dictionary<NodeId, InMemoryDisk> disks = [];
    private readonly Dictionary<NodeId, RaftNode<Arr<string>, string, int>> nodes = [];
    private readonly Settings settings = Settings.Default with { Snapshots = new() { Entries = 60, Trailing = 5 } };

    public Task InitializeAsync()
    {
        foreach (var id in Founders.Members) Start(id);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var node in nodes.Values) await node.DisposeAsync();
    }

    [Fact]
    public async Task Callers_on_many_threads_at_every_node_have_each_command_applied_once()
    {
        var told = await Propose("a", 300).WaitAsync(Generous);

        Assert.Equal(Enumerable.Range(1, 300), told.Order());
        var read = await Task.WhenAll(nodes.Values.Select(node => node.ReadAsync(state => state))).WaitAsync(Generous);
        Assert.All(read, state => Assert.Equal(read[0], state));
        Assert.Equal(300, read[0].Distinct().Count());
    }

    [Fact]
    public async Task A_newcomer_joins_a_busy_cluster_through_a_snapshot_and_leaves_it_again()
    {
        await Propose("before", 200).WaitAsync(Generous);
        var newcomer = nodes[S4] = RaftNode.Join(S4, network.Wire(S4), Disk(S4), Notes.Machine, settings);
        var meanwhile = Propose("meanwhile", 200);

        await AtLeader(leader => leader.AddAsync(S4));
        await meanwhile.WaitAsync(Generous);
        await newcomer.Membership.FirstAsync(members => members.IsVoter(S4)).Timeout(Generous);
        Assert.Equal(400, await newcomer.ReadAsync(state => state.Count).WaitAsync(Generous));

        await AtLeader(leader => leader.RemoveAsync(S4));
        await newcomer.DisposeAsync();
        nodes.Remove(S4);
        Assert.Equal(401, await nodes[new NodeId(1)].ProposeAsync("after").WaitAsync(Generous));
    }

    [Fact]
    public async Task Nodes_started_again_on_their_disks_under_traffic_lose_nothing_and_do_nothing_twice()
    {
        var commands = 0;
        foreach (var id in toSeq(Founders.Members))
        {
            var others = nodes.Values.Where(node => node.Self != id).ToList();
            var traffic = Task.WhenAll(others.Select(node => Some(node, $"{id}", 40)));
            await nodes[id].DisposeAsync();
            Start(id);
            await traffic.WaitAsync(Generous);
            commands += 80;
        }

        var read = await Task.WhenAll(nodes.Values.Select(node => node.ReadAsync(state => state))).WaitAsync(Generous);
        Assert.All(read, state => Assert.Equal((commands, commands), (state.Count, state.Distinct().Count())));
    }

    [Fact]
    public async Task Everybody_who_waits_hears_of_it_when_the_node_is_disposed_of()
    {
        var node = nodes[new NodeId(1)];
        await node.ProposeAsync("a").WaitAsync(Generous);
        Task[] waiting =
        [
            .. Enumerable.Range(0, 100).Select(n => node.ProposeAsync($"{n}")),
            .. Enumerable.Range(0, 100).Select(_ => node.ReadAsync(state => state.Count)),
            .. Enumerable.Range(0, 100).Select(n => node.TryProposeAsync($"try {n}")),
        ];

        await node.DisposeAsync();

        await Task.WhenAll(waiting).ContinueWith(_ => { }, TaskScheduler.Default).WaitAsync(Generous);
        Assert.All(waiting.Where(task => task.IsFaulted), task =>
            Assert.IsType<ObjectDisposedException>(task.Exception?.InnerException));
        Assert.DoesNotContain(waiting, task => task.IsCanceled);
    }

    [Fact]
    public async Task Who_waits_does_not_go_on_on_a_thread_that_the_node_needs()
    {
        var node = nodes[new NodeId(1)];
        var read = default(string);
        using var gate = new ManualResetEventSlim();

        // The read waits until somebody listens: who comes when it is over goes on on his own thread.
        var asked = node.ReadAsync(_ =>
        {
            gate.Wait(Generous, CancellationToken.None);
            read = Thread.CurrentThread.Name;
            return 1;
        });
        var went = asked.ContinueWith(
            _ => Thread.CurrentThread.Name, CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        gate.Set();

        Assert.True(await went.WaitAsync(Generous) is not ("raft S1" or "raft S1 machine" or "raft S1 timers"));
        Assert.Equal("raft S1 machine", read);
    }

    [Fact]
    public async Task A_node_is_disposed_of_only_when_the_step_under_way_has_left_its_disk()
    {
        var (id, alone) = (new NodeId(9), Configuration.Of(9));
        using var disk = new HeldUpDisk();
        var node = RaftNode.Start(id, alone, network.Wire(id), disk);
        await disk.Writing.WaitAsync(Generous);

        var disposing = node.DisposeAsync().AsTask();
        Assert.True(node.Completion.IsCompletedSuccessfully);
        Assert.False(disposing.IsCompleted);                                        // the thread is still at the disk

        disk.GoOn();
        await disposing.WaitAsync(Generous);
    }

    [Fact]
    public async Task A_node_is_disposed_of_only_when_its_state_machine_has_left_the_thread_of_the_client_that_runs_it()
    {
        var (id, alone) = (new NodeId(9), Configuration.Of(9));
        using var applying = new HeldUp();
        var machine = new WatchedMachine(applying);
        var threads = default(RaftNodeThreads)!;
        var setup = NodeSetup.Of(id, alone, network.Wire(id), new InMemoryDisk(), settings, scheduler: null) with
        {
            Threads = few => threads = RaftNodeThreads.OfItsOwn(id, few, new ErrandsTests.Clock()),
        };
        var node = RaftNode.Start(setup, machine);
        while (machine.Thread is null or "raft S9 machine")                         // until it has proved to be quick
            await Task.Run(() => node.ProposeAsync("quick")).WaitAsync(Generous);
        var last = Task.Run(() => node.ProposeAsync(WatchedMachine.Slow));
        applying.HasBegun();

        var disposing = node.DisposeAsync().AsTask();
        Assert.True(node.Completion.IsCompletedSuccessfully);
        var timer = new TaskCompletionSource();
        threads.Timers.Schedule(timer.SetResult);
        await timer.Task.WaitAsync(Generous);                                       // the node's threads are all still there
        Assert.False(disposing.IsCompleted);

        applying.GoOn();
        await disposing.WaitAsync(Generous);
        Assert.True(applying.HasEnded);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => last);
    }

    private void Start(NodeId id) =>
        nodes[id] = RaftNode.Start(id, Founders, network.Wire(id), Disk(id), Notes.Machine, settings);

    private InMemoryDisk Disk(NodeId id) => disks.TryGetValue(id, out var disk) ? disk : disks[id] = new();

    private Task<int[]> Propose(string name, int count) => Task.WhenAll(nodes.Values.ToList()
        .Select(node => Some(node, name, count / nodes.Count + (node.Self.Value <= (ulong)(count % nodes.Count) ? 1 : 0))))
        .ContinueWith(all => all.Result.SelectMany(some => some).ToArray(), TaskScheduler.Default);

    private static Task<int[]> Some(RaftNode<Arr<string>, string, int> node, string name, int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(n => Task.Run(() => node.ProposeAsync($"{name} {n} at {node.Self}"))));

    /// <summary>Asks whoever leads, until it is done: on a busy machine leaders change.</summary>
    private async Task AtLeader(Func<RaftNode, Task<Outcome>> ask)
    {
        using var enough = new CancellationTokenSource(Generous);
        Outcome outcome = new Outcome.Unknown();
        while (outcome is not Outcome.Done)
        {
            var leader = await nodes.Values.Select(node => node.Role.OfType<Role.Leader>().Select(_ => node)).Merge()
                .FirstAsync().Timeout(Generous);
            outcome = await ask(leader).WaitAsync(enough.Token);
        }
    }

    /// <summary>Counts, and knows on which thread it last did.</summary>
    private sealed class WatchedMachine(HeldUp slow) : JsonMachine<int, string, int>
    {
        public const string Slow = "slow";

        private volatile string? thread;

        public string? Thread => thread;

        public override int Initial => 0;

        public override (int State, int Result) Apply(int state, string command)
        {
            if (command == Slow) slow.Run();
            thread = System.Threading.Thread.CurrentThread.Name;
            return (state + 1, state + 1);
        }
    }

    private sealed class HeldUpDisk : TestDisk, IDisposable
    {
        private readonly TaskCompletionSource writing = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim free = new();

        public Task Writing => writing.Task;

        public void GoOn() => free.Set();

        public override IObservable<Unit> Write(Effect.Persist change) => Observable.Defer(() =>
        {
            if (Thread.CurrentThread.Name != "raft S9") return Observable.Return(Unit.Default);     // still in Start

            writing.TrySetResult();
            free.Wait(Generous, CancellationToken.None);
            return Observable.Return(Unit.Default);
        });

        public void Dispose() => free.Dispose();
    }
}
