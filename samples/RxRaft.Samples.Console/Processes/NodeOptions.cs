using System.Net;

namespace RxRaft.Samples;

/// <summary>One node of a cluster whose nodes are processes.</summary>
/// <param name="Self">Which.</param>
/// <param name="Cluster">Where every node listens: the first members, this one among them.</param>
/// <param name="Listen">Where this one does.</param>
/// <param name="Data">The directory that is its disk.</param>
internal sealed record NodeOptions(NodeId Self, Map<NodeId, EndPoint> Cluster, IPEndPoint Listen, string Data)
{
    public static readonly ClusterId DefaultName = new("console");

    /// <summary>Elections after 150-300 ms, a heartbeat every third of the minimum.</summary>
    public static readonly Settings DefaultSettings = Electing(
        Settings.Default.ElectionTimeoutMin, Settings.Default.ElectionTimeoutMax);

    /// <summary>What keeps the processes of other clusters out.</summary>
    public ClusterId Name { get; init; } = DefaultName;

    /// <summary>Whether it is to be added to a cluster that runs, rather than one of the first members.</summary>
    public bool Join { get; init; }

    public Option<TlsFiles> Tls { get; init; }

    /// <summary>Whether plain text may leave this host.</summary>
    public bool AllowPlaintext { get; init; }

    public Settings Settings { get; init; } = DefaultSettings;

    /// <summary>The directory that every step is recorded in.</summary>
    public Option<string> Journal { get; init; }

    /// <summary>Lines, also where there is a terminal.</summary>
    public bool Plain { get; init; }

    /// <summary>Whether the end of standard input is the end of the node: its parent has gone.</summary>
    public bool WithParent { get; init; }

    public static Settings Electing(TimeSpan min, TimeSpan max) =>
        Settings.Default with { ElectionTimeoutMin = min, ElectionTimeoutMax = max, HeartbeatInterval = min / 3 };

    /// <summary>The arguments that start this node as the child of a process that watches it.</summary>
    public Seq<string> AsChild() =>
        Seq("node", "--id", $"{Self.Value}", "--cluster", Address.List(Cluster), "--data", Data, "--name", $"{Name}")
            .Concat(Seq(
                "--election-ms",
                $"{Settings.ElectionTimeoutMin.TotalMilliseconds}-{Settings.ElectionTimeoutMax.TotalMilliseconds}"))
            .Concat(Join ? Seq1("--join") : [])
            .Concat(Journal.Map(directory => Seq("--journal", directory)).IfNone([]))
            .Concat(Seq("--plain", "--with-parent")).Strict();
}

/// <summary>A cluster of processes on this host, the others started by the first.</summary>
/// <param name="Processes">How many at first.</param>
/// <param name="Data">The directory whose subdirectories, 1 and so on, are their disks.</param>
/// <param name="Port">Of the first node, and those of the others follow; none for any that are free.</param>
internal sealed record ClusterOptions(int Processes, string Data, Option<int> Port, ClusterId Name, Settings Settings)
{
    /// <summary>The directory whose subdirectories, 1 and so on, are their journals.</summary>
    public Option<string> Journal { get; init; }
}
