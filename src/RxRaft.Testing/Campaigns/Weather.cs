namespace RxRaft.Testing;

/// <summary>Which kinds of trouble there are, besides what wires, disks and clocks are like.</summary>
public sealed record WeatherMix
{
    /// <summary>Nodes are cut off, leaders before all, and return.</summary>
    public bool Cuts { get; init; } = true;

    /// <summary>Links are cut in one direction.</summary>
    public bool OneWay { get; init; } = true;

    /// <summary>Nodes crash, leaders before all, and start again.</summary>
    public bool Crashes { get; init; } = true;

    /// <summary>Nodes crash in the middle of what a step asks for, and of writes.</summary>
    public bool CutShort { get; init; }

    /// <summary>Nodes' processes are held up.</summary>
    public bool Pauses { get; init; }

    /// <summary>Operators change the members.</summary>
    public bool Changes { get; init; }

    /// <summary>Operators have leaders hand over.</summary>
    public bool Transfers { get; init; }

    /// <summary>Nodes lose their disks, and operators make them members again.</summary>
    public bool LostDisks { get; init; }

    /// <summary>cuts, one-way cuts, crashes.</summary>
    public override string ToString()
    {
        var kinds = Seq<(bool Is, string Name)>(
            (Cuts, "cuts"), (OneWay, "one-way cuts"), (Crashes, "crashes"), (CutShort, "crashes within a step"),
            (Pauses, "pauses"), (Changes, "changes of members"), (Transfers, "hand-overs"),
            (LostDisks, "lost disks"))
            .Filter(kind => kind.Is).Map(kind => kind.Name).Strict();
        return kinds.IsEmpty ? "no trouble" : string.Join(", ", kinds);
    }
}

/// <summary>What can go wrong around a cluster, by chance: cuts, crashes, pauses, operators.</summary>
/// <param name="world">Where.</param>
/// <param name="dice">What, whom and when.</param>
/// <param name="mix">Which kinds there are.</param>
public sealed class Weather(World world, Dice dice, WeatherMix mix)
{
    private readonly LostDisk disks = new(world);

    /// <summary>So many gusts, some time apart.</summary>
    public void Blow(int gusts)
    {
        var faces = Faces();
        for (var gust = 0; gust < gusts; gust++)
        {
            var node = Any();
            faces[dice.Below(faces.Count)](node);
            if ((mix.Changes || mix.Transfers) && dice.Chance(0.7)) Operate();
            if (mix.LostDisks && dice.Chance(0.5)) disks.Mend();
            world.RunFor(dice.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(300)));
        }
    }

    /// <summary>Everything heals, and everybody runs. Wires are reliable from now on.</summary>
    public void Calm()
    {
        world.CrashAt(default);
        world.Wire.Faults = WireFaults.None;
        world.Wire.HealAll();
        // A crash within a write comes when that ends, on a clock that may be slow, or of a node that is held up.
        world.RunUntil(now => !now.IsSomebodyToCrash, TimeSpan.FromSeconds(5));
        world.Start();
    }

    /// <summary>Operators see to it that who has lost its disk is a member again, as long as that may take.</summary>
    /// <exception cref="LivenessException">It takes longer.</exception>
    public void Mend(TimeSpan limit)
    {
        for (var end = world.Now + limit; !disks.IsMended; disks.Mend())
        {
            if (world.Now > end)
                throw new LivenessException(
                    Say.Invariant($"a lost disk is not replaced within {limit.TotalSeconds} s, seed {world.Seed}"));
            world.RunFor(TimeSpan.FromMilliseconds(50));
        }
    }

    private Seq<Action<NodeId>> Faces()
    {
        var faces = Seq<Action<NodeId>>();
        if (mix.Cuts) faces += Seq<Action<NodeId>>(world.Wire.CutOff, _ => world.Leader.IfSome(world.Wire.CutOff));
        if (mix.Cuts || mix.OneWay) faces += Seq<Action<NodeId>>(_ => world.Wire.HealAll(), _ => world.Wire.HealAll());
        if (mix.OneWay) faces += Seq1<Action<NodeId>>(node => world.Wire.Cut(node, Any()));
        if (mix.Crashes) faces += Seq<Action<NodeId>>(CrashIfItRuns, _ => world.Leader.IfSome(world.Crash));
        if (mix.CutShort) faces += Seq<Action<NodeId>>(_ => CrashSoon(), _ => CrashSoon());
        if (mix.Crashes || mix.CutShort) faces += Seq<Action<NodeId>>(_ => world.Start(), _ => world.Start());
        if (mix.Pauses) faces += Seq<Action<NodeId>>(PauseIfItRuns, _ => world.Leader.IfSome(PauseIfItRuns));
        if (mix.LostDisks) faces += Seq<Action<NodeId>>(disks.Lose, _ => world.Leader.IfSome(disks.Lose));
        return faces.Add(_ => { });
    }

    private void CrashIfItRuns(NodeId node)
    {
        if (world.IsRunning(node)) world.Crash(node);
    }

    private void CrashSoon() => world.CrashAt(new CrashPoint(
        world.Effects + 1 + dice.Below(40), (CrashMoment)dice.Below(3)));

    private void PauseIfItRuns(NodeId node)
    {
        var span = dice.Between(TimeSpan.FromMilliseconds(5), TimeSpan.FromMilliseconds(700));
        if (world.IsRunning(node)) world.Pause(node, span);
    }

    /// <summary>Members come and go, and leaders are asked to hand over.</summary>
    private void Operate()
    {
        if (world.Leader.Case is not NodeId id) return;

        var (node, leader, now) = (Any(), world[id], world.StateOf(id).Configuration);
        var voters = toSeq(world.Nodes.Filter(now.IsVoter)).Strict();
        _ = dice.Below(5) switch
        {
            2 when mix.Transfers => leader.TransferLeadershipAsync(node),
            _ when !mix.Changes => null,
            0 => leader.AddAsync(node),
            1 when voters.Count > 3 => leader.RemoveAsync(voters[dice.Below(voters.Count)]),
            3 => leader.ReconfigureAsync(Shuffled()),
            _ when mix.LostDisks && voters.Count <= 3 && now.IsVoter(node) => null,  // two are too few to lose one
            _ => leader.ReconfigureAsync(new MembershipChange.AddLearner(node)),
        };
    }

    /// <summary>At least three voters, if there are so many, at random: often more than one comes and goes.</summary>
    private MembershipChange.To Shuffled()
    {
        var least  = Math.Min(3, world.Nodes.Count);
        var voters = world.Nodes.Fold(Set<NodeId>(), (some, node) => dice.Chance(0.6) ? some.Add(node) : some);
        while (voters.Count < least) voters = voters.AddOrUpdate(Any());
        return new MembershipChange.To(voters, []);
    }

    private NodeId Any() => world.Nodes[dice.Below(world.Nodes.Count)];
}
