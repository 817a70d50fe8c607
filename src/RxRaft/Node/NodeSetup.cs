using System.Reactive.Concurrency;

namespace RxRaft;

/// <summary>What a node is started with.</summary>
/// <param name="Self">The node's own id.</param>
/// <param name="Founders">The cluster as it begins; none for a node that joins one.</param>
/// <param name="Wire">The way to the others.</param>
/// <param name="Disk">The node's own.</param>
/// <param name="Settings">As its user gave them.</param>
/// <param name="Threads">
/// Makes the node's threads, once everything else is right; told how to see whether at most one client waits.
/// </param>
internal sealed record NodeSetup(
    NodeId Self, Option<Configuration> Founders, IWire Wire, IDisk Disk, Settings Settings,
    Func<Func<bool>, RaftNodeThreads> Threads)
{
    /// <summary>The algorithm; in tests that show what its rules are for, a variant of it.</summary>
    public Func<NodeState, Input, Transition> Step { get; init; } = Raft.Step;

    /// <summary>Comes between the node and what it has done: in simulations, which may crash it there.</summary>
    public Func<Func<Effect, IObservable<Input>>, Func<Effect, IObservable<Input>>> Around { get; init; } =
        static perform => perform;

    /// <summary>What is wrong with a node 0, which a number that was never set would be.</summary>
    public const string IdsBegin = "the ids of nodes begin at 1";

    /// <summary>Who looks on from the first step, if anybody does.</summary>
    public INodeWatch? Watch { get; init; }

    /// <summary>What records every step, if anything does.</summary>
    public Journal? Journal { get; init; }

    /// <summary>As users say it.</summary>
    public static NodeSetup Of(
        NodeId self, Option<Configuration> founders, IWire wire, IDisk disk, Settings? settings, IScheduler? scheduler,
        Journal? journal = null, bool answersInPlace = false)
    {
        ArgumentNullException.ThrowIfNull(wire);
        ArgumentNullException.ThrowIfNull(disk);

        return new(self, founders, wire, disk, settings ?? Settings.Default, alone =>
            (scheduler is null ? RaftNodeThreads.OfItsOwn(self, alone) : RaftNodeThreads.Around(scheduler))
            .AnsweringInPlace(answersInPlace))
        {
            Journal = journal,
        };
    }

    /// <summary>This with a seed, if it is right.</summary>
    /// <exception cref="ArgumentException">It is not; the message names everything that is wrong.</exception>
    public NodeSetup Checked()
    {
        var problems = Founders.Match(
                founders => Settings.Problems(Self, founders).Concat(Unreachables(founders)), Settings.Problems)
            .Concat(Wire.Self == Self ? Seq<string>() : Seq1($"Self is {Self}, and the wire is that of {Wire.Self}"))
            .Concat(Self == default ? Seq1($"Self is {Self}: {IdsBegin}") : [])
            .Concat(Founders.Filter(founders => founders.Members.Contains(default)).ToSeq()
                .Map(founders => $"The configuration ({founders}) contains {default(NodeId)}: {IdsBegin}"))
            .Concat(Disk.Owner.Filter(owner => owner != Self).ToSeq()
                .Map(owner => $"Self is {Self}, and the disk is that of {owner}"))
            .Concat(LargestMessages.Problems(Settings.Limits, Wire.MaxMessageBytes))
            .Strict();
        if (!problems.IsEmpty) throw new ArgumentException(string.Join("; ", problems));

        return this with
        {
            Settings = Settings with { Seed = Settings.Seed ?? unchecked((ulong)Random.Shared.NextInt64()) },
        };
    }

    private Seq<string> Unreachables(Configuration founders) =>
        toSeq(founders.Members).Filter(member => member != Self && !Wire.Knows(member))
            .Map(member => $"The configuration ({founders}) contains {member}, which the wire does not know");
}
