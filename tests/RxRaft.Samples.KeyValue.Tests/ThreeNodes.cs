using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>The program without --id, as a user starts it: one for all tests of a class.</summary>
public sealed class ThreeNodes : IAsyncLifetime
{
    private readonly string root = Directory.CreateTempSubdirectory("rxraft-kv-").FullName;
    private NodeProcess? program;

    public Seq<int> Ports { get; private set; } = Seq<int>();

    internal NodeProcess Program => program!;

    /// <summary>Two times three ports in a row that nobody has.</summary>
    public static (int Clients, int Raft) Free()
    {
        while (true)
        {
            var first = FreePorts.Many(1).Head;
            if (first > 60_000) continue;
            if (Enumerable.Range(first, 6).All(IsFree)) return (first, first + 3);
        }
    }

    public async Task InitializeAsync()
    {
        var (clients, raft) = Free();
        Ports = Seq(clients, clients + 1, clients + 2);
        program = new NodeProcess(
            "--data", Path.Combine(root, "data"), "--port", $"{clients}", "--raft-port", $"{raft}", "--election-ms", "300-600");
        await program.Says("^ready$");
    }

    public Task DisposeAsync()
    {
        program?.Dispose();
        Directory.Delete(root, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>A program of the machine, to its end.</summary>
    public static async Task<string> Run(string name, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(name, args) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{name} did not start");
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        return (await output + await errors).Trim();
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return false;
        }
    }
}
