using System.Collections.Generic;

namespace RxRaft.Hosting;

/// <summary>A node of a cluster, as a configuration section describes it.</summary>
/// <remarks>
/// Everything is checked when the host starts; what is wrong is refused with its name and value, and so is a name that
/// is none of these.
/// </remarks>
public sealed class RaftOptions
{
    /// <summary>The cluster's name, the same at every node; see <see cref="ClusterId"/>. It must be given.</summary>
    public string Cluster { get; set; } = "";

    /// <summary>The node's own id, unique in the cluster. Either this or <see cref="IdFromHostName"/>.</summary>
    public ulong? Id { get; set; }

    /// <summary>
    /// Takes the node's id from the name of its host: one more than the number at the end of it. The pods of a
    /// Kubernetes StatefulSet, kv-0, kv-1 and kv-2, are the nodes 1, 2 and 3.
    /// </summary>
    public bool IdFromHostName { get; set; }

    /// <summary>What <see cref="IdFromHostName"/> makes of a host's name: kv-0 and kv-0.kv.default are 1.</summary>
    /// <returns>None if it does not end in a hyphen and a number.</returns>
    public static ulong? IdOf(string hostName)
    {
        ArgumentNullException.ThrowIfNull(hostName);
        return Words.IdOf(hostName).Case is NodeId id ? id.Value : null;
    }

    /// <summary>Where others reach this node: an IP address and a port, such as 0.0.0.0:7000.</summary>
    public string Listen { get; set; } = "";

    /// <summary>
    /// Every node's address by its id, this one included: a host or an IP address, and a port. Host names are looked
    /// up at every attempt to connect. These are the cluster's first members; once there is something on its disk, the
    /// node knows the members from there, and only takes the addresses from here.
    /// </summary>
    public Dictionary<string, string> Peers { get; } = [];

    /// <summary>
    /// Whether the node is to join a cluster that exists: on a new disk it waits until the leader was told to add it.
    /// </summary>
    public bool Join { get; set; }

    /// <summary>
    /// The node's own directory, for its log and snapshots. Without one they are in memory, and a node that starts
    /// again has forgotten its vote: for tests only.
    /// </summary>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// Records everything that happens to the node, so that it can be replayed; see <see cref="RxRaft.Journal"/>.
    /// None: nothing is recorded.
    /// </summary>
    public RaftJournalOptions? Journal { get; set; }

    /// <summary>How the disk is laid out.</summary>
    public FileDiskOptions Disk { get; set; } = new();

    /// <summary>The files with which nodes show each other who they are. None: plain text.</summary>
    public RaftTlsOptions? Tls { get; set; }

    /// <inheritdoc cref="TcpWireOptions.AllowPlaintext"/>
    public bool AllowPlaintext { get; set; }

    /// <summary>The limits of the connections.</summary>
    public RaftWireOptions Wire { get; set; } = new();

    /// <summary>The shortest time without a leader before an election. By default 150 ms.</summary>
    public TimeSpan ElectionTimeoutMin { get; set; } = Settings.Default.ElectionTimeoutMin;

    /// <summary>The longest time without a leader before an election. By default 300 ms.</summary>
    public TimeSpan ElectionTimeoutMax { get; set; } = Settings.Default.ElectionTimeoutMax;

    /// <summary>How often a leader says that it is there. By default every 50 ms.</summary>
    public TimeSpan HeartbeatInterval { get; set; } = Settings.Default.HeartbeatInterval;

    /// <summary>By how large a fraction the rates of two nodes' clocks differ at most. By default 0.05.</summary>
    public double ClockDriftBound { get; set; } = Settings.Default.ClockDriftBound;

    /// <inheritdoc cref="Settings.ForwardProposals"/>
    public bool ForwardProposals { get; set; } = true;

    /// <inheritdoc cref="Settings.LeaseReads"/>
    public bool LeaseReads { get; set; }

    /// <summary>
    /// Whether who proposes or reads goes on where the answer becomes known, which is on the node's own threads: for
    /// callers who do little before they wait again; see answersInPlace of RaftNode.Start. By default off.
    /// </summary>
    public bool AnswersInPlace { get; set; }

    /// <summary>How much of everything the node takes on.</summary>
    public Limits Limits { get; set; } = new();

