using System.IO;
using System.Net;
using System.Security.Cryptography;

namespace RxRaft.Hosting;

/// <summary>What the options say, once all of it is known to be right.</summary>
/// <param name="Wire">How the node reaches the others; who it is, and in which cluster.</param>
/// <param name="Founders">The cluster as it begins; none for a node that joins one.</param>
/// <param name="Settings">Of the node.</param>
/// <param name="AnswersInPlace">Whether callers go on where their answer becomes known.</param>
internal sealed record RaftPlan(
    TcpWireOptions Wire, Option<Configuration> Founders, Settings Settings, bool AnswersInPlace)
{
    public NodeId Self => Wire.Self;

    public ClusterId Cluster => Wire.Cluster;

    /// <summary>The plan, or everything that is wrong with the options, each with its value.</summary>
    /// <param name="options">As they were bound.</param>
    /// <param name="hostName">For <see cref="RaftOptions.IdFromHostName"/>.</param>
    public static Validation<string, RaftPlan> Of(RaftOptions options, string hostName)
    {
        var settings = SettingsOf(options);
        var parts =
            (ClusterOf(options), SelfOf(options, hostName), Words.Listen(options.Listen), PeersOf(options),
                TlsOf(options))
            .Apply((cluster, self, listen, peers, tls) => new RaftPlan(
                WireOf(options, new(cluster, self, listen) { Peers = peers, Tls = tls.Case as TlsOptions }),
                options.Join ? None : Some(Configuration.OfNodes(toSeq(peers.Keys))),
                settings, options.AnswersInPlace));
        var problems = parts.Match(plan => plan.Problems, failures => failures + settings.Problems())
            + OwnProblems(options);
        return problems.IsEmpty ? parts : Fail<string, RaftPlan>(problems.Strict());
    }

    /// <summary>What the wire and the node would refuse.</summary>
    private Seq<string> Problems => Wire.Problems
        + Founders.Match(founders => Settings.Problems(Self, founders), Settings.Problems);

    private static Validation<string, ClusterId> ClusterOf(RaftOptions options)
    {
        try
        {
            return Success<string, ClusterId>(new(options.Cluster));
        }
        catch (ArgumentException wrong)
        {
            return Fail<string, ClusterId>($"{nameof(options.Cluster)} is '{options.Cluster}': {WithoutName(wrong)}");
        }
    }

    private static Validation<string, NodeId> SelfOf(RaftOptions options, string hostName) =>
        (options.Id, options.IdFromHostName) switch
        {
            ({ } id, false) => Success<string, NodeId>(new(id)),
            (null, true) => Words.IdOf(hostName),
            ({ } id, true) => Fail<string, NodeId>(
                $"{nameof(options.Id)} is {id}, and {nameof(options.IdFromHostName)} is set: only one of them can be"),
            (null, false) => Fail<string, NodeId>(
                $"{nameof(options.Id)} is missing: give it, or set {nameof(options.IdFromHostName)}"),
        };

    private static Validation<string, Map<NodeId, EndPoint>> PeersOf(RaftOptions options)
    {
        if (options.Peers.Count == 0)
            return Fail<string, Map<NodeId, EndPoint>>(
                $"{nameof(options.Peers)} is empty: it must have the address of every node, this one included");

        return toSeq(options.Peers).Fold(Success<string, Map<NodeId, EndPoint>>([]), (known, peer) =>
            (known, Words.Id(peer.Key), Words.Address($"{nameof(options.Peers)}:{peer.Key}", peer.Value))
            .Apply((all, id, address) => (All: all, Id: id, Address: address))
            .Bind(next => next.All.ContainsKey(next.Id)
                ? Fail<string, Map<NodeId, EndPoint>>(
                    $"{nameof(options.Peers)} has {next.Id} twice, also as '{peer.Key}'")
                : Success<string, Map<NodeId, EndPoint>>(next.All.Add(next.Id, next.Address))));
    }

    private static Validation<string, Option<TlsOptions>> TlsOf(RaftOptions options)
    {
        if (options.Tls is not { } tls) return Success<string, Option<TlsOptions>>(None);

        var missing = Seq((nameof(tls.Certificate), tls.Certificate), (nameof(tls.Key), tls.Key),
                (nameof(tls.Authority), tls.Authority))
            .Filter(file => !File.Exists(file.Item2))
            .Map(file => $"{nameof(options.Tls)}:{file.Item1} is '{file.Item2}': there is no such file").Strict();
        if (!missing.IsEmpty) return Fail<string, Option<TlsOptions>>(missing);

        try
        {
            return Success<string, Option<TlsOptions>>(TlsOptions.FromPem(tls.Certificate, tls.Key, tls.Authority));
        }
        catch (Exception wrong) when (wrong is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return Fail<string, Option<TlsOptions>>($"{nameof(options.Tls)} is {nameof(tls.Certificate)} "
                + $"'{tls.Certificate}', {nameof(tls.Key)} '{tls.Key}', {nameof(tls.Authority)} '{tls.Authority}': "
                + wrong.Message);
        }
    }

    private static TcpWireOptions WireOf(RaftOptions options, TcpWireOptions wire) => wire with
    {
        AllowPlaintext   = options.AllowPlaintext,
        MaxFrameBytes    = options.Wire.MaxFrameBytes,
        MaxQueuedBytes   = options.Wire.MaxQueuedBytes,
        MaxHandshakes    = options.Wire.MaxHandshakes,
        HandshakeTimeout = options.Wire.HandshakeTimeout,
        FrameTimeout     = options.Wire.FrameTimeout,
        SilenceTimeout   = options.Wire.SilenceTimeout,
        MinBackOff       = options.Wire.MinBackOff,
        MaxBackOff       = options.Wire.MaxBackOff,
    };

    private static Settings SettingsOf(RaftOptions options) => new(
        options.ElectionTimeoutMin, options.ElectionTimeoutMax, options.HeartbeatInterval, options.ClockDriftBound,
        Seed: null)
    {
        ForwardProposals = options.ForwardProposals,
        LeaseReads       = options.LeaseReads,
        Limits           = options.Limits,
        Snapshots        = options.Snapshots,
    };

    private static Seq<string> OwnProblems(RaftOptions options) =>
        Seq<(bool Wrong, string Words)>(
            (options.Health.MaxLag < 0, Say.Invariant(
                $"{nameof(options.Health)}:{nameof(options.Health.MaxLag)} is {options.Health.MaxLag}: at least 0")),
            (options.DataDirectory is { Length: 0 },
                $"{nameof(options.DataDirectory)} is '': leave it out to keep everything in memory"))
        .Filter(problem => problem.Wrong).Map(problem => problem.Words)
        .Concat(Seq((nameof(options.HandOverTimeout), options.HandOverTimeout),
            (nameof(options.LeaderServicePause), options.LeaderServicePause),
            ($"{nameof(options.Health)}:{nameof(options.Health.MaxWriteTime)}", options.Health.MaxWriteTime))
            .Choose(NoTime))
        .Concat(options.Disk.Problems.Map(problem => $"{nameof(options.Disk)}:{problem}"))
        .Concat(Optional(options.Journal).ToSeq().Bind(journal => JournalProblems(options, journal))).Strict();

    private static Seq<string> JournalProblems(RaftOptions options, RaftJournalOptions journal) =>
        DirectoryProblem(options, journal.Directory).ToSeq().Concat(journal.Limits.Problems)
            .Map(problem => $"{nameof(options.Journal)}:{problem}");

    private static Option<string> DirectoryProblem(RaftOptions options, string directory) =>
        directory.Length == 0 ? "Directory is '': it must be given, the node's own"
        : options.DataDirectory is { Length: > 0 } data && Same(data, directory)
            ? $"Directory is '{directory}', which is {nameof(options.DataDirectory)}: it must be another"
        : None;

    private static bool Same(string directory, string other) =>
        Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory))
        == Path.TrimEndingDirectorySeparator(Path.GetFullPath(other));

    private static Option<string> NoTime((string Name, TimeSpan Value) time) =>
        time.Value > TimeSpan.Zero && time.Value <= TimeSpan.FromDays(1)
            ? None
            : $"{time.Name} is {time.Value}: it must be above 0, and a day at most";

    private static string WithoutName(ArgumentException wrong) =>
        wrong.Message.Replace($" (Parameter '{wrong.ParamName}')", "", StringComparison.Ordinal);
}
