namespace RxRaft;

/// <summary>The settings of a node; the same at every node of a cluster.</summary>
/// <param name="ElectionTimeoutMin">
/// Inclusive. No node that has heard from a leader helps to unseat it for this long (§4.2.3), and leases last almost
/// as long.
/// </param>
/// <param name="ElectionTimeoutMax">Inclusive. Each wait for a leader is drawn anew between the two (§3.4).</param>
/// <param name="HeartbeatInterval">How long a leader lets pass between two rounds of heartbeats.</param>
/// <param name="ClockDriftBound">
/// By how large a fraction the rates of two nodes' clocks differ at most. The lease is shorter by it: with 0.05, 5 %.
/// </param>
/// <param name="Seed">
/// Of the node's <see cref="Randomness"/>. Nodes may share it. None: whoever starts the node draws one, as is right
/// outside of simulations; with one that is given, a node that lives through the same again does the same again.
/// </param>
public sealed record Settings(
    TimeSpan ElectionTimeoutMin,
    TimeSpan ElectionTimeoutMax,
    TimeSpan HeartbeatInterval,
    double ClockDriftBound,
    ulong? Seed)
{
    /// <summary>How much of everything the node takes on.</summary>
    public Limits Limits { get; init; } = Limits.Default;

    /// <summary>When it takes snapshots.</summary>
    public SnapshotPolicy Snapshots { get; init; } = SnapshotPolicy.Default;

    /// <summary>Whether a follower forwards proposals to the leader. By default it does.</summary>
    public bool ForwardProposals { get; init; } = true;

    /// <summary>
    /// Whether a leader serves reads while it holds its lease, without asking a quorum. Linearizable only as far as
    /// <see cref="ClockDriftBound"/> holds. By default off.
    /// </summary>
    /// <remarks>§6.4.1.</remarks>
    public bool LeaseReads { get; init; }

    /// <summary>
    /// Elections after 150-300 ms, a heartbeat every 50 ms, clocks within 5 %, a seed of the shell's choice.
    /// </summary>
    public static readonly Settings Default = new(
        ElectionTimeoutMin: TimeSpan.FromMilliseconds(150),
        ElectionTimeoutMax: TimeSpan.FromMilliseconds(300),
        HeartbeatInterval: TimeSpan.FromMilliseconds(50),
        ClockDriftBound: 0.05,
        Seed: null);

    /// <summary>
    /// How long after the start of a round of heartbeats that a quorum answered nobody else can have been elected.
    /// </summary>
    /// <remarks>
    /// §6.4.1. A follower's clock may run faster than the leader's: its minimum timeout less the drift bound.
    /// </remarks>
    public TimeSpan LeaseDuration => ElectionTimeoutMin * (1 - ClockDriftBound);

    /// <summary>
    /// What is wrong with these settings for a node, each problem named with the setting and its value.
    /// </summary>
    /// <param name="self">The node that is to run with them.</param>
    /// <param name="configuration">The cluster it is to be part of.</param>
    /// <returns>Empty when the node can start.</returns>
    public Seq<string> Problems(NodeId self, Configuration configuration) =>
        Problems().Concat(Configured(self, configuration)).Strict();

    /// <summary>What is wrong with these settings for any node, also one that is to join a cluster later.</summary>
    /// <returns>Empty when a node can start.</returns>
    public Seq<string> Problems() =>
        Seq<(bool Wrong, string Words)>(
            (ElectionTimeoutMin <= TimeSpan.Zero,
                $"{nameof(ElectionTimeoutMin)} is {Say.Milliseconds(ElectionTimeoutMin)}: it must be above 0 ms"),
            (ElectionTimeoutMax <= ElectionTimeoutMin,
                $"{nameof(ElectionTimeoutMax)} is {Say.Milliseconds(ElectionTimeoutMax)}: it must be above "
                + $"{nameof(ElectionTimeoutMin)}, {Say.Milliseconds(ElectionTimeoutMin)}, "
                + "or votes split for ever (§3.4)"),
            (ElectionTimeoutMax > Longest,
                $"{nameof(ElectionTimeoutMax)} is {Say.Milliseconds(ElectionTimeoutMax)}: it must be at most a day"),
            (HeartbeatInterval <= TimeSpan.Zero,
                $"{nameof(HeartbeatInterval)} is {Say.Milliseconds(HeartbeatInterval)}: it must be above 0 ms"),
            (HeartbeatInterval >= ElectionTimeoutMin,
                $"{nameof(HeartbeatInterval)} is {Say.Milliseconds(HeartbeatInterval)}: it must be below "
                + $"{nameof(ElectionTimeoutMin)}, {Say.Milliseconds(ElectionTimeoutMin)}, "
                + "or followers lose a living leader"),
            (ClockDriftBound is not (>= 0 and < 1),
                Say.Invariant($"{nameof(ClockDriftBound)} is {ClockDriftBound}: it must be at least 0 and below 1")))
            .Filter(problem => problem.Wrong).Map(problem => problem.Words)
            .Concat(Limits.Problems).Concat(Snapshots.Problems).Strict();

    /// <summary>What works but is not wise, each named with the setting and its value.</summary>
    public Seq<string> Warnings =>
        HeartbeatInterval > ElectionTimeoutMin / 2
            ? Seq1(
                $"{nameof(HeartbeatInterval)} is {Say.Milliseconds(HeartbeatInterval)}, above half of "
                + $"{nameof(ElectionTimeoutMin)}, {Say.Milliseconds(ElectionTimeoutMin)}: "
                + "one lost heartbeat can cost the leader its office")
            : [];

    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);    // keeps every deadline far from overflow

    private static Seq<string> Configured(NodeId self, Configuration configuration) => configuration switch
    {
        Configuration.Simple(var voters, var learners) =>
            NotEmpty("Voters", voters) + Apart("Voters", voters, learners) + Contains(self, configuration),
        Configuration.Joint(var old, var next, var learners) =>
            NotEmpty("Old", old) + NotEmpty("New", next)
            + Apart("New", next, learners) + Contains(self, configuration),
        _ => throw Unreachable.Case(configuration),
    };

    private static Seq<string> NotEmpty(string name, Set<NodeId> voters) =>
        voters.IsEmpty ? Seq1($"{name} is empty: a cluster needs at least one voter") : [];

    private static Seq<string> Apart(string name, Set<NodeId> voters, Set<NodeId> learners) =>
        voters.Intersect(learners) is { IsEmpty: false } both
            ? Seq1($"{name} and Learners both contain {Say.Nodes(both)}: a node is one or the other")
            : [];

    private static Seq<string> Contains(NodeId self, Configuration configuration) =>
        configuration.Members.Contains(self)
            ? []
            : Seq1($"Self is {self}, which is not in the configuration ({configuration})");
}
