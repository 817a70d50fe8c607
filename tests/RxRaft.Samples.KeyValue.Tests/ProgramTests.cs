using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>The program: how it starts, what it says, and how it ends.</summary>
[Collection("real time")]
public sealed class ProgramTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("rxraft-kv-").FullName;

    [Fact]
    public async Task It_says_who_runs_and_when_it_is_ready_and_Ctrl_C_stops_all_and_it_goes_on_where_it_was()
    {
        var (port, raft) = ThreeNodes.Free();
        using (var program = Start(port, raft, "--password", "s3cret"))
        {
            var ids = await Task.WhenAll(Enumerable.Range(1, 3).Select(id =>
                program.Says($@"^S{id}: process (\d+), clients 127.0.0.1:{port + id - 1}, disk .*/{id}$")));
            await program.Says("^ready$");
            await using var client = await StoreProcesses.ConnectTo(port + 2, password: "s3cret");
            Assert.True(await client.GetDatabase().StringSetAsync("kept", "yes"));
            Assert.StartsWith("NOAUTH", await ThreeNodes.Run("redis-cli", "-p", $"{port}", "GET", "kept"), StringComparison.Ordinal);
            Assert.Contains(
                "WRONGPASS", await ThreeNodes.Run("redis-cli", "-p", $"{port}", "-a", "wrong", "PING"), StringComparison.Ordinal);

            var commands = ids.Select(id => File.ReadAllText($"/proc/{id.Groups[1].Value}/cmdline"));
            Assert.All(commands, command => Assert.DoesNotContain("s3cret", command, StringComparison.Ordinal));

            var children = ids.Select(id => System.Diagnostics.Process.GetProcessById(int.Parse(id.Groups[1].Value))).ToList();
            await ThreeNodes.Run("kill", "-INT", $"{program.Id}");
            Assert.Equal(0, await program.Ends());
            Assert.All(children, child => Assert.True(child.WaitForExit(0)));
        }

        using var again = Start(port, raft);
        await again.Says("^ready$");
        Assert.Equal("yes", await ThreeNodes.Run("redis-cli", "-p", $"{port}", "GET", "kept"));
    }

    [Fact]
    public async Task A_node_that_dies_is_told_and_the_others_go_on_and_none_outlives_the_program()
    {
        var (port, raft) = ThreeNodes.Free();
        using var program = Start(port, raft);
        var first = (await program.Says(@"S1: process (\d+)")).Groups[1].Value;
        var other = int.Parse((await program.Says(@"S2: process (\d+)")).Groups[1].Value);
        await program.Says("^ready$");

        await ThreeNodes.Run("kill", "-9", first);
        await program.Says($"S1: process {first} exited with 137");
        await using var client = await StoreProcesses.ConnectTo(port + 1);
        Assert.True(await client.GetDatabase().StringSetAsync("k", "v"));

        using var second = System.Diagnostics.Process.GetProcessById(other);
        program.KillAtOnce();
        await second.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task A_port_in_use_is_said_in_one_line_and_nobody_is_left()
    {
        var (port, raft) = ThreeNodes.Free();
        using var other = new TcpListener(IPAddress.Loopback, port + 1);
        other.Start();
        using var program = Start(port, raft);

        await program.Says($"^S2 cannot listen to clients on 127.0.0.1:{port + 1}: Address already in use$");
        Assert.Equal(1, await program.Ends());
    }

    [Fact]
    public async Task Half_of_the_disks_are_no_cluster()
    {
        Directory.CreateDirectory(Path.Combine(root, "1"));
        using var program = Start(7000, 8000);

        await program.Says("has the disks of 1 of 3: all of them, or a new directory");
        Assert.Equal(2, await program.Ends());
    }

    [Fact]
    public async Task A_probe_says_how_a_node_is_and_whether_it_knows_a_leader()
    {
        using var nodes = new StoreProcesses();
        using (var nobody = new NodeProcess("probe", $"127.0.0.1:{nodes.Ports[0]}"))
            Assert.Equal(1, await nobody.Ends());

        await nodes.Start(1);
        using (var alive = new NodeProcess("probe", $"127.0.0.1:{nodes.Ports[0]}"))
            Assert.Equal(0, await alive.Ends());
        using (var lonely = new NodeProcess("probe", $"127.0.0.1:{nodes.Ports[0]}", "--leader"))
        {
            await lonely.Says("(follower|precandidate) in T0, leader ; degraded: S1 knows no leader in T0");
            Assert.Equal(1, await lonely.Ends());
        }

        await nodes.Start(2);
        for (var tries = 1; ; tries++)                          // on a busy machine a leader may be lost again at any moment
        {
            await nodes.Leader(asked: 1);
            using var ready = new NodeProcess("probe", $"127.0.0.1:{nodes.Ports[0]}", "--leader");
            if (await ready.Ends() != 0 && tries < 20) continue;

            await ready.Says(@"(leader|follower) in T\d+, leader [12]");
            Assert.Equal(0, await ready.Ends());
            return;
        }
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private NodeProcess Start(int port, int raft, params string[] more) => new(
        ["--data", root, "--port", $"{port}", "--raft-port", $"{raft}", "--election-ms", "300-600", .. more]);
}
