using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace RxRaft.Hosting;

/// <summary>What is wrong in a configuration is refused with its name and value, before anything is opened.</summary>
public sealed class OptionsTests
{
    [Theory]
    [InlineData("Cluster", "", "Cluster is '': A cluster's name has 1 to 64 characters; '' has 0")]
    [InlineData("Cluster", "a b", "Cluster is 'a b': A cluster's name has ASCII letters, digits, '.', '-' and '_'; 'a b' has ' '")]
    [InlineData("Id", null, "Id is missing: give it, or set IdFromHostName")]
    [InlineData("Id", "4", "Self is S4, which is not in the configuration (voters S1 S2)")]
    [InlineData("IdFromHostName", "true", "Id is 1, and IdFromHostName is set: only one of them can be")]
    [InlineData("Listen", null, "Listen is '': it must be an IP address, a colon and a port, such as 0.0.0.0:7000")]
    [InlineData("Listen", "127.0.0.1", "Listen is '127.0.0.1': it must be an IP address, a colon and a port")]
    [InlineData("Listen", "kv-0:7000", "Listen is 'kv-0:7000': it must be an IP address, a colon and a port")]
    [InlineData("Listen", "10.0.0.1:7000", "Listen is 10.0.0.1:7000: without Tls that must be a loopback address")]
    [InlineData("Peers:2", "localhost", "Peers:2 is 'localhost': it must be a host or an IP address, a colon and a port")]
    [InlineData("Peers:2", "localhost:70000", "Peers:2 is 'localhost:70000': it must be a host or an IP address")]
    [InlineData("Peers:2", "local host:7000", "Peers:2 is 'local host:7000': it must be a host or an IP address")]
    [InlineData("Peers:2", "kv-1.kv:7000", "kv-1.kv:7000: without Tls that must be a loopback address, or AllowPlaintext said")]
    [InlineData("Peers:2", "localhost:0", "port 0")]
    [InlineData("Peers:two", "localhost:7000", "Peers has an address for 'two': an id is a number")]
    [InlineData("Peers:02", "localhost:7000", "Peers has S2 twice")]
    [InlineData("ElectionTimeoutMax", "00:00:00.100", "ElectionTimeoutMax is 100.0 ms: it must be above ElectionTimeoutMin, 150.0 ms")]
    [InlineData("HeartbeatInterval", "0", "HeartbeatInterval is 0.0 ms: it must be above 0 ms")]
    [InlineData("ClockDriftBound", "1", "ClockDriftBound is 1: it must be at least 0 and below 1")]
    [InlineData("Limits:MaxCommandBytes", "0", "MaxCommandBytes is 0: it must be above 0")]
    [InlineData("Snapshots:Entries", "0", "Snapshots.Entries is 0: it must be above 0")]
    [InlineData("Wire:MaxFrameBytes", "7", "MaxFrameBytes is 7: it must be 4096 to 1073741824")]
    [InlineData("Wire:HandshakeTimeout", "0", "HandshakeTimeout is 00:00:00: it must be above 0, and an hour at most")]
    [InlineData("Disk:SegmentBytes", "1", "Disk:SegmentBytes is 1: it must be 4096 to 1073741824 bytes")]
    [InlineData("DataDirectory", "", "DataDirectory is '': leave it out to keep everything in memory")]
    [InlineData("Tls:Certificate", "no.pem", "Tls:Certificate is 'no.pem': there is no such file")]
    [InlineData("Tls:Certificate", "no.pem", "Tls:Key is '': there is no such file")]
    [InlineData("HandOverTimeout", "-1", "HandOverTimeout is -1.00:00:00: it must be above 0")]
    [InlineData("LeaderServicePause", "0", "LeaderServicePause is 00:00:00: it must be above 0")]
    [InlineData("HandOverTimeout", "2", "HandOverTimeout is 2.00:00:00: it must be above 0, and a day at most")]
    [InlineData("Health:MaxLag", "-1", "Health:MaxLag is -1: at least 0")]
    [InlineData("Health:MaxWriteTime", "0", "Health:MaxWriteTime is 00:00:00: it must be above 0")]
    [InlineData("Journal:MaxBytes", "65536", "Journal:Directory is '': it must be given, the node's own")]
    [InlineData("Journal:MaxBytes", "65535", "Journal:MaxBytes is 65535: it must be at least 65536")]
    [InlineData("Journal:MaxWaiting", "0", "Journal:MaxWaiting is 0: it must be above 0")]
    [InlineData("Journal:DigestInterval", "0", "Journal:DigestInterval is 0.0 ms: it must be above 0 ms")]
    [InlineData("Journal:Dir", "here", "'Dir'")]
    [InlineData("Listne", "127.0.0.1:7000", "'Listne'")]
    [InlineData("ElectionTimeoutMin", "soon", "'soon' at 'Raft:ElectionTimeoutMin'")]
    public async Task What_is_wrong_is_named_with_its_value_when_the_host_starts(string name, string? value, string problem)
    {
        using var host = Service(Least().Append((name, value)));

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync());

        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_is_not_in_the_directory_of_the_disk() => Assert.Equal(
        "Journal:Directory is './here/', which is DataDirectory: it must be another",
        Assert.Single(Problems("", ("DataDirectory", "here"), ("Journal:Directory", "./here/"))));

