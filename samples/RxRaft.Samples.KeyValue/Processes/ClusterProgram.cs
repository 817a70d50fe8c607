using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>Three nodes on this machine: starts them, says when they are of use, and ends with them.</summary>
internal static class ClusterProgram
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(50);

    public static int Run(ClusterOptions options, TextWriter output, TextWriter errors)
    {
        if (Problem(options).Case is string problem)
        {
            errors.WriteLine(problem);
            return 2;
        }

        var (said, complaints) = (TextWriter.Synchronized(output), TextWriter.Synchronized(errors));
        using var end = new Ending(withParent: false);
        return Task.Run(() => Run(options, said, complaints, end)).GetAwaiter().GetResult();
    }

    private static async Task<int> Run(ClusterOptions options, TextWriter output, TextWriter errors, Ending end)
    {
        var children = Ids.Map(node => ChildNode.Start(
            node, At(options.Port, node), ArgumentsOf(options, node), options.Password, errors.WriteLine)).Strict();
        var over = children.Map(child => Watch(child, end, errors)).Strict();
        foreach (var child in children)
            output.WriteLine($"{child.Node}: process {child.ProcessId}, clients {child.Clients}, "
                + $"disk {DirectoryOf(options, child.Node)}");

        var first = await Task.WhenAny(Ready(children, options.Password), end.Asked, Task.WhenAny(over))
            .ConfigureAwait(false);
        var ready = first is Task<bool>;
        if (ready)
        {
            output.WriteLine("ready");
            await Task.WhenAny(end.Asked, Task.WhenAll(over)).ConfigureAwait(false);
        }

        var alone = end.Asked.IsCompleted;                      // else nodes have ended by themselves
        await Task.WhenAll(children.Map(child => child.End())).ConfigureAwait(false);
        children.Iter(child => child.Dispose());
        return alone ? 0 : 1;
    }

    private static Seq<NodeId> Ids =>
        toSeq(Enumerable.Range(1, CommandLine.Nodes)).Map(id => new NodeId((ulong)id)).Strict();

    private static IPEndPoint At(int port, NodeId node) => new(IPAddress.Loopback, port + (int)node.Value - 1);

    private static string DirectoryOf(ClusterOptions options, NodeId node) =>
        Path.Combine(options.Data, $"{node.Value}");

    private static Seq<string> ArgumentsOf(ClusterOptions options, NodeId node) => Seq(
            "--id", $"{node.Value}", "--data", DirectoryOf(options, node),
            "--cluster", List(options.RaftPort), "--clients", List(options.Port), "--with-parent")
        .Concat(options.Given).Strict();

    private static string List(int port) => string.Join(',', Ids.Map(node => $"{node.Value}={At(port, node)}"));

    /// <summary>Says when a node has ended that nobody has asked to.</summary>
    private static async Task Watch(ChildNode child, Ending end, TextWriter errors)
    {
        await child.Ended.ConfigureAwait(false);
        if (!end.Asked.IsCompleted)
            await errors.WriteLineAsync($"{child.Node}: process {child.ProcessId} exited with {child.ExitCode}")
                .ConfigureAwait(false);
    }

    /// <summary>Once a quorum knows the same leader.</summary>
    private static async Task<bool> Ready(Seq<ChildNode> children, Option<string> password)
    {
        using var timer = new PeriodicTimer(AskAgain);
        while (true)
        {
            var leaders = await Task.WhenAll(children.Map(child => Leader(child, password))).ConfigureAwait(false);
            if (leaders.Where(leader => leader.Length > 0).GroupBy(leader => leader).Any(same => same.Count() > 1))
                return true;
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
        }
    }

    /// <returns>Nothing when it does not answer, or does not know.</returns>
    private static async Task<string> Leader(ChildNode child, Option<string> password)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        try
        {
            var info = await RespProbe.Info(child.Clients, password, patience.Token).ConfigureAwait(false);
            return info["process_id"] == $"{child.ProcessId}" ? info["raft_leader"] : "";
        }
        catch (Exception failure) when (failure is IOException or OperationCanceledException or KeyNotFoundException)
        {
            return "";
        }
    }

    /// <summary>
    /// A cluster goes on with all its disks or begins with none: a node with a new disk among others would take part
    /// in elections as if it had never promised anything.
    /// </summary>
    private static Option<string> Problem(ClusterOptions options)
    {
        if (File.Exists(options.Data)) return $"--data must be a directory, and '{options.Data}' is a file";

        var there = Ids.Filter(node => Directory.Exists(DirectoryOf(options, node))).Strict();
        return there.IsEmpty || there.Count == CommandLine.Nodes
            ? None
            : $"--data '{options.Data}' has the disks of {string.Join(", ", there.Map(node => node.Value))} of "
              + $"{CommandLine.Nodes}: all of them, or a new directory";
    }
}
