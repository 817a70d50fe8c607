using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Benchmarks;

/// <summary>
/// How long the key-value sample is without a leader when its leader is killed: three processes with disks, elections
/// after 150-300 ms; from the SIGKILL to the reply to the first write that is sent after it, at either other node.
/// </summary>
internal static class Failover
{
    /// <param name="arguments"><c>--quick</c>; or <c>--kills 30</c>; <c>--election-ms 150-300</c>.</param>
    public static async Task Run(string[] arguments)
    {
        var kills    = (int)Arguments.Number(arguments, "--kills", arguments.Contains("--quick") ? 10 : 30);
        var election = Arguments.Word(arguments, "--election-ms") ?? "150-300";
        using var cluster = await StoreCluster.Start("--election-ms", election);
        Console.WriteLine($"{kills} times SIGKILL to the leader, elections after {election} ms; until the next committed write, in ms:");
        var times = new List<double>();
        for (var kill = 0; kill < kills; kill++)
        {
            var leader = await cluster.Leader(StoreCluster.Ids);
            times.Add(await Once(cluster, leader, $"{kill}"));
            Console.Write(FormattableString.Invariant($" {times[^1]:F0}"));
            cluster.Start(leader);
        }

        var sorted = times.Order().ToList();
        Console.WriteLine();
        Console.WriteLine(FormattableString.Invariant(
            $"median {sorted[sorted.Count / 2]:F0}, least {sorted[0]:F0}, most {sorted[^1]:F0} ms"));
    }

    private static async Task<double> Once(StoreCluster cluster, int leader, string value)
    {
        var others = StoreCluster.Ids.Where(id => id != leader).Select(id => Connect(cluster.Port(id))).ToList();
        foreach (var other in others) await Write(other, value);        // the connections are warm

        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(1_500 + Random.Shared.Next(100)));
        await pause.WaitForNextTickAsync();                            // anywhere between two heartbeats
        var watch = Stopwatch.StartNew();
        cluster.Kill(leader);
        await await Task.WhenAny(others.Select(other => Write(other, value)));
        var took = watch.Elapsed.TotalMilliseconds;
        others.ForEach(other => other.Dispose());
        return took;
    }

    private static Socket Connect(int port)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect("127.0.0.1", port);
        return socket;
    }

    private static async Task Write(Socket socket, string value)
    {
        var reply = new byte[256];
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes($"SET failover {value}\r\n"));
        var count = await socket.ReceiveAsync(reply);
        if (!reply.AsSpan(0, count).SequenceEqual("+OK\r\n"u8))
            throw new IOException($"SET is answered with {System.Text.Encoding.UTF8.GetString(reply, 0, count)}");
    }
}
