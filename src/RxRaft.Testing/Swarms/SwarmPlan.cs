namespace RxRaft.Testing;

/// <summary>What one seed of a swarm is about. Everything follows from the seed.</summary>
/// <param name="Options">The cluster, its settings, wires, disks and clocks.</param>
/// <param name="Mix">What else goes wrong.</param>
/// <param name="Gusts">How often.</param>
/// <param name="Clients">How many there are at work.</param>
/// <remarks>
/// Groce et al., <i>Swarm Testing</i>, 2012: runs that each lack some kinds of trouble find more than runs that all
/// have a little of everything.
/// </remarks>
public sealed record SwarmPlan(WorldOptions Options, WeatherMix Mix, int Gusts, int Clients)
{
    private static readonly int Many = Limits.Default.MaxSessions;
    private static readonly Seq<int> Sizes = Seq(3, 5, 3, 5, 4, 7, 2, 6, 1);

    /// <summary>Within which time there is a leader again, and everything is committed, once all is well.</summary>
    public TimeSpan Recovery => TimeSpan.FromSeconds(3) + 10 * Options.Settings.ElectionTimeoutMax;

    /// <summary>The plan of a seed: the same in every process.</summary>
    public static SwarmPlan Of(ulong seed)
    {
        var dice = new Dice(~seed);
        var mix  = MixOf(dice);
        var size = Sizes[dice.Below(Sizes.Count)];
        var slow = dice.Chance(0.3);
        var settings = SettingsOf(dice);
        var options = WorldOptions.Of(size, seed) with
        {
            Newcomers  = mix.Changes ? Newcomers(size, dice.Below(3)) : [],
            Wire       = dice.Chance(0.25) ? WireFaults.None : dice.Chance(0.3) ? WireFaults.Unreliable : WireOf(dice),
            Disk       = slow ? DiskFaults.Slow : dice.Chance(0.5) ? DiskFaults.None : DiskOf(dice),
            ClockDrift = settings.ClockDriftBound,
            Settings   = settings with { Limits = settings.Limits with { MaxSessions = SessionsOf(seed) } },
            Differing  = DifferingOf(seed),
        };
        var (gusts, clients) = (6 + dice.Below(15), 1 + dice.Below(6));
        return new(options, mix with { LostDisks = dice.Chance(0.25) }, gusts, clients);
    }

    /// <summary>5 nodes, 2 newcomers, 4 clients; 12 gusts of cuts, crashes; wire to 34 ms, ...</summary>
    public override string ToString()
    {
        var (wire, disk, settings) = (Options.Wire, Options.Disk, Options.Settings);
        return Say.Invariant(
            $"{Options.Configuration.Members.Count} nodes, {Options.Newcomers.Count} newcomers, {Clients} clients; ")
            + Say.Invariant($"{Gusts} gusts of {Mix}; ")
            + Say.Invariant($"wire to {wire.LatencyMax.TotalMilliseconds:0} ms, loss {wire.Loss:0.00}, ")
            + Say.Invariant($"duplicates {wire.Duplication:0.00}, late {wire.Reordering:0.00}; ")
            + Say.Invariant($"disk to {disk.LatencyMax.TotalMilliseconds:0.0} ms; drift {Options.ClockDrift:0.00}; ")
            + Say.Invariant($"elections after {settings.ElectionTimeoutMin.TotalMilliseconds:0}-")
            + Say.Invariant($"{settings.ElectionTimeoutMax.TotalMilliseconds:0} ms, ")
            + Say.Invariant($"heartbeats every {settings.HeartbeatInterval.TotalMilliseconds:0} ms, ")
            + Say.Invariant($"snapshots every {settings.Snapshots.Entries} entries")
            + (settings.LeaseReads ? ", lease reads" : "") + (settings.ForwardProposals ? "" : ", nothing forwarded")
            + (settings.Limits with { MaxSessions = Many } == Limits.Default ? "" : ", small limits")
            + (settings.Limits.MaxSessions == Many ? "" : Say.Invariant($", {settings.Limits.MaxSessions} sessions"))
            + (Options.Configuration.Members.ForAll(node => Options.Differing(node, settings) == settings)
                ? "" : ", limits that differ");
    }

