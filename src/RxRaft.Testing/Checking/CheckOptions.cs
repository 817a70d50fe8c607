namespace RxRaft.Testing.Checking;

/// <summary>What the model checker is to check.</summary>
public sealed record CheckOptions
{
    /// <summary>Who is in the cluster. By default three voters, S1 to S3.</summary>
    public Configuration Configuration { get; init; } = Configuration.Of(1, 2, 3);

    /// <summary>Nodes that are not in it yet: they wait until a change of members adds them. By default none.</summary>
    public Set<NodeId> Newcomers { get; init; } = [];

    /// <summary>What is on the disks at first. By default nothing.</summary>
    public Map<NodeId, PersistentState> Disks { get; init; } = [];

    /// <summary>
    /// Of every node. Spans of time count only in that one may pass before another; leases are never held.
    /// </summary>
    public Settings Settings { get; init; } = Settings.Default;

    /// <summary>How far to go.</summary>
    public Bounds Bounds { get; init; } = new();

    /// <summary>
    /// The algorithm. By default the one that ships, <see cref="Raft.Step"/>; else a variant, to see what its rules
    /// are for. It must be pure: it is asked once for each state of a node and input. One that treats nodes differently
    /// needs <see cref="Symmetry"/> to be off.
    /// </summary>
    public Func<NodeState, Input, Transition> Step { get; init; } = Raft.Step;

    /// <summary>What clients propose, one after the other, from the beginning again when there is no more.</summary>
    public Seq<ReadOnlyMemory<byte>> Commands { get; init; } = [];

    /// <summary>The changes of members that are asked for, in this order, each of any node that leads.</summary>
    public Seq<MembershipChange> Changes { get; init; } = [];

    /// <summary>
    /// A property of one's own: told the entries that are committed, whenever they become more, it says what is wrong
    /// with them. By default nothing is. It must be pure. What only snapshots on <see cref="Disks"/> stand for, nobody
    /// knows.
    /// </summary>
    public Func<Seq<Entry>, Option<string>> Property { get; init; } = static _ => None;

    /// <summary>Whether states that differ only in the names of nodes are one. By default they are.</summary>
    public bool Symmetry { get; init; } = true;

    /// <summary>
    /// Whether replies are forgotten that Raft has no use for: of earlier terms than the receiver's, to what it no
    /// longer asks, and refusals of votes. By default they are; for a variant of the algorithm that does not ignore
    /// them, they should not be.
    /// </summary>
    public bool ForgetsIdleReplies { get; init; } = true;

    /// <summary>
    /// Whether the messages of pre-elections (§9.6) are late and lost like others. By default they are. If not, there
    /// are none: every pre-election either is won at once, or teaches the asker a newer term that somebody is in. That
    /// allows more than pre-votes do, for far fewer states.
    /// </summary>
    public bool PreVotes { get; init; } = true;

    /// <summary>
    /// From one in so many states, chosen by their hash: when nothing more goes wrong, somebody is elected and commits
    /// within 1,000 inputs. By default none; 1 is every state.
    /// </summary>
    public int HealOneIn { get; init; }

    /// <summary>How many threads search. By default as many as there are cores.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Is told how the search goes, every so often and at its end.</summary>
    public Action<CheckProgress>? Progress { get; init; }

    /// <summary>How often that is. By default every ten seconds.</summary>
    public TimeSpan ProgressEvery { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What cannot be, each with its value.</summary>
    public Seq<string> Problems => ProblemsWith(static name => name);

    /// <summary>The same, for who knows the options and bounds by other names.</summary>
    /// <param name="named">What one is called there, from its name here.</param>
    public Seq<string> ProblemsWith(Func<string, string> named)
    {
        ArgumentNullException.ThrowIfNull(named);
        var changes = named(nameof(Changes));
        return Bounds.ProblemsWith(named)
            .Concat(Nodes.Bind(node => Settings.Problems(node, Everybody)).Distinct())
            .Concat(When(Nodes.Count > 7, $"there are {Nodes.Count} nodes: at most 7 can be checked"))
            .Concat(When(Bounds.Changes > Changes.Count,
                $"Bounds.{changes} is {Bounds.Changes}, and {changes} holds {Changes.Count}"))
            .Concat(Strangers(changes, Changes.Bind(Named)))
            .Concat(Strangers(named(nameof(Disks)), toSeq(Disks.Keys)))
            .Concat(When(Workers < 1, $"{named(nameof(Workers))} is {Workers}: it must be at least 1"))
            .Concat(When(HealOneIn < 0, $"{named(nameof(HealOneIn))} is {HealOneIn}: it must be at least 0"))
            .Strict();
    }

    internal Seq<NodeId> Nodes => toSeq(Configuration.Members.Union(Newcomers));

    private Configuration Everybody => new Configuration.Simple(Configuration.Members.Union(Newcomers), []);

    private static Seq<NodeId> Named(MembershipChange change) =>
        change is MembershipChange.Remove(var node) ? Seq1(node) : change.Newcomers;

    private Seq<string> Strangers(string option, Seq<NodeId> named) => named.Distinct()
        .Filter(node => !Nodes.Exists(known => known == node))
        .Map(node => $"{option} names {node}, which is neither a member nor a newcomer").Strict();

    private static Seq<string> When(bool wrong, FormattableString problem) =>
        wrong ? Seq1(Say.Invariant(problem)) : [];
}

/// <summary>How a search goes.</summary>
/// <param name="States">How many different ones were found.</param>
/// <param name="Transitions">How many steps from one to another were taken.</param>
/// <param name="Depth">Of the level whose states are being gone on from.</param>
/// <param name="Frontier">How many states that level has.</param>
/// <param name="Left">How many of them have not been gone on from yet.</param>
/// <param name="Elapsed">Since the search began.</param>
public sealed record CheckProgress(
    long States, long Transitions, int Depth, long Frontier, long Left, TimeSpan Elapsed)
{
    /// <summary>States found in a second, from the beginning on.</summary>
    public double Rate => Elapsed > TimeSpan.Zero ? States / Elapsed.TotalSeconds : 0;

    /// <summary>How long the rest of the level takes, at that rate; how many levels there are nobody knows.</summary>
    public TimeSpan LevelTakes => Rate > 0 ? TimeSpan.FromSeconds(Left / Rate) : TimeSpan.Zero;

    /// <summary>depth 31, 1,234,567 states, 98,765 a second, frontier 54,321 (12,345 left, 1 s).</summary>
    public override string ToString() => Say.Invariant(
        $"depth {Depth}, {States:N0} states, {Rate:N0} a second, ")
        + Say.Invariant($"frontier {Frontier:N0} ({Left:N0} left, {LevelTakes.TotalSeconds:N0} s)");
}
