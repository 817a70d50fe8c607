using System.Reactive.Concurrency;

namespace RxRaft;

/// <summary>What a node is started with.</summary>
/// <param name="Self">The node's own id.</param>
/// <param name="Configuration">The first members; none of a node that joins.</param>
/// <param name="Wire">The way to the others.</param>
/// <param name="Disk">The node's own.</param>
/// <param name="Settings">As its user gave them.</param>
/// <param name="Threads">Makes the node's threads, once everything else is right.</param>
internal sealed record NodeSetup(
    NodeId Self, Configuration Configuration, IWire Wire, IDisk Disk, Settings Settings, Func<RaftNodeThreads> Threads)
{
    /// <summary>The algorithm; in tests that show what its rules are for, a variant of it.</summary>
    public Func<NodeState, Input, Transition> Step { get; init; } = Raft.Step;

    /// <summary>As users say it.</summary>
    public static NodeSetup Of(
        NodeId self, Configuration configuration, IWire wire, IDisk disk, Settings? settings, IScheduler? scheduler)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(wire);
        ArgumentNullException.ThrowIfNull(disk);

        return new(self, configuration, wire, disk, settings ?? Settings.Default, () =>
            scheduler is null ? RaftNodeThreads.OfItsOwn(self) : RaftNodeThreads.Around(scheduler));
    }

    /// <summary>This with a seed, if it is right.</summary>
    /// <exception cref="ArgumentException">It is not; the message names everything that is wrong.</exception>
    public NodeSetup Checked()
    {
        var problems = (Configuration.IsNobody ? Settings.Problems() : Settings.Problems(Self, Configuration))
            .Concat(WireProblems).Strict();
        if (!problems.IsEmpty) throw new ArgumentException(string.Join("; ", problems));

        return this with
        {
            Settings = Settings with { Seed = Settings.Seed ?? unchecked((ulong)Random.Shared.NextInt64()) },
        };
    }

    private Seq<string> WireProblems =>
        toSeq(Configuration.Members).Filter(member => member != Self && !Wire.Knows(member))
            .Map(member => $"The configuration ({Configuration}) contains {member}, which the wire does not know")
            .Concat(Wire.Self == Self ? Seq<string>() : Seq1($"Self is {Self}, and the wire is that of {Wire.Self}"));
}