    /// <summary>When the node takes snapshots.</summary>
    public SnapshotPolicy Snapshots { get; set; } = new();

    /// <summary>
    /// Whether a leader whose host stops hands over first. By default on; off where all nodes stop at the same time,
    /// and nobody is left to take over.
    /// </summary>
    public bool HandOverWhenStopped { get; set; } = true;

    /// <summary>
    /// How long a host that stops waits for each leader service to return, and then for another node to take over.
    /// By default 5 s; the host's own limit (30 s by default) ends both.
    /// </summary>
    public TimeSpan HandOverTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a leader service that failed waits until it runs again. By default 5 s.</summary>
    public TimeSpan LeaderServicePause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Whether a node that halts stops its host, so that both are started again. By default on. It also sets
    /// <see cref="Environment.ExitCode"/> to 1, unless that is set already; a <c>Main</c> that returns a code of its
    /// own looks at <see cref="RaftNode.Completion"/>.
    /// </summary>
    public bool StopHostWhenHalted { get; set; } = true;

    /// <summary>What the health check takes for sound.</summary>
    public RaftHealthOptions Health { get; set; } = new();
}

/// <summary>Where a node's inputs are recorded, and how much of them; see <see cref="JournalOptions"/>.</summary>
public sealed class RaftJournalOptions
{
    /// <summary>The journal's own directory, made if it is not there. It must be given.</summary>
    public string Directory { get; set; } = "";

    /// <inheritdoc cref="JournalOptions.MaxBytes"/>
    public long MaxBytes { get; set; } = JournalOptions.Default.MaxBytes;

    /// <inheritdoc cref="JournalOptions.MaxWaiting"/>
    public int MaxWaiting { get; set; } = JournalOptions.Default.MaxWaiting;

    /// <inheritdoc cref="JournalOptions.DigestInterval"/>
    public TimeSpan DigestInterval { get; set; } = JournalOptions.Default.DigestInterval;

    /// <summary>As the journal takes them.</summary>
    internal JournalOptions Limits =>
        new() { MaxBytes = MaxBytes, MaxWaiting = MaxWaiting, DigestInterval = DigestInterval };
}

/// <summary>Paths of PEM files; see <see cref="TlsOptions.FromPem"/>.</summary>
public sealed class RaftTlsOptions
{
    /// <summary>The node's own certificate; those between it and its authority may follow in the file.</summary>
    public string Certificate { get; set; } = "";

    /// <summary>Its private key, not encrypted.</summary>
    public string Key { get; set; } = "";

    /// <summary>The authority's certificates.</summary>
    public string Authority { get; set; } = "";
}

/// <summary>The limits of a node's connections; see <see cref="TcpWireOptions"/>.</summary>
public sealed class RaftWireOptions
{
    /// <inheritdoc cref="TcpWireOptions.MaxFrameBytes"/>
    public int MaxFrameBytes { get; set; } = 4 << 20;

    /// <inheritdoc cref="TcpWireOptions.MaxQueuedBytes"/>
    public int MaxQueuedBytes { get; set; } = 16 << 20;

    /// <inheritdoc cref="TcpWireOptions.MaxHandshakes"/>
    public int MaxHandshakes { get; set; } = 64;

    /// <inheritdoc cref="TcpWireOptions.HandshakeTimeout"/>
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <inheritdoc cref="TcpWireOptions.FrameTimeout"/>
    public TimeSpan FrameTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <inheritdoc cref="TcpWireOptions.SilenceTimeout"/>
    public TimeSpan SilenceTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc cref="TcpWireOptions.MinBackOff"/>
    public TimeSpan MinBackOff { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc cref="TcpWireOptions.MaxBackOff"/>
    public TimeSpan MaxBackOff { get; set; } = TimeSpan.FromSeconds(1);
}

/// <summary>What the health check takes for sound. Beyond it the node is degraded.</summary>
public sealed class RaftHealthOptions
{
    /// <summary>Entries of the log that the state machine has not applied yet, inclusive. By default 10,000.</summary>
    public long MaxLag { get; set; } = 10_000;

    /// <summary>How long a write to the disk may take. By default 1 s.</summary>
    public TimeSpan MaxWriteTime { get; set; } = TimeSpan.FromSeconds(1);
}