    private static Set<NodeId> Newcomers(int size, int count) =>
        toSet(Range(size + 1, count).Map(id => new NodeId((ulong)id)));

    private static WeatherMix MixOf(Dice dice) => new()
    {
        Cuts      = dice.Chance(0.6),
        OneWay    = dice.Chance(0.4),
        Crashes   = dice.Chance(0.6),
        CutShort  = dice.Chance(0.5),
        Pauses    = dice.Chance(0.4),
        Changes   = dice.Chance(0.4),
        Transfers = dice.Chance(0.4),
    };

    private static WireFaults WireOf(Dice dice) => new(
        TimeSpan.FromMilliseconds(0.2), dice.Between(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(40)),
        Loss: dice.Chance(0.5) ? 0 : dice.Between(0, 0.25),
        Duplication: dice.Chance(0.5) ? 0 : dice.Between(0, 0.25),
        Reordering: dice.Chance(0.5) ? 0 : dice.Between(0, 0.4),
        HeldUpMax: dice.Between(TimeSpan.Zero, TimeSpan.FromMilliseconds(900)));

    private static DiskFaults DiskOf(Dice dice) => new(
        TimeSpan.FromMilliseconds(0.1), dice.Between(TimeSpan.FromMilliseconds(0.2), TimeSpan.FromMilliseconds(30)));

    private static Settings SettingsOf(Dice dice)
    {
        var min   = dice.Between(TimeSpan.FromMilliseconds(150), TimeSpan.FromMilliseconds(400));
        var small = dice.Chance(0.4);
        return Settings.Default with
        {
            ElectionTimeoutMin = min,
            ElectionTimeoutMax = min + dice.Between(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(300)),
            HeartbeatInterval  = min / (1.6 + dice.Below(7)),           // the longest is one to be warned of
            ClockDriftBound    = dice.Below(3) switch { 0 => 0.02, 1 => 0.05, _ => 0.2 },
            ForwardProposals   = dice.Chance(0.75),
            LeaseReads         = dice.Chance(0.3),
            Snapshots          = dice.Chance(0.6) ? SnapshotsOf(dice) : SnapshotPolicy.Default,
            Limits             = small ? LimitsOf(dice) : Limits.Default,
        };
    }

    private static SnapshotPolicy SnapshotsOf(Dice dice) =>
        new() { Entries = 1 + dice.Below(24), Bytes = 500 + dice.Below(4_000), Trailing = dice.Below(8) };

    /// <summary>Every node has a session: where there are fewer, they take each other's place all the time.</summary>
    /// <remarks>By dice of their own, so that what else a seed is about stays what it was.</remarks>
    private static int SessionsOf(ulong seed)
    {
        var dice = new Dice(seed ^ 0x5E5510);
        return dice.Chance(0.5) ? 1 + dice.Below(4) : Many;
    }

    /// <summary>Some nodes may take no command that is longer than a short one: others may have taken it.</summary>
    /// <remarks>By dice of their own, too.</remarks>
    private static Func<NodeId, Settings, Settings> DifferingOf(ulong seed)
    {
        var dice = new Dice(seed ^ 0xD1FFE2);
        if (!dice.Chance(0.2)) return (_, settings) => settings;

        var (rest, most) = ((ulong)dice.Below(3), 9 + dice.Below(8));
        return (node, settings) => node.Value % 3 == rest
            ? settings with { Limits = settings.Limits with { MaxCommandBytes = most } }
            : settings;
    }

    private static Limits LimitsOf(Dice dice) => new()
    {
        MaxAppendBytes      = 40 + dice.Below(400),
        MaxInflightAppends  = 1 + dice.Below(4),
        MaxInflightBytes    = 100 + dice.Below(2_000),
        MaxPendingProposals = 4 + dice.Below(12),
        MaxPendingReads     = 2 + dice.Below(8),
        MaxBacklogBytes     = 200 + dice.Below(3_000),
        SnapshotChunkBytes  = 20 + dice.Below(200),
        MaxInflightChunks   = 1 + dice.Below(4),
        MaxPromotionLag     = 1 + dice.Below(16),
    };
}
