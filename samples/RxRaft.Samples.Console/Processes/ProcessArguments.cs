using System.Linq;
using System.Net;

namespace RxRaft.Samples;

/// <summary>The arguments of commands that run real nodes.</summary>
internal static class ProcessArguments
{
    public static Either<string, Command> Node(Seq<string> args) =>
        from options in Arguments.Read(
            args,
            Seq("--id", "--cluster", "--data", "--name", "--listen", "--election-ms", "--journal")
                .Concat(NodeWords.Tls),
            flags: Seq("--join", "--allow-plaintext", "--plain", "--with-parent"))
        from self in options.Required("--id", NodeWords.Id)
        from cluster in options.Required("--cluster", Addresses)
        from data in options.Required("--data", Data)
        from journal in options.Value("--journal", text => Directory("--journal", text))
        from name in options.Value("--name", NodeWords.Name)
        from election in options.Value("--election-ms", Election)
        from tls in NodeWords.TlsOf(options)
        from own in cluster.Find(self)
            .ToEither($"--id is {self.Value}, which is not in --cluster {Address.List(cluster)}")
        from listen in options.Value("--listen", text => NodeWords.Listen("--listen", text))
        from at in listen.Match(Right<string, IPEndPoint>, () => NodeWords.Own("--listen", "--cluster", own))
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
        from name in options.Value("--name", NodeWords.Name)
        from election in options.Value("--election-ms", Election)
        let all = new ClusterOptions(
            processes.IfNone(3), data, port, name.IfNone(NodeOptions.DefaultName),
            election.IfNone(NodeOptions.DefaultSettings))
        { Journal = journal }
        from _ in port.Filter(first => first + all.Processes - 1 > IPEndPoint.MaxPort).Match(
            first => Left<string, Unit>($"--port {first} leaves no ports for {all.Processes} processes"),
            () => Right<string, Unit>(Unit.Default))
        select (Command)new Command.Cluster(all);

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

    private static Either<string, Settings> Election(string text) => NodeWords.Election(text, NodeOptions.Electing);

    private static Either<string, NodeOptions> Private(NodeOptions node) =>
        node.Tls.IsSome || node.AllowPlaintext
            ? node
            : NodeWords.Exposed(node.Listen, node.Cluster).Match(
                Left<string, NodeOptions>, () => Right<string, NodeOptions>(node));

    private static Either<string, int> Processes(string text) =>
        Arguments.Whole(text, 1, ClusterDirectory.MostNodes)
            .ToEither($"--processes must be a whole number from 1 to {ClusterDirectory.MostNodes}, not '{text}'");

    private static Either<string, int> Port(string text) =>
        Address.PortOf(text).ToEither($"--port must be a whole number from 1 to {IPEndPoint.MaxPort}, not '{text}'");
}
