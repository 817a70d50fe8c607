using System.Linq;
using System.Net;
using Microsoft.Extensions.Logging;
using RxRaft.Hosting;

namespace RxRaft.Samples.KeyValue;

/// <summary>The arguments of one node.</summary>
internal static class NodeArguments
{
    private const int ShortestElection = 15;        // ms: six heartbeats of 2.5
    private const int LongestElection = 60_000;
    private const int LongestTimeout = 600_000;

    /// <summary>What a cluster of processes takes too, and its nodes get.</summary>
    public static readonly Seq<string> Shared = Seq("--name", "--election-ms", "--timeout", "--log");

    public static readonly Seq<string> SharedFlags = Seq1("--lease-reads");

    private static readonly Seq<LogLevel> Levels = Seq(
        LogLevel.Trace, LogLevel.Debug, LogLevel.Information, LogLevel.Warning, LogLevel.Error, LogLevel.Critical);

    private static readonly Seq<string> TlsNames = Seq("--tls-cert", "--tls-key", "--tls-ca");

    public static Either<string, Command> Parse(Seq<string> args, Option<string> password, string host) =>
        from options in Arguments.Read(
            args,
            Seq("--id", "--cluster", "--clients", "--data", "--listen", "--listen-clients", "--password")
                .Concat(Shared).Concat(TlsNames),
            flags: Seq("--id-from-host-name", "--join", "--allow-plaintext", "--with-parent").Concat(SharedFlags))
        from self in Self(options, host)
        from cluster in options.Required("--cluster", text => Addresses("--cluster", text))
        from clients in options.Required("--clients", text => Addresses("--clients", text))
        from data in options.Required("--data", CommandLine.Directory)
        from listen in Own(options, "--cluster", cluster, "--listen", self)
        from listenClients in Own(options, "--clients", clients, "--listen-clients", self)
        from _ in Check(options)
        from name in options.Value("--name", Name)
        from settings in Settings(options)
        from timeout in options.Value("--timeout", Timeout)
        from tls in Tls(options)
        from log in options.Value("--log", Level)
        from secret in CommandLine.Password(options, password)
        from node in Private(new StoreOptions(self, cluster, clients, data)
        {
            Listen         = listen,
            ListenClients  = listenClients,
            Name           = name.IfNone(StoreOptions.DefaultName),
            Join           = options.Has("--join"),
            Tls            = tls,
            AllowPlaintext = options.Has("--allow-plaintext"),
            Password       = secret,
            Timeout        = timeout.IfNone(StoreOptions.DefaultTimeout),
            Settings       = settings,
            WithParent     = options.Has("--with-parent"),
            Log            = log,
        })
        select (Command)new Command.Node(node);

    /// <summary>Whether what a cluster passes on is right, so that it is said once and not by each node.</summary>
    public static Either<string, Unit> Check(Arguments options) =>
        from name in options.Value("--name", Name)
        from settings in Settings(options)
        from timeout in options.Value("--timeout", Timeout)
        from log in options.Value("--log", Level)
        select Unit.Default;

    /// <summary>What a cluster passes on, as it was given.</summary>
    public static Seq<string> Again(Arguments options) =>
        Shared.Filter(options.Has).Bind(name => Seq(name, options[name]))
            .Concat(SharedFlags.Filter(options.Has)).Strict();

    /// <summary>Which node it is: as it says, or as its host is called.</summary>
    private static Either<string, NodeId> Self(Arguments options, string host) =>
        !options.Has("--id-from-host-name") ? options.Required("--id", Id)
        : options.Has("--id") ? $"--id {options["--id"]} and --id-from-host-name are two answers to one question"
        : RaftOptions.IdOf(host) is ulong id ? new NodeId(id)
        : $"--id-from-host-name: the host is called '{host}', which does not end in a hyphen and a number";

    private static Either<string, NodeId> Id(string text) =>
        Address.NodeOf(text).ToEither($"--id must be a whole number from 1 to {ulong.MaxValue}, not '{text}'");

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
        Arguments options, string list, Map<NodeId, EndPoint> addresses, string option, NodeId self) =>
        from own in addresses.Find(self)
            .ToEither($"--id is {self.Value}, which is not in {list} {Address.List(addresses)}")
        from given in options.Value(option, text => Address.Parse(text).Case is IPEndPoint at
            ? Right<string, IPEndPoint>(at)
            : Left<string, IPEndPoint>(
                $"{option} must be an address of this host and a port, like 127.0.0.1:7001, not '{text}'"))
        from at in given.Match(Right<string, IPEndPoint>, () => own is IPEndPoint here
            ? Right<string, IPEndPoint>(here)
            : Left<string, IPEndPoint>($"{option} is needed: {list} has this node at '{Address.Text(own)}', a name"))
        select at;

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

    private static Either<string, Settings> Settings(Arguments options) =>
        options.Value("--election-ms", Election).Map(election =>
            election.IfNone(StoreOptions.DefaultSettings) with { LeaseReads = options.Has("--lease-reads") });

    private static Either<string, Settings> Election(string text) =>
        text.Split('-') is [var min, var max]
        && Milliseconds(min).Case is int least && Milliseconds(max).Case is int most && least < most
            ? StoreOptions.Electing(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most))
            : $"--election-ms must be two numbers from {ShortestElection} to {LongestElection}, the smaller first, "
              + $"like 150-300, not '{text}'";

    private static Option<int> Milliseconds(string text) => Arguments.Whole(text, ShortestElection, LongestElection);

    private static Either<string, LogLevel> Level(string text) =>
        Levels.Find(level => Word(level) == text)
            .ToEither($"--log must be one of {string.Join(", ", Levels.Map(Word))}, not '{text}'");

    private static string Word(LogLevel level) => $"{level}".ToLowerInvariant();

    private static Either<string, TimeSpan> Timeout(string text) =>
        Arguments.Whole(text, 1, LongestTimeout).Case is int milliseconds
            ? TimeSpan.FromMilliseconds(milliseconds)
            : $"--timeout must be a whole number of milliseconds from 1 to {LongestTimeout}, not '{text}'";

    private static Either<string, Option<TlsFiles>> Tls(Arguments options)
    {
        var given   = TlsNames.Filter(options.Has).Strict();
        var missing = TlsNames.Filter(name => !options.Has(name)).Strict();

        if (given.IsEmpty) return Option<TlsFiles>.None;
        if (!missing.IsEmpty) return $"{given[0]} '{options[given[0]]}' needs {string.Join(" and ", missing)} too";
        return Some(new TlsFiles(options[TlsNames[0]], options[TlsNames[1]], options[TlsNames[2]]));
    }

    /// <summary>Whoever can reach a node can write: without secrets everything stays on this host.</summary>
    private static Either<string, StoreOptions> Private(StoreOptions node)
    {
        if (node.Password.IsNone && !Address.IsLoopback(node.ListenClients))
            return $"to hear clients on {node.ListenClients}, which is no loopback address, say --password, or set "
                + CommandLine.PasswordVariable;
        if (node.Tls.IsSome || node.AllowPlaintext) return node;

        const string Way = "say --tls-cert, --tls-key and --tls-ca, or --allow-plaintext";
        if (!Address.IsLoopback(node.Listen))
            return $"to listen on {node.Listen}, which is no loopback address, {Way}";
        return node.Cluster.AsEnumerable().Where(other => !Address.IsLoopback(other.Value)).Select(other =>
                Left<string, StoreOptions>(
                    $"--cluster has node {other.Key.Value} at '{Address.Text(other.Value)}', "
                    + $"which is no loopback address: {Way}"))
            .FirstOrDefault(node);
    }
}
