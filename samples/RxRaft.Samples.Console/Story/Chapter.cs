namespace RxRaft.Samples;

/// <summary>A piece of a story: something is done to the cluster, and something is hoped for.</summary>
/// <param name="Opening">Says what is about to be done.</param>
/// <param name="Act">Does it.</param>
/// <param name="Hope">What should come of it, in words.</param>
/// <param name="Fulfilled">Whether it has.</param>
/// <param name="Lasting">For how long it must stay so.</param>
internal sealed record Chapter(
    Func<Stage, string> Opening,
    Action<Stage> Act,
    Func<Stage, string> Hope,
    Func<Stage, bool> Fulfilled,
    TimeSpan Lasting);

/// <summary>Where a story plays, and what it remembers from one chapter to the next.</summary>
internal sealed class Stage(World world)
{
    public World World { get; } = world;

    /// <summary>Who led before the network failed.</summary>
    public NodeId Old { get; set; }

    /// <summary>Who leads since, and in which term.</summary>
    public NodeId New { get; set; }

    /// <inheritdoc cref="New"/>
    public Term NewTerm { get; set; }

    /// <summary>The two that are cut off when the quorum is lost.</summary>
    public Seq<NodeId> Missing { get; set; } = [];

    /// <summary>The leader of the latest term.</summary>
    public NodeId Leader => World.Leader.IfNone(() => throw new InvalidOperationException("nobody leads"));

    /// <summary>Whether one of these leads, and all of them follow it in its term.</summary>
    public bool FollowOne(Seq<NodeId> nodes) => World.Leader.Exists(leader =>
        nodes.Contains(leader) && nodes.ForAll(node => Follows(node, leader, World.StateOf(leader).CurrentTerm)));

    /// <summary>Whether a node knows this leader in this term.</summary>
    public bool Follows(NodeId node, NodeId leader, Term term) =>
        World.StateOf(node) is var state && state.CurrentTerm == term && state.LeaderId == leader;

    /// <summary>Everybody but some.</summary>
    public Seq<NodeId> AllBut(params ReadOnlySpan<NodeId> some)
    {
        var others = toSeq(some.ToArray());
        return World.Nodes.Filter(node => !others.Contains(node)).Strict();
    }
}
