using System.Linq;
using System.Net;
using Microsoft.Extensions.Logging;
using RxRaft.Hosting;

namespace RxRaft.Samples.KeyValue;

/// <summary>The arguments of one node.</summary>
internal static class NodeArguments
{
    private const int LongestTimeout = 600_000;

    /// <summary>What a cluster of processes takes too, and its nodes get.</summary>
    public static readonly Seq<string> Shared = Seq("--name", "--election-ms", "--timeout", "--log");

    public static readonly Seq<string> SharedFlags = Seq1("--lease-reads");

    private static readonly Seq<LogLevel> Levels = Seq(
        LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.Critical);

    public static Either<string, Command> Parse(Seq<string> args, Option<string> password, string host) =>
        Arguments.Read(
            args,
            Seq("--id", "--cluster", "--clients", "--data", "--listen", "--listen-clients", "--password")
                .Concat(Shared).Concat(NodeWords.Tls),
            flags: Seq("--id-from-host-name", "--join", "--allow-plaintext", "--with-parent").Concat(SharedFlags))
        .Bind(options => Node(options, password, host));

    private static Either<string, Command> Node(Arguments options, Option<string> password, string host)
    {
        var wrong   = new FirstWrong();
        var self    = wrong.Or(Self(options, host));
        var cluster = wrong.Or(options.Required("--cluster", text => Addresses("--cluster", text)));
        var clients = wrong.Or(options.Required("--clients", text => Addresses("--clients", text)));
        var data    = wrong.Or(options.Required("--data", CommandLine.Directory));
        if (wrong.Problem.Case is string early) return early;

        var node = new StoreOptions(self, cluster, clients, data!)
        {
            Listen         = wrong.Or(Own(options, "--cluster", cluster, "--listen", self))!,
            ListenClients  = wrong.Or(Own(options, "--clients", clients, "--listen-clients", self))!,
            Name           = wrong.Or(options.Value("--name", NodeWords.Name)).IfNone(StoreOptions.DefaultName),
            Settings       = wrong.Or(Settings(options))!,
            Timeout        = wrong.Or(options.Value("--timeout", Timeout)).IfNone(StoreOptions.DefaultTimeout),
            Log            = wrong.Or(options.Value("--log", Level)),
            Tls            = wrong.Or(NodeWords.TlsOf(options)),
            Password       = wrong.Or(CommandLine.Password(options, password)),
            Join           = options.Has("--join"),
            AllowPlaintext = options.Has("--allow-plaintext"),
            WithParent     = options.Has("--with-parent"),
        };
        return wrong.Problem.Case is string late ? late
            : Exposed(node).Case is string exposed ? exposed
            : new Command.Node(node);
    }

    /// <summary>What is wrong with what a cluster passes on, so that it is said once and not by each node.</summary>
    public static Option<string> Problem(Arguments options)
    {
        var wrong = new FirstWrong();
        wrong.Or(options.Value("--name", NodeWords.Name));
        wrong.Or(Settings(options));
        wrong.Or(options.Value("--timeout", Timeout));
        wrong.Or(options.Value("--log", Level));
        return wrong.Problem;
    }

    /// <summary>What a cluster passes on, as it was given.</summary>
    public static Seq<string> Again(Arguments options) =>
        Shared.Filter(options.Has).Bind(name => Seq(name, options[name]))
            .Concat(SharedFlags.Filter(options.Has)).Strict();

    /// <summary>Which node it is: as it says, or as its host is called.</summary>
    private static Either<string, NodeId> Self(Arguments options, string host) =>
        !options.Has("--id-from-host-name") ? options.Required("--id", NodeWords.Id)
        : options.Has("--id") ? $"--id {options["--id"]} and --id-from-host-name are two answers to one question"
        : RaftOptions.IdOf(host) is ulong id ? new NodeId(id)
        : $"--id-from-host-name: the host is called '{host}', which does not end in a hyphen and a number";

    private static Either<string, Map<NodeId, EndPoint>> Addresses(string option, string text)
    {
        var addresses = Map<NodeId, EndPoint>();
        foreach (var part in text.Split(','))
        {
            if (Address.ParseOfNode(part).Case is not (NodeId node, EndPoint at))
                return $"{option} must be id=host:port,id=host:port and so on; '{part}' is not id={Address.Form}";
            if (addresses.ContainsKey(node)) return $"{option} has node {node.Value} twice: '{text}'";
            if (addresses.Values.Contains(at)) return $"{option} has {Address.Text(at)} twice: '{text}'";
            addresses = addresses.Add(node, at);
        }

        return addresses;
    }

    /// <summary>Where this node listens: as it says, or at its own address in the list.</summary>
    private static Either<string, IPEndPoint> Own(
        Arguments options, string list, Map<NodeId, EndPoint> addresses, string option, NodeId self)
    {
        if (addresses.Find(self).Case is not EndPoint own)
            return $"--id is {self.Value}, which is not in {list} {Address.List(addresses)}";
        return options.Has(option)
            ? NodeWords.Listen(option, options[option])
            : NodeWords.Own(option, list, own);
    }

    private static Either<string, Settings> Settings(Arguments options) =>
        options.Value("--election-ms", Election).Map(election =>
            election.IfNone(StoreOptions.DefaultSettings) with { LeaseReads = options.Has("--lease-reads") });

    private static Either<string, Settings> Election(string text) => NodeWords.Election(text, StoreOptions.Electing);

    private static Either<string, LogLevel> Level(string text) =>
        Levels.Find(level => Word(level) == text)
            .ToEither($"--log must be one of {string.Join(", ", Levels.Map(Word))}, not '{text}'");

    private static string Word(LogLevel level) => $"{level}".ToLowerInvariant();

    private static Either<string, TimeSpan> Timeout(string text) =>
        Arguments.Whole(text, 1, LongestTimeout).Case is int milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : $"--timeout must be a whole number of milliseconds from 1 to {LongestTimeout}, not '{text}'";

    /// <summary>Whoever can reach a node can write: without secrets everything stays on this host.</summary>
    private static Option<string> Exposed(StoreOptions node)
    {
        if (node.Password.IsNone && !Address.IsLoopback(node.ListenClients))
            return $"to hear clients on {node.ListenClients}, which is no loopback address, say --password, or set "
                + CommandLine.PasswordVariable;
        return node.Tls.IsSome || node.AllowPlaintext ? None : NodeWords.Exposed(node.Listen, node.Cluster);
    }
}
