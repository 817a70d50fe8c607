using System.Net;

namespace RxRaft.Samples.KeyValue;

/// <summary>Arguments into commands.</summary>
internal static class CommandLine
{
    /// <summary>Where a password can be, so that it is not seen among the arguments of processes.</summary>
    public const string PasswordVariable = "RXRAFT_KV_PASSWORD";

    public const int Nodes = 3;
    private const int FirstPort = 6380;
    private const int ToRaftPort = 10_000;                          // as Redis does
    private const string DefaultData = "./kv-data";

    /// <param name="args">The program's.</param>
    /// <param name="password">From the environment.</param>
    /// <param name="host">What this one is called.</param>
    /// <returns>The command, or what is wrong in one line.</returns>
    public static Either<string, Command> Parse(Seq<string> args, Option<string> password, string host) =>
        args.Exists(arg => arg is "-h" or "--help") ? new Command.Help()
        : args.HeadOrNone().Exists(arg => arg == "probe") ? Probe(args.Tail, password)
        : args.HeadOrNone().Exists(arg => !arg.StartsWith('-')) ? $"unknown command '{args.Head}'"
        : args.Exists(arg => arg is "--id" or "--id-from-host-name" or "--cluster")
            ? NodeArguments.Parse(args, password, host)
        : Cluster(args, password);

    public static Either<string, string> Directory(string text) =>
        string.IsNullOrWhiteSpace(text)
            ? Left<string, string>($"--data must be a directory, not '{text}'")
            : Right<string, string>(text);

    /// <summary>Given as an option or by the environment.</summary>
    public static Either<string, Option<string>> Password(Arguments options, Option<string> password) =>
        options.Value("--password", Word).Bind(given => given.IsSome ? Right<string, Option<string>>(given)
            : password.Match(text => Word(text).Map(Some), () => Right<string, Option<string>>(None)));

    private static Either<string, Command> Cluster(Seq<string> args, Option<string> password) =>
        Arguments.Read(
            args, Seq("--data", "--port", "--raft-port", "--password").Concat(NodeArguments.Shared),
            flags: NodeArguments.SharedFlags)
        .Bind(options => Cluster(options, password));

    private static Either<string, Command> Cluster(Arguments options, Option<string> password)
    {
        var wrong  = new FirstWrong();
        var data   = wrong.Or(options.Value("--data", Directory));
        var port   = wrong.Or(options.Value("--port", text => Port("--port", text)));
        var raft   = wrong.Or(options.Value("--raft-port", text => Port("--raft-port", text)));
        var secret = wrong.Or(Password(options, password));
        var first  = port.IfNone(FirstPort);
        var behind = raft.IfNone(first + ToRaftPort);

        var problem = (wrong.Problem | NodeArguments.Problem(options))
            | Crowded("--port", first, "")
            | Crowded("--raft-port", behind, raft.IsSome ? "" : $", which is --port plus {ToRaftPort},")
            | (Math.Abs(first - behind) < Nodes
                ? Some($"--port {first} and --raft-port {behind} are less than {Nodes} apart")
                : None);
        return problem.Case is string said
            ? said
            : new Command.Cluster(new ClusterOptions(
                data.IfNone(DefaultData), first, behind, secret, NodeArguments.Again(options)));
    }

    private static Either<string, Command> Probe(Seq<string> args, Option<string> password) =>
        from at in args.HeadOrNone().Filter(arg => !arg.StartsWith('-')).ToEither("probe needs an address")
        from address in Address.Parse(at).ToEither($"'{at}' is not {Address.Form}")
        from options in Arguments.Read(args.Tail, Seq1("--password"), flags: Seq1("--leader"))
        from secret in Password(options, password)
        select (Command)new Command.Probe(new ProbeOptions(address, secret, options.Has("--leader")));

    private static Either<string, int> Port(string option, string text) =>
        Address.PortOf(text).ToEither($"{option} must be a whole number from 1 to {IPEndPoint.MaxPort}, not '{text}'");

    private static Option<string> Crowded(string option, int first, string how) =>
        first + Nodes - 1 > IPEndPoint.MaxPort ? $"{option} {first}{how} leaves no ports for {Nodes} processes" : None;

    private static Either<string, string> Word(string text) =>
        text.Length > 0 ? Right<string, string>(text) : Left<string, string>("--password must not be empty");
}
