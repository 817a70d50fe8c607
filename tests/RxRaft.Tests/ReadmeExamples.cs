using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Net;
using System.Reactive.Concurrency;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RxRaft.Hosting;

namespace RxRaft.Tests;

/// <summary>The README's examples, compiled and run; ReadmeTests holds the page against this file.</summary>
public sealed class ReadmeExamples
{
    [Fact]
    public async Task Leader_election_in_fifteen_lines()
    {
        using var stopping = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var (store, stop) = (new Store(stopping), stopping.Token);

        // README: leader election
        var cluster = Configuration.Of(1, 2, 3);
        var network = new InMemoryNetwork(cluster);
        var nodes = cluster.Members
            .Select(id => RaftNode.Start(id, cluster, network.Wire(id), new InMemoryDisk())).ToList();

        nodes[0].Leadership.Subscribe(now => Console.WriteLine(now));           // S2 leads T1

        await Task.WhenAll(nodes.Select(node => node.WhileLeaderAsync(async (term, lost) =>
        {
            while (!lost.IsCancellationRequested)       // on one node at a time: cancelled before another can be elected
                await store.WriteAsync("work of the leader", fencingToken: term.Value, lost);
        }, stop)));
        // README: end

        foreach (var node in nodes) await node.DisposeAsync();
        Assert.True(store.HighestToken >= 1);
    }

    // README: a state machine
    public sealed record Deposit(string Account, long Amount);

    /// <summary>Who has how much; the result of a deposit is the balance.</summary>
    public sealed class Bank : JsonMachine<ImmutableDictionary<string, long>, Deposit, long>
    {
        public override ImmutableDictionary<string, long> Initial => ImmutableDictionary<string, long>.Empty;

        public override (ImmutableDictionary<string, long> State, long Result) Apply(
            ImmutableDictionary<string, long> accounts, Deposit deposit)
        {
            var balance = accounts.GetValueOrDefault(deposit.Account) + deposit.Amount;
            return (accounts.SetItem(deposit.Account, balance), balance);
        }
    }
    // README: end

    [Fact]
    public async Task A_replicated_state_machine()
    {
        // README: a replicated state machine
        var cluster = Configuration.Of(1, 2, 3);
        var network = new InMemoryNetwork(cluster);
        var nodes = cluster.Members
            .Select(id => RaftNode.Start(id, cluster, network.Wire(id), new InMemoryDisk(), new Bank())).ToList();

        nodes[0].States.Subscribe(now => Console.WriteLine($"{now.Index}: {now.State.Count} accounts"));

        long balance = await nodes[1].ProposeAsync(new Deposit("ada", 100));            // at any node, exactly once
        long seen    = await nodes[2].ReadAsync(accounts => accounts["ada"]);           // linearizable: it is there

        var fourth = new NodeId(4);
        nodes.Add(RaftNode.Join(fourth, network.Wire(fourth), new InMemoryDisk(), new Bank()));
        var leader = nodes.First(node => node.State.Role is Role.Leader);
        var added  = await leader.AddAsync(fourth);                                     // Done: it has caught up, and votes
        // README: end

        Assert.Equal((100, 100, new Outcome.Done()), (balance, seen, added));
        foreach (var node in nodes) await node.DisposeAsync();
    }

