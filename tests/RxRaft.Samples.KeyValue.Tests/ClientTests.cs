using System.ComponentModel;
using System.Linq;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using StackExchange.Redis;

namespace RxRaft.Samples.KeyValue;

/// <summary>Real clients of Redis, against any node: StackExchange.Redis, redis-cli, redis-benchmark, telnet.</summary>
[Collection("real time")]
public sealed class ClientTests(ThreeNodes nodes) : IClassFixture<ThreeNodes>
{
    [Theory]
    [InlineData(RedisProtocol.Resp2)]
    [InlineData(RedisProtocol.Resp3)]
    public async Task What_one_node_is_told_all_nodes_know(RedisProtocol protocol)
    {
        foreach (var (port, key) in nodes.Ports.Select(port => (port, $"{protocol}:{port}")))
        {
            await using var client = await StoreProcesses.ConnectTo(port, protocol: protocol);
            var store = client.GetDatabase();
            Assert.True(await store.StringSetAsync(key, "v", TimeSpan.FromMinutes(1), StackExchange.Redis.When.NotExists));
            Assert.False(await store.StringSetAsync(key, "w", null, StackExchange.Redis.When.NotExists));
            Assert.Equal(4, await store.StringIncrementAsync($"{key}:n", 4));
            Assert.Equal("1", $"{await store.ExecuteAsync("CAS", key, "v", "w")}");
            Assert.True(await store.StringSetAsync([new($"{key}:a", "1"), new($"{key}:b", new byte[] { 0, 13, 10, 255 })]));

            foreach (var other in nodes.Ports)
            {
                await using var elsewhere = await StoreProcesses.ConnectTo(other, protocol: protocol);
                var there = elsewhere.GetDatabase();
                var values = await there.StringGetAsync([key, $"{key}:n", $"{key}:a", "none"]);
                Assert.Equal(["w", "4", "1", null], values.Select(one => (string?)one));
                Assert.Equal([0, 13, 10, 255], (byte[]?)await there.StringGetAsync($"{key}:b"));
                Assert.InRange((await there.KeyTimeToLiveAsync(key))!.Value.TotalSeconds, 30, 61);
                var keys = elsewhere.GetServers().Single().KeysAsync(pattern: $"{key}*", pageSize: 2);
                Assert.Equal(4, await keys.CountAsync());
            }

            Assert.Equal(2, await store.KeyDeleteAsync([key, $"{key}:n", "none"]));
        }
    }

    [Fact]
    public async Task What_a_client_sends_at_once_is_done_in_its_order()
    {
        await using var client = await StoreProcesses.ConnectTo(nodes.Ports[1]);
        var store = client.GetDatabase();
        await store.KeyDeleteAsync("order");

        var told = Enumerable.Range(1, 200)
            .Select(i => (Append: store.StringAppendAsync("order", "x"), Length: store.StringLengthAsync("order"), i)).ToList();

        foreach (var (append, length, i) in told) Assert.Equal((i, i), (await append, await length));
    }

    [Fact]
    public async Task A_key_ends_by_itself_though_nobody_writes()
    {
        await using var client = await StoreProcesses.ConnectTo(nodes.Ports[2]);
        var store = client.GetDatabase();
        await store.StringSetAsync("short", "v", TimeSpan.FromMilliseconds(300));
        Assert.True(await store.KeyExistsAsync("short"));

        using var timer = new System.Threading.PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var asked = 0; await store.KeyExistsAsync("short"); asked++)
        {
            Assert.True(asked < 200, "it is still there after ten seconds");
            await timer.WaitForNextTickAsync();
        }
    }

    [Fact]
    public async Task Redis_cli_talks_to_every_node()
    {
        foreach (var port in nodes.Ports)
        {
            Assert.Equal("PONG", await Cli(port, "PING"));
            Assert.Equal("OK", await Cli(port, "SET", "cli", $"{port}"));
            Assert.Equal($"{port}", await Cli(nodes.Ports[0], "GET", "cli"));
            Assert.Equal("ERR wrong number of arguments for 'get' command", await Cli(port, "GET"));
            var info = await Cli(port, "INFO", "raft");
            Assert.Contains("raft_role:", info, StringComparison.Ordinal);
            Assert.Matches(@"raft_health:healthy\s+raft_health_reason:S[123] leads T\d+", info);
            Assert.Contains(await Cli(port, "WAIT", "1", "5000"), (string[])["1", "2"]);
        }

        var leader = (await Cli(nodes.Ports[0], "INFO", "raft")).Split('\n')
            .Single(line => line.StartsWith("raft_leader_address", StringComparison.Ordinal));
        Assert.Equal("2", await Cli(int.Parse(leader.Trim().Split(':')[^1]), "WAIT", "2", "5000"));
    }

    [Fact]
    public async Task Redis_benchmark_runs_to_its_end()
    {
        var report = await Tool(
            "redis-benchmark", "-p", $"{nodes.Ports[1]}", "-t", "set,get,incr,mset", "-c", "16", "-n", "2000", "-P", "4", "--csv");

        foreach (var test in Seq("\"SET\"", "\"GET\"", "\"INCR\"", "\"MSET (10 keys)\""))
            Assert.Contains(test, report, StringComparison.Ordinal);
        Assert.DoesNotContain("Error", report, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task What_is_typed_is_answered_and_what_is_no_RESP_is_cut_off()
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", nodes.Ports[0]);
        await using var stream = client.GetStream();
        await stream.WriteAsync("SET \"a b\" 'c'\r\nGET \"a b\"\r\nSUBSCRIBE x\r\n*1\r\n!\r\nPING\r\n"u8.ToArray());

        var all = new byte[1000];
        var read = await stream.ReadAtLeastAsync(all, all.Length, throwOnEndOfStream: false);

        Assert.Equal(
            "+OK\r\n$1\r\nc\r\n-ERR SUBSCRIBE is not supported: this store has no channels\r\n"
            + "-ERR Protocol error: expected '$', got '!'\r\n",
            Encoding.UTF8.GetString(all, 0, read));
    }

    private static Task<string> Cli(int port, params string[] words) => Tool("redis-cli", ["-p", $"{port}", .. words]);

    private static async Task<string> Tool(string name, params string[] args)
    {
        try
        {
            return await ThreeNodes.Run(name, args);
        }
        catch (Win32Exception)
        {
            Assert.Fail($"{name} is not there: apt-get install redis-tools, as .ci/run does");
            throw;
        }
    }
}
