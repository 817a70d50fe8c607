using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;

namespace RxRaft.Samples;

/// <summary>The commands that run real nodes.</summary>
internal static class ProcessPrograms
{
    private const int FirstPort = 7001;

    public static int Node(NodeOptions options, TextWriter output, TextWriter errors, Func<bool> terminal) =>
        OpeningFailure.Open(options).Match(
            Left: failure => Fail(errors, failure.Text, failure.ExitCode),
            Right: member => !options.Plain && terminal()
                ? LiveNode.Run(new Crew(member, port: None), errors)
                : PlainNode.Run(member, output, errors));

    public static int Cluster(ClusterOptions options, TextWriter output, TextWriter errors, Func<bool> terminal)
    {
        if (ClusterDirectory.Problem(options.Data, options.Processes).Case is string problem)
            return Fail(errors, problem, exitCode: 2);
        if (Addresses(options).Case is not Map<NodeId, EndPoint> addresses)
            return Fail(errors, InUse(options), 1);

        var nodes = addresses.AsEnumerable().Select(node => new NodeOptions(
            node.Key, addresses, (IPEndPoint)node.Value, ClusterDirectory.Of(options.Data, node.Key))
        {
            Name     = options.Name,
            Settings = options.Settings,
            Journal  = options.Journal.Map(root => ClusterDirectory.Of(root, node.Key)),
        }).ToList();

        return OpeningFailure.Open(nodes[0]).Match(
            Left: failure => Fail(errors, failure.Text, failure.ExitCode),
            Right: member =>
            {
                var crew = new Crew(member, Some(() => FreePorts(FirstPort).First()));
                nodes.Skip(1).Iter(crew.Start);
                return terminal() ? LiveNode.Run(crew, errors) : PlainNode.Run(crew, output, errors);
            });
    }

    /// <summary>The ports that were asked for, if they are free, or any that are.</summary>
    private static Option<Map<NodeId, EndPoint>> Addresses(ClusterOptions options)
    {
        var ports = options.Port.Case is int first
            ? Enumerable.Range(first, options.Processes).Where(IsFree)
            : FreePorts(FirstPort).Take(options.Processes);
        var free = toSeq(ports).Strict();
        return free.Count == options.Processes
            ? toMap(free.Map((i, port) =>
                (new NodeId((ulong)i + 1), (EndPoint)new IPEndPoint(IPAddress.Loopback, port))))
            : None;
    }

    private static string InUse(ClusterOptions options)
    {
        var first = options.Port.IfNone(FirstPort);
        var taken = Enumerable.Range(first, options.Processes).Where(port => !IsFree(port)).Take(3).ToList();
        return $"--port {first}: of the {options.Processes} ports of {IPAddress.Loopback} from there, in use: "
            + string.Join(", ", taken);
    }

    private static IEnumerable<int> FreePorts(int from) =>
        Enumerable.Range(from, IPEndPoint.MaxPort - from + 1).Where(IsFree);

    /// <summary>Whether nobody listens there at the moment.</summary>
    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            probe.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int Fail(TextWriter errors, string problem, int exitCode)
    {
        errors.WriteLine(problem);
        return exitCode;
    }
}