    [Fact]
    public async Task Everything_that_is_wrong_is_named_at_once()
    {
        using var host = Service([("Cluster", ""), ("Disk:MaxBatchBytes", "0"), ("ClockDriftBound", "2")]);

        var refused = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        foreach (var name in new[] { "Cluster", "Id", "Listen", "Peers", "Disk:MaxBatchBytes", "ClockDriftBound" })
            Assert.Single(refused.Failures, failure => failure.StartsWith($"Raft: {name} ", StringComparison.Ordinal));
        Assert.Equal(6, refused.Failures.Count());
    }

    [Fact]
    public async Task Nothing_is_started_where_options_are_wrong_not_even_what_was_added_before()
    {
        var (before, begun) = (Host.CreateEmptyApplicationBuilder(new()), new TaskCompletionSource());
        before.Services.AddHostedService(_ => new Begins(begun));
        before.Services.AddRaft(Section([("Cluster", "test")]));
        using var host = before.Build();

        await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.False(begun.Task.IsCompleted);
    }

    [Theory]
    [InlineData("kv-0", 1)]
    [InlineData("kv-2.kv.default.svc.cluster.local", 3)]
    [InlineData("key-value-11", 12)]
    public void A_pod_of_a_stateful_set_has_its_number_for_an_id(string host, int id) =>
        Assert.Equal(new NodeId((ulong)id), Plan(host, ("Id", null), ("IdFromHostName", "true")).Self);

    [Fact]
    public void A_service_can_ask_which_node_a_host_is() =>
        Assert.Equal((3ul, null), (RaftOptions.IdOf("kv-2.kv.default"), RaftOptions.IdOf("laptop")));

    [Theory]
    [InlineData("kv")]
    [InlineData("kv-")]
    [InlineData("12")]
    [InlineData("kv-x")]
    [InlineData("kv-18446744073709551615")]
    public void A_host_without_a_number_is_refused(string host) => Assert.Equal(
        $"IdFromHostName is set, and the host is called '{host}': it must end in a hyphen and a number, as kv-0 does",
        Assert.Single(Problems(host, ("Id", null), ("IdFromHostName", "true"))));

    [Fact]
    public void Peers_are_addresses_or_names_that_are_looked_up_when_they_are_dialled()
    {
        var plan = Plan("", ("AllowPlaintext", "true"),
            ("Peers:2", "kv-1.kv:7002"), ("Peers:3", "10.0.0.3:7003"), ("Peers:12", "[fd00::4]:7004"));

        Assert.Equal(new DnsEndPoint("kv-1.kv", 7002), plan.Wire.Peers[new NodeId(2)]);
        Assert.Equal(IPEndPoint.Parse("10.0.0.3:7003"), plan.Wire.Peers[new NodeId(3)]);
        Assert.Equal(IPEndPoint.Parse("[fd00::4]:7004"), plan.Wire.Peers[new NodeId(12)]);
        Assert.Equal(Configuration.Of(1, 2, 3, 11, 12), plan.Founders);
    }

    [Fact]
    public void A_node_that_joins_is_no_founder_and_need_not_be_among_its_peers() =>
        Assert.Equal((new NodeId(7), None), (Plan("", ("Id", "7"), ("Join", "true")).Self, Plan("", ("Join", "true")).Founders));

