namespace RxRaft.Testing;

/// <summary>What a world is made of.</summary>
public sealed record WorldOptions
{
    /// <summary>Who is in the cluster. By default five voters, S1 to S5.</summary>
    public Configuration Configuration { get; init; } = Configuration.Of(1, 2, 3, 4, 5);

    /// <summary>Nodes that are not in it yet: they wait until somebody adds them. By default none.</summary>
    public Set<NodeId> Newcomers { get; init; } = [];

    /// <summary>Where all chance comes from. By default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Of every node. Their seed is replaced: each start of a node gets one from the world's.</summary>
    public Settings Settings { get; init; } = Settings.Default;

    /// <summary>
    /// What a node makes of them, as while operators change them node by node. By default nothing; only
    /// <see cref="Settings.Limits"/> may differ without harm.
    /// </summary>
    public Func<NodeId, Settings, Settings> Differing { get; init; } = (_, settings) => settings;

    /// <summary>Of the wire. By default it is fast and reliable.</summary>
    public WireFaults Wire { get; init; } = WireFaults.None;

    /// <summary>Of every disk. By default fast.</summary>
    public DiskFaults Disk { get; init; } = DiskFaults.None;

    /// <summary>
    /// By how large a fraction the rates of two nodes' clocks differ at most, drawn for each node. By default 2 %;
    /// leases are only safe up to <see cref="Settings.ClockDriftBound"/>.
    /// </summary>
    public double ClockDrift { get; init; } = 0.02;

    /// <summary>
    /// The algorithm. By default the one that ships, <see cref="Raft.Step"/>; else a variant, to see what its rules
    /// are for.
    /// </summary>
    public Func<NodeState, Input, Transition> Step { get; init; } = Raft.Step;

    /// <summary>
    /// What records each node, through all its starts; by default nothing does. Whoever makes them disposes of them,
    /// after the world.
    /// </summary>
    public Func<NodeId, Journal?> Journal { get; init; } = _ => null;

    /// <summary>How a node starts: by default without a state machine.</summary>
    internal Func<NodeSetup, RaftNode> Launch { get; init; } = RaftNode.Start;

    /// <summary>
    /// The same with a replicated state machine on every node; <see cref="World.Node"/> gives them with their types.
    /// </summary>
    public WorldOptions With<TState, TCommand, TResult>(IMachine<TState, TCommand, TResult> machine) =>
        this with { Launch = setup => RaftNode.Start(setup, machine) };

    /// <summary>A cluster of voters S1 to Sn.</summary>
    public static WorldOptions Of(int nodes, ulong seed) => new()
    {
        Configuration = Configuration.OfNodes(toSeq(Range(1, nodes)).Map(id => new NodeId((ulong)id))),
        Seed = seed,
    };
}
