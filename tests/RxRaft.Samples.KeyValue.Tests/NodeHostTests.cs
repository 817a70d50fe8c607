using System.IO;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;
using StackExchange.Redis;

namespace RxRaft.Samples.KeyValue;

/// <summary>A node is a service: how it ends, and what it says of itself.</summary>
[Collection("real time")]
public sealed class NodeHostTests
{
    [Fact]
    public async Task A_leader_that_is_told_to_end_answers_what_it_was_asked_and_then_lets_another_lead()
    {
        using var nodes = new StoreProcesses(                   // nobody else is to be elected, however busy the machine is
            "--log", "information", "--timeout", "60000", "--election-ms", "3000-6000");
        await nodes.Start(1, 2);                                // of three: nobody can say when WAIT 2 is over
        var leader = await nodes.Leader(asked: 1);
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", nodes.Ports[leader - 1]);
        await using var stream = client.GetStream();
        var value = new string('x', 900_000);
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"*3\r\n$3\r\nSET\r\n$1\r\nk\r\n${value.Length}\r\n{value}\r\n"));
        Assert.Equal("+OK\r\n", await Read(stream, "+OK\r\n".Length));

        // Replies of more than a megabyte are sent at once: who has them knows that WAIT was read, too.
        await stream.WriteAsync("GET k\r\nGET k\r\nWAIT 2 600000\r\n"u8.ToArray());
        var reply = $"${value.Length}\r\n{value}\r\n";
        Assert.Equal(reply + reply, await Read(stream, 2 * reply.Length));
        await ThreeNodes.Run("kill", "-TERM", $"{nodes[leader].Id}");

        Assert.Equal(":1\r\n", await Read(stream, 1_000));      // and closed
        await nodes[leader].Says($"S{leader} stops, and hands leadership of T\\d+ over to S{3 - leader}");
        await nodes[leader].Says($"S{3 - leader} has taken over from S{leader}");
        Assert.Equal(0, await nodes[leader].Ends());
        await nodes[3 - leader].Says($"TransferAccepted: .*S{leader}");
    }

    [Fact]
    public async Task A_node_whose_disk_fails_says_so_and_fails()
    {
        var root  = Directory.CreateTempSubdirectory("rxraft-kv-").FullName;
        var ports = FreePorts.Many(2);
        using var node = new NodeProcess(
            "--id", "1", "--data", root, "--cluster", $"1=127.0.0.1:{ports[0]}", "--clients", $"1=127.0.0.1:{ports[1]}");
        await node.Says("^S1: process");
        await using var client = await StoreProcesses.ConnectTo(ports[1]);
        var store = client.GetDatabase();
        Assert.True(await store.StringSetAsync("k", "v"));

        Directory.Delete(root, recursive: true);                // the next segment of the log has no place
        var halted = node.Says("^S1 has halted: The disk in .* has failed");
        for (var i = 0; !halted.IsCompleted; i++)
        {
            try
            {
                await store.StringSetAsync($"{i % 20}", new byte[1_000_000]);
            }
            catch (Exception unanswered) when (unanswered is RedisException or TimeoutException)
            {
                await Task.Yield();                             // it is slow, or gone
            }
        }

        await halted;
        Assert.Equal(1, await node.Ends());
    }

    [Fact]
    public async Task A_node_says_nothing_but_that_it_is_there_unless_it_is_asked()
    {
        using var nodes = new StoreProcesses();
        await nodes.Start(1, 2);
        var leader = await nodes.Leader(asked: 1);

        await ThreeNodes.Run("kill", "-TERM", $"{nodes[leader].Id}");
        Assert.Equal(0, await nodes[leader].Ends());

        Assert.StartsWith($"S{leader}: process ", Assert.Single(nodes[leader].Everything()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_log_of_three_nodes_is_on_standard_error()
    {
        var root = Directory.CreateTempSubdirectory("rxraft-kv-").FullName;
        var (port, raft) = ThreeNodes.Free();
        using var program = new NodeProcess(
            "--data", Path.Combine(root, "data"), "--port", $"{port}", "--raft-port", $"{raft}", "--election-ms", "300-600",
            "--log", "information");

        await program.Says("info: RxRaft.Node.*ElectionWon: Election won by S[123]");       // what else nodes say is not passed on
        await program.Says("^ready$");
        await ThreeNodes.Run("kill", "-INT", $"{program.Id}");
        Assert.Equal(0, await program.Ends());
        Directory.Delete(root, recursive: true);
    }

    /// <summary>So many characters, or as many as there are before the end.</summary>
    private static async Task<string> Read(NetworkStream stream, int length)
    {
        var bytes = new byte[length];
        var count = await stream.ReadAtLeastAsync(bytes, length, throwOnEndOfStream: false).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
        return Encoding.ASCII.GetString(bytes, 0, count);
    }
}