    [Fact]
    public async Task Nodes_over_tcp_and_on_disk()
    {
        var (data, tls) = (Directory.CreateTempSubdirectory("readme-").FullName, (TlsOptions?)null);
        var addresses   = FreePorts.For(1, 2, 3);
        var peers       = toMap(addresses.Select(at => (at.Key, (EndPoint)at.Value)));
        var nodes       = new List<RaftNode<ImmutableDictionary<string, long>, Deposit, long>>();
        var (wires, disks) = (new List<TcpWire>(), new List<FileDisk>());
        foreach (var id in (ulong[])[1, 2, 3])
        {
            // README: across processes
            var self = new NodeId(id);
            var bank = new ClusterId("bank");
            var wire = TcpWire.Start(new TcpWireOptions(bank, self, addresses[self]) { Peers = peers, Tls = tls });
            var disk = FileDisk.Open(Path.Combine(data, $"{self}"), bank, self);
            var node = RaftNode.Start(self, Configuration.Of(1, 2, 3), wire, disk, new Bank());
            // README: end

            nodes.Add(node);
            wires.Add(wire);
            disks.Add(disk);
        }

        Assert.Equal(100, await nodes[1].ProposeAsync(new Deposit("ada", 100)));
        Assert.Equal(100, await nodes[2].ReadAsync(accounts => accounts["ada"]));

        foreach (var node in nodes) await node.DisposeAsync();
        foreach (var wire in wires) await wire.DisposeAsync();
        foreach (var disk in disks) disk.Dispose();
        Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task A_service_with_a_node_in_it()
    {
        var (here, payday) = (FreePorts.One(), new TaskCompletionSource<long>());
        string[] args = ["--Raft:Cluster=bank", "--Raft:Id=1", $"--Raft:Listen={here}", $"--Raft:Peers:1={here}"];

        // README: in a service
        var builder = Host.CreateApplicationBuilder(args);
        builder.Services.AddRaft(builder.Configuration.GetSection("Raft"), new Bank())  // who it is, and where the others are
            .AddLeaderService<Payday>();                                                // works on the leader only
        builder.Services.AddHealthChecks().AddRaft();
        // README: end

        builder.Services.AddSingleton(payday);
        using var host = builder.Build();
        await host.StartAsync();
        Assert.Equal(100, await payday.Task.WaitAsync(TimeSpan.FromSeconds(60)));
        await host.StopAsync();
    }

    // README: virtual time
    [Fact]
    public void Another_node_takes_over_from_a_leader_that_is_cut_off_and_it_steps_down()
    {
        using var world = new World(WorldOptions.Of(nodes: 5, seed: 42), new HistoricalScheduler());
        Transcript.Of(world).Subscribe(Console.WriteLine);              // who did what, and why
        world.Start();
        Assert.True(world.RunUntil(now => now.Leader.IsSome, TimeSpan.FromSeconds(2)));
        var old = world.Leader.Single();

        world.Wire.CutOff(old);
        world.RunFor(TimeSpan.FromSeconds(1));                          // takes milliseconds

        var next = Assert.Single(world.Leaders);
        Assert.NotEqual(old, next);

        world.Wire.Rejoin(old);
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.Equal(next, world.StateOf(old).LeaderId);                // its return disturbed nobody
    }
    // README: end

    // README: a swarm
    [Theory]
    [InlineData(1), InlineData(2), InlineData(3)]
    public void The_bank_keeps_every_deposit_whatever_goes_wrong(ulong seed)
    {
        var bank = new Trial<ImmutableDictionary<string, long>, Deposit, long>(
            new Bank(), (dice, number, _) => new Deposit(dice.Chance(0.5) ? "ada" : "bob", number))
        {
            States = EqualityComparer<ImmutableDictionary<string, long>>.Create(
                (one, other) => one!.Count == other!.Count && !one.Except(other).Any(), accounts => accounts.Count),
        };
        var swarm = new Swarm<ImmutableDictionary<string, long>, Deposit, long>(bank);

        Assert.Equal(Option<SwarmFailure>.None, swarm.Run(seed).Failure);     // if not: swarm.Shrink(seed)
    }
    // README: end

    private sealed class Payday(
        RaftNode<ImmutableDictionary<string, long>, Deposit, long> node, TaskCompletionSource<long> paid) : ILeaderService
    {
        public async Task ExecuteAsync(Leadership leadership, CancellationToken whileLeader) =>
            paid.TrySetResult(await node.ProposeAsync(new Deposit("ada", 100), whileLeader));
    }

    /// <summary>A store that keeps the rule of fencing: no token lower than the highest it has seen.</summary>
    private sealed class Store(CancellationTokenSource enough)
    {
        public ulong HighestToken { get; private set; }

        public async Task WriteAsync(string what, ulong fencingToken, CancellationToken lost)
        {
            Assert.NotEmpty(what);
            Assert.True(fencingToken >= HighestToken);
            HighestToken = fencingToken;
            await enough.CancelAsync();                                 // the example has shown what it shows
            lost.ThrowIfCancellationRequested();
        }
    }
}
