using System.Linq;
using System.Net;

namespace RxRaft.Samples;

/// <summary>The arguments of commands that run real nodes.</summary>
internal static class ProcessArguments
{
    private const int ShortestElection = 15;        // ms: three heartbeats of 5
    private const int LongestElection = 60_000;

    private static readonly Seq<string> TlsNames = Seq("--tls-cert", "--tls-key", "--tls-ca");

    public static Either<string, Command> Node(Seq<string> args) =>
        from options in Arguments.Read(
            args,
            Seq("--id", "--cluster", "--data", "--name", "--listen", "--election-ms", "--journal").Concat(TlsNames),
            flags: Seq("--join", "--allow-plaintext", "--plain", "--with-parent"))
        from self in options.Required("--id", Id)
        from cluster in options.Required("--cluster", Addresses)
        from data in options.Required("--data", Data)
        from journal in options.Value("--journal", text => Directory("--journal", text))
        from name in options.Value("--name", Name)
        from election in options.Value("--election-ms", Election)
        from tls in Tls(options)
        from own in cluster.Find(self)
            .ToEither($"--id is {self.Value}, which is not in --cluster {Address.List(cluster)}")
        from listen in options.Value("--listen", text => Listen("--listen", text))
        from at in listen.Match(Right<string, IPEndPoint>, () => Default(own))
        from node in Private(new NodeOptions(self, cluster, at, data)
        {
            Name           = name.IfNone(NodeOptions.DefaultName),
            Join           = options.Has("--join"),
            Journal        = journal,
            Tls            = tls,
            AllowPlaintext = options.Has("--allow-plaintext"),
            Settings       = election.IfNone(NodeOptions.DefaultSettings),
            Plain          = options.Has("--plain"),
            WithParent     = options.Has("--with-parent"),
        })
        select (Command)new Command.Node(node);

    public static Either<string, Command> Cluster(Seq<string> args) =>
        from options in Arguments.Read(
            args, Seq("--processes", "--data", "--port", "--name", "--election-ms", "--journal"), flags: [])
        from processes in options.Value("--processes", Processes)
        from data in options.Required("--data", Data)
        from journal in options.Value("--journal", text => Directory("--journal", text))
        from port in options.Value("--port", Port)
        from name in options.Value("--name", Name)
        from election in options.Value("--election-ms", Election)
        let all = new ClusterOptions(
            processes.IfNone(3), data, port, name.IfNone(NodeOptions.DefaultName),
            election.IfNone(NodeOptions.DefaultSettings))
        { Journal = journal }
        from _ in port.Filter(first => first + all.Processes - 1 > IPEndPoint.MaxPort).Match(
            first => Left<string, Unit>($"--port {first} leaves no ports for {all.Processes} processes"),
            () => Right<string, Unit>(Unit.Default))
        select (Command)new Command.Cluster(all);

    private static Either<string, NodeId> Id(string text) =>
        Address.NodeOf(text).ToEither($"--id must be a whole number from 1 to {ulong.MaxValue}, not '{text}'");

    private static Either<string, Map<NodeId, EndPoint>> Addresses(string text)
    {
        var addresses = Map<NodeId, EndPoint>();
        foreach (var part in text.Split(','))
        {
            if (Address.ParseOfNode(part).Case is not (NodeId node, EndPoint at))
                return $"--cluster must be id=host:port,id=host:port and so on, ids from 1; '{part}' is not one, "
                    + "as 1=127.0.0.1:7001 is";
            if (addresses.ContainsKey(node)) return $"--cluster has node {node.Value} twice: '{text}'";
            if (addresses.Values.Contains(at)) return $"--cluster has {Address.Text(at)} twice: '{text}'";
            addresses = addresses.Add(node, at);
        }

        return addresses;
    }

    private static Either<string, string> Data(string text) => Directory("--data", text);

    private static Either<string, string> Directory(string option, string text) =>
        string.IsNullOrWhiteSpace(text)
            ? Left<string, string>($"{option} must be a directory, not '{text}'")
            : Right<string, string>(text);

    private static Either<string, ClusterId> Name(string text)
    {
        try
        {
            return new ClusterId(text);
        }
        catch (ArgumentException wrong)
        {
            return $"--name: {wrong.Message.Split(" (Parameter")[0]}";
        }
    }

    private static Either<string, IPEndPoint> Listen(string option, string text) =>
        Address.Parse(text).Case is IPEndPoint at
            ? at
            : $"{option} must be an address of this host and a port, like 127.0.0.1:7001, not '{text}'";

    private static Either<string, IPEndPoint> Default(EndPoint own) =>
        own is IPEndPoint at ? at : $"--listen is needed: --cluster has this node at '{Address.Text(own)}', a name";

    private static Either<string, Settings> Election(string text) =>
        text.Split('-') is [var min, var max]
        && Milliseconds(min).Case is int least && Milliseconds(max).Case is int most && least < most
            ? NodeOptions.Electing(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most))
            : $"--election-ms must be two numbers from {ShortestElection} to {LongestElection}, the smaller first, "
              + $"like 150-300, not '{text}'";

    private static Option<int> Milliseconds(string text) =>
        Arguments.Whole(text, ShortestElection, LongestElection);

    private static Either<string, Option<TlsFiles>> Tls(Arguments options)
    {
        var given   = TlsNames.Filter(options.Has).Strict();
        var missing = TlsNames.Filter(name => !options.Has(name)).Strict();

        if (given.IsEmpty) return Option<TlsFiles>.None;
        if (!missing.IsEmpty) return $"{given[0]} '{options[given[0]]}' needs {string.Join(" and ", missing)} too";
        return Some(new TlsFiles(options[TlsNames[0]], options[TlsNames[1]], options[TlsNames[2]]));
    }

    /// <summary>Whoever can read along can also write: plain text stays on this host.</summary>
    private static Either<string, NodeOptions> Private(NodeOptions node)
    {
        if (node.Tls.IsSome || node.AllowPlaintext) return node;

        const string Way = "say --tls-cert, --tls-key and --tls-ca, or --allow-plaintext";
        if (!Address.IsLoopback(node.Listen))
            return $"to listen on {node.Listen}, which is no loopback address, {Way}";
        return node.Cluster.AsEnumerable().Where(other => !Address.IsLoopback(other.Value)).Select(other =>
                Left<string, NodeOptions>(
                    $"--cluster has node {other.Key.Value} at '{Address.Text(other.Value)}', "
                    + $"which is no loopback address: {Way}"))
            .FirstOrDefault(node);
    }

    private static Either<string, int> Processes(string text) =>
        Arguments.Whole(text, 1, ClusterDirectory.MostNodes)
            .ToEither($"--processes must be a whole number from 1 to {ClusterDirectory.MostNodes}, not '{text}'");

    private static Either<string, int> Port(string text) =>
        Address.PortOf(text).ToEither($"--port must be a whole number from 1 to {IPEndPoint.MaxPort}, not '{text}'");
}
