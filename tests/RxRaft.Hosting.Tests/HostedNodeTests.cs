using System.Linq;
using System.Reactive.Linq;
using System.Reactive.Threading.Tasks;
using System.Threading.Tasks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RxRaft.Hosting;

/// <summary>A node starts and stops with its host, and can be injected.</summary>
public sealed class HostedNodeTests
{
    [Fact]
    public async Task Three_services_with_a_line_each_elect_a_leader_and_each_of_them_is_told_who_it_is()
    {
        await using var hosts = await Hosts.Start(3, (builder, raft) => builder.Services.AddRaft(raft));

        var leader = await hosts.Leader();

        Assert.Contains(leader, hosts.Ids);
        Assert.All(hosts.Ids, id => Assert.Equal((id, id), (hosts.Get<RaftNode>(id).Self, hosts.Get<TcpWire>(id).Self)));
    }

    [Fact]
    public async Task A_command_proposed_at_one_service_is_read_at_another()
    {
        await using var hosts = await Hosts.Start(3, (builder, raft) => builder.Services.AddRaft(raft, Notes.Machine));
        var nodes = hosts.Ids.Select(hosts.Get<RaftNode<Arr<string>, string, int>>).ToList();

        Assert.Equal(1, await nodes[0].ProposeAsync("a").WaitAsync(Hosts.Generous));
        Assert.Equal("a", await nodes[2].ReadAsync(state => state[0]).WaitAsync(Hosts.Generous));
        Assert.Same(nodes[0], hosts.Get<RaftNode>(hosts.Ids[0]));
    }

    [Fact]
    public async Task A_machine_may_be_made_of_other_services()
    {
        await using var hosts = await Hosts.Start(1, (builder, raft) =>
        {
            builder.Services.AddSingleton(new Notes { Initial = Array("first") });
            builder.Services.AddRaft(raft, services => services.GetRequiredService<Notes>());
        });

        var node = hosts.Only.GetRequiredService<RaftNode<Arr<string>, string, int>>();
        Assert.Equal(2, await node.ProposeAsync("second").WaitAsync(Hosts.Generous));
    }

    [Fact]
    public async Task Before_the_start_there_is_no_node_and_the_error_says_what_to_ask_for_instead()
    {
        await using var hosts = Hosts.Prepare(1, (builder, raft) => builder.Services.AddRaft(raft, Notes.Machine));
        var id = hosts.Ids[0];

        var early = Assert.Throws<InvalidOperationException>(() => hosts.Get<RaftNode<Arr<string>, string, int>>(id));
        var later = hosts.Get<IObservable<RaftNode<Arr<string>, string, int>>>(id).FirstAsync().ToTask(Hosts.Elsewhere);
        var known = hosts.Get<IObservable<Leadership>>(id).FirstAsync(now => now.Leader.IsSome).ToTask(Hosts.Elsewhere);
        Assert.Contains("has not started", early.Message, StringComparison.Ordinal);
        Assert.Contains("IObservable<RaftNode>, or for an IObservable of the RaftNode<...>", early.Message, StringComparison.Ordinal);

        await hosts[id].StartAsync();
        Assert.Same(hosts.Get<RaftNode>(id), await later.WaitAsync(Hosts.Generous));
        Assert.Equal(id, (await known.WaitAsync(Hosts.Generous)).Leader);
    }

    [Theory]
    [InlineData("true", 0, true, 1)]
    [InlineData("true", 7, true, 7)]                        // it was set before, by somebody who knows better
    [InlineData("false", 0, false, 0)]
    public async Task A_node_that_halts_is_a_critical_line_and_fails_its_process_unless_told_not_to(
        string stop, int before, bool stops, int exitCode)
    {
        Environment.ExitCode = before;
        using var restore = System.Reactive.Disposables.Disposable.Create(() => Environment.ExitCode = 0);
        await using var hosts = await Hosts.Start(
            1, (builder, raft) => builder.Services.AddRaft(raft, Notes.Machine), ("StopHostWhenHalted", stop));
        var id   = hosts.Ids[0];
        var node = hosts.Get<RaftNode<Arr<string>, string, int>>(id);

        await Assert.ThrowsAnyAsync<Exception>(() => node.ProposeAsync(Notes.Unapplicable).WaitAsync(Hosts.Generous));
        await hosts.Get<RaftHost>(id).Watching.WaitAsync(Hosts.Generous);

        var line = Assert.Single(hosts.Log(id), line => line.Level is LogLevel.Critical);
        Assert.Contains(Notes.Unapplicable, line.Message, StringComparison.Ordinal);
        Assert.Equal(stops, hosts.Get<IHostApplicationLifetime>(id).ApplicationStopping.IsCancellationRequested);
        Assert.Equal(exitCode, Environment.ExitCode);
    }

    [Fact]
    public async Task Who_leads_is_not_said_any_more_once_the_node_has_halted_though_its_host_goes_on()
    {
        await using var hosts = await Hosts.Start(
            1, (builder, raft) => builder.Services.AddRaft(raft, Notes.Machine), ("StopHostWhenHalted", "false"));
        var last = hosts.Get<IObservable<Leadership>>(hosts.Ids[0]).LastAsync().ToTask(Hosts.Elsewhere);
        var node = hosts.Only.GetRequiredService<RaftNode<Arr<string>, string, int>>();

        await Assert.ThrowsAnyAsync<Exception>(() => node.ProposeAsync(Notes.Unapplicable).WaitAsync(Hosts.Generous));

        Assert.Equal(hosts.Ids[0], (await last.WaitAsync(Hosts.Generous)).Leader);
    }

