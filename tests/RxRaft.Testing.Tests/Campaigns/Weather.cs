namespace RxRaft.Tests;

/// <summary>What can go wrong around a cluster, by chance: cuts, crashes, operators.</summary>
internal sealed class Weather(KeyValueCluster store, Dice dice, bool operators)
{
    private World World => store.World;

    /// <summary>So many gusts, some time apart.</summary>
    public void Blow(int gusts)
    {
        for (var gust = 0; gust < gusts; gust++)
        {
            Gust();
            if (operators && dice.Chance(0.7)) Operate();
            World.RunFor(dice.Between(TimeSpan.FromMilliseconds(20), TimeSpan.FromMilliseconds(300)));
        }
    }

    /// <summary>Everything heals, and everybody runs.</summary>
    public void Calm()
    {
        World.Wire.Faults = WireFaults.None;
        World.Wire.HealAll();
        World.Start();
    }

    private void Gust()
    {
        var node = Any();
        switch (dice.Below(10))
        {
            case 0: World.Wire.CutOff(node); break;
            case 1: World.Leader.IfSome(World.Wire.CutOff); break;
            case 2 or 3: World.Wire.HealAll(); break;
            case 4: World.Wire.Cut(node, Any()); break;
            case 5 when World.IsRunning(node): World.Crash(node); break;
            case 6: World.Leader.IfSome(World.Crash); break;
            case 7 or 8: World.Start(); break;
        }
    }

    /// <summary>Members come and go, and leaders are asked to hand over.</summary>
    private void Operate()
    {
        if (World.Leader.Case is not NodeId leader) return;

        var (node, voters) = (Any(), toSeq(World.Nodes.Filter(World.StateOf(leader).Configuration.IsVoter)).Strict());
        _ = dice.Below(5) switch
        {
            0 => store[leader].AddAsync(node),
            1 when voters.Count > 3 => store[leader].RemoveAsync(voters[dice.Below(voters.Count)]),
            2 => store[leader].TransferLeadershipAsync(node),
            3 => store[leader].ReconfigureAsync(Shuffled()),
            _ => store[leader].ReconfigureAsync(new MembershipChange.AddLearner(node)),
        };
    }

    /// <summary>At least three voters, at random: often more than one comes and goes at once.</summary>
    private MembershipChange.To Shuffled()
    {
        var voters = World.Nodes.Fold(Set<NodeId>(), (some, node) => dice.Chance(0.6) ? some.Add(node) : some);
        while (voters.Count < 3) voters = voters.AddOrUpdate(Any());
        return new MembershipChange.To(voters, []);
    }

    private NodeId Any() => World.Nodes[dice.Below(World.Nodes.Count)];
}
