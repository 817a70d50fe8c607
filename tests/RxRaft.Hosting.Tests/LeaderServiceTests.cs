using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Reactive.Linq;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RxRaft.Hosting;

/// <summary>Work that runs on one node at a time, and goes where leadership goes.</summary>
public sealed class LeaderServiceTests
{
    [Fact]
    public async Task A_leader_service_runs_on_one_node_and_on_another_one_once_its_host_has_stopped()
    {
        var runs = new Runs();
        await using var hosts = await Run<UntilCancelled>(runs, 3);

        var first = await runs.Next();
        await hosts[first.Leader.Single()].StopAsync();
        Assert.Contains(first, runs.Ended);                     // it returned before its host had stopped
        var said  = hosts.Log(first.Leader.Single()).Select(line => line.Message).ToList();
        var ended = said.FindIndex(line => line.StartsWith("UntilCancelled ended", StringComparison.Ordinal));
        Assert.InRange(ended, 0, said.FindIndex(line => line.Contains("hands leadership", StringComparison.Ordinal)));
        var second = await runs.Next();

        Assert.NotEqual(first.Leader, second.Leader);
        Assert.True(second.Term > first.Term);                  // the fencing token has grown
        Assert.Equal(1, runs.MostAtOnce);
    }

    [Fact]
    public async Task A_leader_service_is_cancelled_when_its_host_stops_and_not_only_when_the_node_no_longer_leads()
    {
        var runs = new Runs();
        await using var hosts = await Run<UntilCancelled>(runs, 1, ("HandOverTimeout", "23:00:00"));
        var begun   = await runs.Next();
        var service = hosts.Get<IEnumerable<IHostedService>>(hosts.Ids[0]).OfType<LeaderServiceHost<UntilCancelled>>().Single();

        await service.StopAsync(default).WaitAsync(Hosts.Generous);         // the node is not stopped yet

        Assert.Equal(begun, Assert.Single(runs.Ended));
        Assert.IsType<Role.Leader>(hosts.Get<RaftNode>(hosts.Ids[0]).State.Role);
        Assert.False(hosts.Get<RaftNode>(hosts.Ids[0]).Completion.IsCompleted);
    }

    [Fact]
    public async Task A_leader_service_that_fails_is_logged_and_runs_again_in_a_new_scope_while_the_node_leads()
    {
        var runs = new Runs();
        await using var hosts = await Hosts.Start(1, (builder, raft) =>
        {
            builder.Services.AddSingleton(runs);
            builder.Services.AddRaft(raft).AddLeaderService<FailsOnce>();
            builder.Services.Configure<HostOptions>(host => host.ServicesStartConcurrently = true);
        }, ("LeaderServicePause", "00:00:00.010"));

        var (first, second) = (await runs.Next(), await runs.Next());

        Assert.Equal(first, second);
        Assert.Equal(2, runs.Instances);
        var line = Assert.Single(hosts.Log(hosts.Ids[0]), line => line.Level is LogLevel.Error);
        Assert.Contains("FailsOnce failed: S1 leads", line.Message, StringComparison.Ordinal);
        Assert.Equal("once", line.Exception?.Message);
    }

    [Fact]
    public async Task A_leader_service_that_waits_to_run_again_does_not_keep_its_host_from_stopping()
    {
        var runs = new Runs();
        await using var hosts = await Run<FailsOnce>(runs, 1, ("LeaderServicePause", "23:00:00"), ("HandOverTimeout", "23:00:00"));
        await runs.Next();

        await hosts[hosts.Ids[0]].StopAsync().WaitAsync(Hosts.Generous);

        Assert.True(hosts.Get<RaftNode>(hosts.Ids[0]).Completion.IsCompleted);
    }

    [Fact]
    public async Task A_leader_service_that_the_services_have_already_lives_as_they_say()
    {
        var runs = new Runs();
        await using var hosts = await Hosts.Start(1, (builder, raft) =>
        {
            builder.Services.AddSingleton(runs).AddSingleton<FailsOnce>();
            builder.Services.AddRaft(raft).AddLeaderService<FailsOnce>();
        }, ("LeaderServicePause", "00:00:00.010"));

        await runs.Next();
        await runs.Next();                                      // it is the first one still

        Assert.Equal(1, runs.Instances);
    }