    [Fact]
    public async Task A_node_that_stops_as_it_should_does_not_fail_its_process()
    {
        await using var hosts = await Hosts.Start(1, (builder, raft) => builder.Services.AddRaft(raft));

        await hosts[hosts.Ids[0]].StopAsync();
        await hosts.Get<RaftHost>(hosts.Ids[0]).Watching.WaitAsync(Hosts.Generous);

        Assert.Equal(0, Environment.ExitCode);
    }

    [Fact]
    public async Task Options_can_be_set_in_code()
    {
        await using var hosts = await Hosts.Start(1, (builder, raft) =>
            builder.Services.AddRaft(options => raft.Bind(options), Notes.Machine));

        Assert.Equal(1, await hosts.Get<RaftNode<Arr<string>, string, int>>(hosts.Ids[0]).ProposeAsync("a").WaitAsync(Hosts.Generous));
    }

    [Fact]
    public async Task What_was_set_wrong_in_code_is_refused_like_a_section()
    {
        var builder = Host.CreateEmptyApplicationBuilder(new());
        builder.Services.AddRaft(options => (options.Id, options.Listen) = (1, "here"));
        using var host = builder.Build();

        var refused = await Assert.ThrowsAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => host.StartAsync());

        Assert.Contains("Listen is 'here': it must be an IP address", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_applied_is_on_disk_and_there_again_in_the_next_host()
    {
        var data = System.IO.Directory.CreateTempSubdirectory("rxraft-hosting-").FullName;
        foreach (var (command, count) in new[] { ("a", 1), ("b", 2) })
        {
            await using var hosts = await Hosts.Start(
                1, (builder, raft) => builder.Services.AddRaft(raft, Notes.Machine), ("DataDirectory", data));
            var node = hosts.Only.GetRequiredService<RaftNode<Arr<string>, string, int>>();
            Assert.Equal(count, await node.ProposeAsync(command).WaitAsync(Hosts.Generous));
        }

        System.IO.Directory.Delete(data, recursive: true);
    }

    [Fact]
    public async Task What_was_found_on_the_disk_is_a_line_and_an_end_that_was_torn_a_warning()
    {
        var data = System.IO.Directory.CreateTempSubdirectory("rxraft-hosting-").FullName;
        await using (var first = await Hosts.Start(1, (builder, raft) => builder.Services.AddRaft(raft), ("DataDirectory", data)))
        {
            await first.Leader();
            Assert.Single(first.Log(first.Ids[0]), line => line.Message.EndsWith("new disk: True", StringComparison.Ordinal));
            await first[first.Ids[0]].StopAsync();
        }

        var log = System.IO.Directory.GetFiles(data, "log-*").Order().First();
        var end = System.IO.File.ReadAllBytes(log).AsSpan().LastIndexOfAnyExcept((byte)0) + 1;
        using (var file = System.IO.File.OpenWrite(log))
        {
            file.Position = end + 8_192;                        // of a frame whose beginning was not written
            file.Write([1, 2, 3]);
        }

        await using var hosts = await Hosts.Start(1, (builder, raft) => builder.Services.AddRaft(raft), ("DataDirectory", data));
        var lines = hosts.Log(hosts.Ids[0]);
        Assert.Single(lines, line => line.Message.EndsWith("new disk: False", StringComparison.Ordinal));
        var torn = Assert.Single(lines, line => line.Message.Contains("cut off the torn end", StringComparison.Ordinal));
        Assert.Equal(LogLevel.Warning, torn.Level);
    }

    [Fact]
    public async Task Who_waits_for_a_node_hears_of_its_end()
    {
        await using var hosts = await Hosts.Start(1, (builder, raft) => builder.Services.AddRaft(raft));
        var node = hosts.Get<RaftNode>(hosts.Ids[0]);
        var seen = hosts.Get<IObservable<RaftNode>>(hosts.Ids[0]).ToList().ToTask(Hosts.Elsewhere);

        await hosts[hosts.Ids[0]].StopAsync();

        Assert.Same(node, Assert.Single(await seen.WaitAsync(Hosts.Generous)));
    }

    [Fact]
    public async Task Without_a_data_directory_the_log_warns_that_everything_is_in_memory()
    {
        await using var hosts = await Hosts.Start(1, (builder, raft) => builder.Services.AddRaft(raft));

        var warning = Assert.Single(hosts.Log(hosts.Ids[0]), line => line.Level is LogLevel.Warning);
        Assert.Contains("S1 has no DataDirectory", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_whose_start_fails_leaves_neither_disk_nor_port_taken()
    {
        var data = System.IO.Directory.CreateTempSubdirectory("rxraft-hosting-").FullName;
        await using var hosts = Hosts.Prepare(1, (builder, raft) => builder.Services.AddRaft(raft,
            IMachine<Arr<string>, string, int> (_) => throw new InvalidOperationException("no machine")), ("DataDirectory", data));
        var options = hosts.Get<Microsoft.Extensions.Options.IOptions<RaftOptions>>(hosts.Ids[0]).Value;

        await Assert.ThrowsAsync<InvalidOperationException>(() => hosts[hosts.Ids[0]].StartAsync());

        using var disk = FileDisk.Open(data, new ClusterId("test"), hosts.Ids[0]);
        await using var wire = TcpWire.Start(new(new("test"), hosts.Ids[0], System.Net.IPEndPoint.Parse(options.Listen)));
    }

    [Fact]
    public void A_service_has_one_node()
    {
        var services = new ServiceCollection();
        var section  = new ConfigurationBuilder().Build();
        services.AddRaft(section);

        Assert.Throws<InvalidOperationException>(() => services.AddRaft(section));
    }
}
