using static System.FormattableString;

namespace RxRaft.Samples;

/// <summary>What one node of a cluster of processes knows at one moment, immutable.</summary>
/// <param name="At">Since the node was started.</param>
/// <param name="State">The node after its latest step.</param>
/// <param name="SinceStep">How long ago that was.</param>
/// <param name="Count">How far its state machine has counted.</param>
/// <param name="Links">Its connections.</param>
/// <param name="Named">Nodes that it was started with, members or not.</param>
/// <param name="Wire">What its wire has done.</param>
internal sealed record Sight(
    TimeSpan At, NodeState State, TimeSpan SinceStep, long Count, Map<NodeId, Link> Links, Seq<NodeId> Named,
    WireCounters Wire)
{
    /// <summary>Everybody it has heard of, itself included, in the order of their ids.</summary>
    public Seq<NodeId> Nodes =>
        toSeq(toSet(Named.Concat(toSeq(Links.Keys))).Union(State.Configuration.Members)).Strict();

    /// <summary>What it waits for, the most telling first.</summary>
    public Seq<Countdown> Countdowns => Countdown.Of(State, until => until - State.Now - SinceStep);

    /// <summary>LEADER, follower and so on.</summary>
    public string Role => State.Role switch
    {
        _ when State.IsBlank => "waiting",
        RxRaft.Role.Leader => "LEADER",
        RxRaft.Role.Candidate => "candidate",
        RxRaft.Role.PreCandidate => "pre-cand.",
        _ when State.IsVoter => "follower",
        _ when State.Configuration.Members.Contains(State.Self) => "learner",
        _ => "removed",
    };

    /// <summary>What it knows another node to be.</summary>
    public string RoleOf(NodeId other) =>
        State.LeaderId == other ? "LEADER"
        : State.Configuration.IsVoter(other) ? "voter"
        : State.Configuration.Members.Contains(other) ? "learner"
        : "outsider";

    /// <summary>What it knows of another's log; only a leader knows anything.</summary>
    public Option<Progress> ProgressOf(NodeId other) =>
        State.Role is RxRaft.Role.Leader leader ? leader.Followers.Find(other) : None;

    /// <summary>For who asks for it in a line.</summary>
    public override string ToString() => Invariant(
        $"{Role} in {State.CurrentTerm}, leader {Name(State.LeaderId)}, log {State.LastLog}, ")
        + Invariant($"commit {State.CommitIndex}, count {Count}, {State.Configuration}");

    public static string Name(Option<NodeId> node) => node.Match(id => $"{id}", () => "-");
}
