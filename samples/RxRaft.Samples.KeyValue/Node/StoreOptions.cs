using System.Net;
using Microsoft.Extensions.Logging;

namespace RxRaft.Samples.KeyValue;

/// <summary>One node of the store.</summary>
/// <param name="Self">Which.</param>
/// <param name="Cluster">Where the nodes listen to each other: the first members.</param>
/// <param name="Clients">Where the nodes listen to clients.</param>
/// <param name="Data">The directory that is its disk.</param>
internal sealed record StoreOptions(
    NodeId Self, Map<NodeId, EndPoint> Cluster, Map<NodeId, EndPoint> Clients, string Data)
{
    public static readonly ClusterId DefaultName = new("kv");

    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Elections after 150-300 ms.</summary>
    public static readonly Settings DefaultSettings = Electing(
        Settings.Default.ElectionTimeoutMin, Settings.Default.ElectionTimeoutMax);

    /// <summary>What keeps the nodes of other clusters out.</summary>
    public ClusterId Name { get; init; } = DefaultName;

    /// <summary>Where this node listens to the others.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>Where this node listens to clients.</summary>
    public required IPEndPoint ListenClients { get; init; }

    /// <summary>Whether it is to be added to a cluster that runs, rather than one of the first members.</summary>
    public bool Join { get; init; }

    public Option<TlsFiles> Tls { get; init; }

    /// <summary>Whether what nodes tell each other may leave this host in plain text.</summary>
    public bool AllowPlaintext { get; init; }

    /// <summary>What clients have to show; without one only this host's are heard.</summary>
    public Option<string> Password { get; init; }

    /// <summary>How long a client waits for a leader, and for an answer.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    public Settings Settings { get; init; } = DefaultSettings;

    /// <summary>Whether the end of standard input is the end of the node: its parent has gone.</summary>
    public bool WithParent { get; init; }

    /// <summary>How long a node that stops waits for what clients have asked; not long if all end at once.</summary>
    public TimeSpan Drain => TimeSpan.FromSeconds(WithParent ? 1 : 5);

    /// <summary>How much of the log is on standard error; none by default.</summary>
    public Option<LogLevel> Log { get; init; }

    public static Settings Electing(TimeSpan min, TimeSpan max) => Settings.Default with
    {
        ElectionTimeoutMin = min,
        ElectionTimeoutMax = max,
        HeartbeatInterval  = min / 6,           // it is also how long a client that was lost with its leader pauses
        Limits             = Limits.Default with { MaxCommandBytes = 2 << 20 },     // the largest request, and more
        Snapshots          = new() { Entries = 100_000, Bytes = 64 << 20 },         // read back in a second
    };
}
