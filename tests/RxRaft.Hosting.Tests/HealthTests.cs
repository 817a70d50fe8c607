using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RxRaft.Hosting;

/// <summary>What the health check says of a node in each of its states.</summary>
public sealed class HealthTests
{
    [Fact]
    public async Task A_node_is_unhealthy_before_its_start_healthy_while_somebody_leads_and_unhealthy_after_its_end()
    {
        await using var hosts = Hosts.Prepare(1, Add);
        Assert.Equal((HealthStatus.Unhealthy, "The node has not started"), Brief(await Check(hosts)));

        await hosts[hosts.Ids[0]].StartAsync();
        await hosts.Leader();
        var node = hosts.Only.GetRequiredService<RaftNode<Arr<string>, string, int>>();
        await node.ProposeAsync("a").WaitAsync(Hosts.Generous);
        await hosts.Applied(hosts.Ids[0], 3);
        var sound = await Check(hosts);
        Assert.Equal((HealthStatus.Healthy, "S1 leads T1"), Brief(sound));
        Assert.Equal(("leader", 1ul, 1ul, 1ul), (sound.Data["role"], sound.Data["leader"], sound.Data["node"], sound.Data["term"]));
        Assert.True((ulong)sound.Data["commitIndex"] >= 3 && (ulong)sound.Data["appliedIndex"] >= 3);
        Assert.Contains("lag", sound.Data.Keys);

        await hosts[hosts.Ids[0]].StopAsync();
        Assert.Equal((HealthStatus.Unhealthy, "S1 has stopped"), Brief(await Check(hosts)));
    }

    [Fact]
    public async Task A_node_that_knows_no_leader_is_degraded()
    {
        await using var hosts = Hosts.Prepare(3, Add);
        await hosts[hosts.Ids[0]].StartAsync();                 // alone: the others never start

        var entry = await Check(hosts);

        Assert.Equal((HealthStatus.Degraded, "S1 knows no leader in T0"), Brief(entry));
        Assert.DoesNotContain("leader", entry.Data.Keys);
    }

    [Fact]
    public async Task A_node_that_has_halted_is_unhealthy_and_says_why()
    {
        await using var hosts = await Hosts.Start(1, Add, ("StopHostWhenHalted", "false"));
        var node = hosts.Only.GetRequiredService<RaftNode<Arr<string>, string, int>>();

        await Assert.ThrowsAnyAsync<Exception>(() => node.ProposeAsync(Notes.Unapplicable).WaitAsync(Hosts.Generous));
        await Assert.ThrowsAnyAsync<Exception>(() => node.Completion.WaitAsync(Hosts.Generous));

        var entry = await Check(hosts);
        Assert.Equal(HealthStatus.Unhealthy, entry.Status);
        Assert.StartsWith("S1 has halted: ", entry.Description, StringComparison.Ordinal);
        Assert.Contains(Notes.Unapplicable, entry.Exception?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_that_is_being_stopped_is_unhealthy_though_it_leads_still()
    {
        await using var hosts = await Hosts.Start(1, Add);
        var (id, begun, release) = (hosts.Ids[0], new TaskCompletionSource(), new TaskCompletionSource());
        var node = hosts.Get<RaftNode>(id);
        var work = node.WhileLeaderAsync((_, _) =>
        {
            begun.SetResult();
            return release.Task;
        });
        await begun.Task.WaitAsync(Hosts.Generous);

        var stopping = hosts.Get<RaftHost>(id).StopAsync(default);          // waits for the leader's work
        var entry = await Check(hosts);
        Assert.False(node.Completion.IsCompleted);
        release.SetResult();
        await Task.WhenAll(stopping, work).WaitAsync(Hosts.Generous);

        Assert.Equal((HealthStatus.Unhealthy, "S1 is being stopped"), Brief(entry));
        Assert.Equal("leader", entry.Data["role"]);
    }

    [Fact]
    public void A_node_whose_state_machine_lags_or_whose_disk_takes_too_long_has_a_problem_beyond_the_bound()
    {
        var bounds = new RaftHealthOptions { MaxLag = 4, MaxWriteTime = TimeSpan.FromSeconds(1) };
        var state  = Raft.Boot(new NodeId(1), Configuration.Of(1, 2), Settings.Default, PersistentState.Fresh).State;
        var led    = state with { Role = new Role.Follower(new NodeId(2)) };
        var behind = led with { Log = Enumerable.Range(1, 5).Aggregate(led.Log, (log, index) => log.Append(Seq1(Noop(index)))) };

        var level  = led with { Log = Enumerable.Range(1, 4).Aggregate(led.Log, (log, index) => log.Append(Seq1(Noop(index)))) };

        Assert.Equal(None, RaftHealthCheck.Problem(led, TimeSpan.FromSeconds(1), bounds));
        Assert.Equal(None, RaftHealthCheck.Problem(level, TimeSpan.Zero, bounds));
        Assert.Equal(
            "S1 has 5 entries in its log that are not applied, above 4", RaftHealthCheck.Problem(behind, TimeSpan.Zero, bounds));
        Assert.Equal(
            "The disk of S1 has been writing for 00:00:02, longer than 00:00:01",
            RaftHealthCheck.Problem(led, TimeSpan.FromSeconds(2), bounds));
    }

    [Fact]
    public void Its_data_are_what_an_operator_looks_for_first()
    {
        var state = Raft.Boot(new NodeId(1), Configuration.Of(1, 2), Settings.Default, PersistentState.Fresh).State with
        {
            CurrentTerm = new Term(7),
            Role        = new Role.Follower(new NodeId(2)),
        };

        var data = RaftHealthCheck.Data(state with { Log = state.Log.Append(Seq1(Noop(1))) }, TimeSpan.FromSeconds(2));

        Assert.Equal(
            "appliedIndex 0, commitIndex 0, lag 1, leader 2, node 1, role follower, term 7, writingSeconds 2",
            string.Join(", ", data.OrderBy(one => one.Key, StringComparer.Ordinal).Select(one => $"{one.Key} {one.Value}")));
    }

    [Fact]
    public async Task What_is_said_of_a_node_that_does_not_run_and_who_hears_it_is_the_services_choice()
    {
        await using var hosts = Hosts.Prepare(1, (builder, raft) =>
        {
            builder.Services.AddRaft(raft);
            builder.Services.AddHealthChecks().AddRaft("node", HealthStatus.Degraded, "ready");
        });

        var report = await hosts.Get<HealthCheckService>(hosts.Ids[0]).CheckHealthAsync(check => check.Tags.Contains("ready"));

        Assert.Equal((HealthStatus.Degraded, "The node has not started"), Brief(report.Entries["node"]));
    }

    private static Entry Noop(int index) => new(new(new Term(1), new LogIndex((ulong)index)), new Payload.Noop());

    private static void Add(
        Microsoft.Extensions.Hosting.HostApplicationBuilder builder, Microsoft.Extensions.Configuration.IConfiguration raft)
    {
        builder.Services.AddRaft(raft, Notes.Machine);
        builder.Services.AddHealthChecks().AddRaft();
    }

    private static async Task<HealthReportEntry> Check(Hosts hosts) =>
        (await hosts.Get<HealthCheckService>(hosts.Ids[0]).CheckHealthAsync()).Entries["raft"];

    private static (HealthStatus, string?) Brief(HealthReportEntry entry) => (entry.Status, entry.Description);
}