    [Fact]
    public async Task A_leader_service_that_cannot_be_disposed_of_has_failed_too_and_is_not_gone_for_ever()
    {
        var runs = new Runs();
        await using var hosts = await Run<IsNotDisposedOfAtFirst>(runs, 1, ("LeaderServicePause", "00:00:00.010"));

        Assert.Equal(await runs.Next(), await runs.Next());
        var line = Assert.Single(hosts.Log(hosts.Ids[0]), line => line.Level is LogLevel.Error);
        Assert.Equal("still busy", line.Exception?.Message);
    }

    [Fact]
    public async Task A_leader_service_that_does_not_return_does_not_keep_its_host_from_stopping()
    {
        var runs = new Runs();
        var hosts = await Run<NeverReturns>(runs, 1, ("HandOverTimeout", "00:00:00.050"));
        var id = hosts.Ids[0];
        await runs.Next();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await hosts[id].StopAsync(limit.Token).WaitAsync(Hosts.Generous);

        var lines = hosts.Log(id).Select(line => line.Message).ToList();
        Assert.Contains(lines, line => line.StartsWith("NeverReturns did not return within", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("S1 did not stop in time", StringComparison.Ordinal));
        Assert.True(hosts.Get<RaftNode>(id).Completion.IsCompleted);
    }

    private static Task<Hosts> Run<TService>(Runs runs, int nodes, params (string Key, string Value)[] settings)
        where TService : class, ILeaderService => Hosts.Start(nodes, (builder, raft) =>
        {
            builder.Services.AddSingleton(runs);
            builder.Services.AddRaft(raft).AddLeaderService<TService>();
        }, settings);

    /// <summary>What the services of all hosts do.</summary>
    private sealed class Runs
    {
        private readonly Channel<Leadership> begun = Channel.CreateUnbounded<Leadership>();
        private readonly ConcurrentDictionary<object, int> instances = new();
        private int running;

        public ConcurrentQueue<Leadership> Ended { get; } = new();

        public int MostAtOnce { get; private set; }

        public int Instances => instances.Count;

        public async Task<Leadership> Next() =>
            await begun.Reader.ReadAsync().AsTask().WaitAsync(Hosts.Generous);

        public void Begin(object service, Leadership leadership)
        {
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref running));
            instances.TryAdd(service, 0);
            begun.Writer.TryWrite(leadership);
        }

        public void End(Leadership leadership)
        {
            Interlocked.Decrement(ref running);
            Ended.Enqueue(leadership);
        }
    }

    private sealed class UntilCancelled(Runs runs) : ILeaderService
    {
        public async Task ExecuteAsync(Leadership leadership, CancellationToken whileLeader)
        {
            runs.Begin(this, leadership);
            var cancelled = new TaskCompletionSource();
            await using var _ = whileLeader.Register(cancelled.SetResult);
            await cancelled.Task;
            await Observable.Timer(TimeSpan.FromMilliseconds(50));      // it tidies up, and is waited for
            runs.End(leadership);
        }
    }

    private sealed class FailsOnce(Runs runs) : ILeaderService
    {
        public Task ExecuteAsync(Leadership leadership, CancellationToken whileLeader)
        {
            runs.Begin(this, leadership);
            return runs.Instances == 1 ? throw new InvalidOperationException("once") : Task.CompletedTask;
        }
    }

    private sealed class IsNotDisposedOfAtFirst(Runs runs) : ILeaderService, IDisposable
    {
        public Task ExecuteAsync(Leadership leadership, CancellationToken whileLeader)
        {
            runs.Begin(this, leadership);
            return Task.CompletedTask;
        }

        public void Dispose()
        {
            if (runs.Instances == 1) throw new InvalidOperationException("still busy");
        }
    }

    private sealed class NeverReturns(Runs runs) : ILeaderService
    {
        public Task ExecuteAsync(Leadership leadership, CancellationToken whileLeader)
        {
            runs.Begin(this, leadership);
            return new TaskCompletionSource().Task;
        }
    }
}