    [Fact]
    public void Limits_timeouts_and_sizes_come_from_the_section_and_what_is_not_given_is_the_librarys_default()
    {
        var plan = Plan("", ("ElectionTimeoutMin", "00:00:00.5"), ("ElectionTimeoutMax", "00:00:01"),
            ("HeartbeatInterval", "00:00:00.1"), ("ClockDriftBound", "0.1"), ("LeaseReads", "true"), ("ForwardProposals", "false"),
            ("Limits:MaxSessions", "7"), ("Snapshots:Trailing", "5"), ("AllowPlaintext", "true"), ("Wire:MaxFrameBytes", "5000"),
            ("Wire:MaxQueuedBytes", "6000"), ("Wire:MaxHandshakes", "9"), ("Wire:HandshakeTimeout", "00:00:05"),
            ("Wire:FrameTimeout", "00:00:06"), ("Wire:SilenceTimeout", "00:00:07"), ("Wire:MinBackOff", "00:00:02"),
            ("Wire:MaxBackOff", "00:00:03"));

        Assert.Equal(
            Settings.Default with
            {
                ElectionTimeoutMin = TimeSpan.FromSeconds(0.5),
                ElectionTimeoutMax = TimeSpan.FromSeconds(1),
                HeartbeatInterval = TimeSpan.FromSeconds(0.1),
                ClockDriftBound = 0.1,
                LeaseReads = true,
                ForwardProposals = false,
                Limits = new() { MaxSessions = 7 },
                Snapshots = new() { Trailing = 5 },
            },
            plan.Settings);
        Assert.Equal(
            new TcpWireOptions(plan.Cluster, plan.Self, plan.Wire.Listen)
            {
                Peers = plan.Wire.Peers,
                AllowPlaintext = true,
                MaxFrameBytes = 5_000,
                MaxQueuedBytes = 6_000,
                MaxHandshakes = 9,
                HandshakeTimeout = TimeSpan.FromSeconds(5),
                FrameTimeout = TimeSpan.FromSeconds(6),
                SilenceTimeout = TimeSpan.FromSeconds(7),
                MinBackOff = TimeSpan.FromSeconds(2),
                MaxBackOff = TimeSpan.FromSeconds(3),
            },
            plan.Wire);
        Assert.Equal(
            (Settings.Default, new TcpWireOptions(plan.Cluster, plan.Self, plan.Wire.Listen) { Peers = plan.Wire.Peers }),
            (Plan("").Settings, Plan("").Wire));
        Assert.Equal((1_024, 1_000), (Limits.Default.MaxSessions, SnapshotPolicy.Default.Trailing));    // the shared ones stay
    }

    [Fact]
    public void Keys_that_are_no_certificates_are_refused_with_the_paths_of_the_files()
    {
        var file = Path.GetTempFileName();
        var problems = Problems("", ("Tls:Certificate", file), ("Tls:Key", file), ("Tls:Authority", file));

        Assert.StartsWith(
            $"Tls is Certificate '{file}', Key '{file}', Authority '{file}': ", Assert.Single(problems), StringComparison.Ordinal);
        File.Delete(file);
    }

    [Fact]
    public void The_README_lists_every_option() => Assert.Equal(
        typeof(RaftOptions).GetProperties().Select(option => option.Name).Order(), Readme.Options().Order());

    private static (string, string?)[] Least() =>
    [
        ("Cluster", "test"), ("Id", "1"), ("Listen", "127.0.0.1:7001"),
        ("Peers:1", "localhost:7001"), ("Peers:2", "localhost:7002"),
    ];

    private static RaftPlan Plan(string host, params (string, string?)[] more) =>
        RaftPlan.Of(Bound(Least().Append(("Peers:3", "localhost:7003")).Append(("Peers:11", "localhost:7011"))
                .Append(("Peers:12", "localhost:7012")).Concat(more)), host)
            .Match(plan => plan, problems => throw new InvalidOperationException(string.Join("; ", problems)));

    private static Seq<string> Problems(string host, params (string, string?)[] more) =>
        RaftPlan.Of(Bound(Least().Concat(more)), host).Match(_ => Seq<string>(), problems => problems);

    private static RaftOptions Bound(IEnumerable<(string, string?)> options) =>
        Section(options).Get<RaftOptions>(binder => binder.ErrorOnUnknownConfiguration = true)!;

    private static IHost Service(IEnumerable<(string, string?)> options)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddRaft(Section(options));
        return builder.Build();
    }

    private static IConfigurationSection Section(IEnumerable<(string Name, string? Value)> options) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(options.GroupBy(option => option.Name).Select(group => group.Last())
                .Where(option => option.Value is not null)
                .Select(option => KeyValuePair.Create($"Raft:{option.Name}", option.Value)))
            .Build().GetSection("Raft");

    private sealed class Begins(TaskCompletionSource begun) : IHostedService
    {
        public Task StartAsync(CancellationToken cancellationToken)
        {
            begun.SetResult();
            return Task.CompletedTask;
        }

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
