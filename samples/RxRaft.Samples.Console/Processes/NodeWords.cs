using System.Linq;
using System.Net;

namespace RxRaft.Samples;

/// <summary>What arguments mean that the nodes of all samples have.</summary>
internal static class NodeWords
{
    private const int ShortestElection = 15;        // ms: some heartbeats of a few
    private const int LongestElection = 60_000;

    public static readonly Seq<string> Tls = Seq("--tls-cert", "--tls-key", "--tls-ca");

    public static Either<string, NodeId> Id(string text) =>
        Address.NodeOf(text).ToEither($"--id must be a whole number from 1 to {ulong.MaxValue}, not '{text}'");

    public static Either<string, ClusterId> Name(string text)
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

    /// <summary>Where a node listens, as it says.</summary>
    public static Either<string, IPEndPoint> Listen(string option, string text) =>
        Address.Parse(text).Case is IPEndPoint at
            ? at
            : $"{option} must be an address of this host and a port, like 127.0.0.1:7001, not '{text}'";

    /// <summary>Where it listens when it does not say: at its own address in a list.</summary>
    public static Either<string, IPEndPoint> Own(string option, string list, EndPoint own) =>
        own is IPEndPoint at ? at : $"{option} is needed: {list} has this node at '{Address.Text(own)}', a name";

    /// <param name="text">Two numbers of milliseconds, the smaller first.</param>
    /// <param name="electing">The settings with elections after the one and before the other.</param>
    public static Either<string, Settings> Election(string text, Func<TimeSpan, TimeSpan, Settings> electing) =>
        text.Split('-') is [var min, var max]
        && Milliseconds(min).Case is int least && Milliseconds(max).Case is int most && least < most
            ? electing(TimeSpan.FromMilliseconds(least), TimeSpan.FromMilliseconds(most))
            : $"--election-ms must be two numbers from {ShortestElection} to {LongestElection}, the smaller first, "
              + $"like 150-300, not '{text}'";

    /// <summary>All three files, or none.</summary>
    public static Either<string, Option<TlsFiles>> TlsOf(Arguments options)
    {
        var given   = Tls.Filter(options.Has).Strict();
        var missing = Tls.Filter(name => !options.Has(name)).Strict();

        if (given.IsEmpty) return Option<TlsFiles>.None;
        if (!missing.IsEmpty) return $"{given[0]} '{options[given[0]]}' needs {string.Join(" and ", missing)} too";
        return Some(new TlsFiles(options[Tls[0]], options[Tls[1]], options[Tls[2]]));
    }

    /// <summary>Whoever can read along can also write: plain text stays on this host.</summary>
    /// <returns>What would leave it.</returns>
    public static Option<string> Exposed(IPEndPoint listen, Map<NodeId, EndPoint> cluster)
    {
        const string Way = "say --tls-cert, --tls-key and --tls-ca, or --allow-plaintext";
        if (!Address.IsLoopback(listen)) return $"to listen on {listen}, which is no loopback address, {Way}";
        return cluster.AsEnumerable().Where(other => !Address.IsLoopback(other.Value)).Select(other =>
                Some($"--cluster has node {other.Key.Value} at '{Address.Text(other.Value)}', "
                    + $"which is no loopback address: {Way}"))
            .FirstOrDefault();
    }

    private static Option<int> Milliseconds(string text) => Arguments.Whole(text, ShortestElection, LongestElection);
}

/// <summary>With what a node shows the others who it is: PEM files.</summary>
internal sealed record TlsFiles(string Certificate, string Key, string Authority);
