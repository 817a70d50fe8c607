using System.Reactive.Concurrency;

namespace RxRaft.Testing;

/// <summary>The three election tests of the MIT 6.824 Raft lab, part 2A, in virtual time.</summary>
/// <remarks>
/// The lab looks for a leader by waiting about half a second and then asking everybody; so does this, that the spans
/// of time, and with them the counts of RPCs and bytes, can be compared with published runs.
/// </remarks>
public sealed class Lab
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(450);
    private static readonly TimeSpan Glance = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(460);
    private static readonly TimeSpan LongSilence = TimeSpan.FromSeconds(2);     // the lab's two election timeouts
    private readonly World world;
    private readonly Dice dice;

    private Lab(World world) => (this.world, dice) = (world, new Dice(world.Seed).Fork());

    /// <summary>The lab's timing: elections after 150-300 ms, and no more than 10 heartbeats a second.</summary>
    public static readonly Settings Timing =
        Settings.Default with { HeartbeatInterval = TimeSpan.FromMilliseconds(130) };

    /// <summary>
    /// A leader appears; all agree on the term; with a quiet network neither leader nor term changes.
    /// </summary>
    /// <param name="seed">Of the world.</param>
    /// <param name="wire">What the wire does to messages.</param>
    /// <param name="scheduler">Virtual time.</param>
    public static LabResult InitialElection(ulong seed, WireFaults wire, IScheduler scheduler) =>
        Run("initial election", 3, seed, wire, scheduler, TimeSpan.FromSeconds(3.1), lab => lab.InitialElection());

    /// <summary>
    /// The leader is cut off and returns; without a quorum nobody leads; with it again, somebody does.
    /// </summary>
    /// <inheritdoc cref="InitialElection(ulong, WireFaults, IScheduler)"/>
    public static LabResult ElectionAfterNetworkFailure(ulong seed, WireFaults wire, IScheduler scheduler) =>
        Run("election after network failure", 3, seed, wire, scheduler, TimeSpan.FromSeconds(4.6),
            lab => lab.ElectionAfterFailure());

    /// <summary>
    /// Seven nodes; in each round three at random are cut off, the rest has or elects one leader, and they return.
    /// </summary>
    /// <param name="rounds">How many rounds.</param>
    /// <inheritdoc cref="InitialElection(ulong, WireFaults, IScheduler)"/>
    public static LabResult MultipleElections(int rounds, ulong seed, WireFaults wire, IScheduler scheduler) =>
        Run("multiple elections", 7, seed, wire, scheduler, TimeSpan.FromSeconds(5.6),
            lab => lab.ManyElections(rounds));

    private static LabResult Run(
        string test, int peers, ulong seed, WireFaults wire, IScheduler scheduler, TimeSpan span, Action<Lab> script)
    {
        var options = WorldOptions.Of(peers, seed) with { Settings = Timing, Wire = wire };
        using var world = new World(options, scheduler);
        world.Start();
        var failure = Play(world, span, script);
        var commits = world.Nodes.Map(node => world.StateOf(node).CommitIndex.Value).Max();
        return new(test, peers, world.Now, world.Wire.Counts, commits, failure);
    }

    private static Option<string> Play(World world, TimeSpan span, Action<Lab> script)
    {
        try
        {
            script(new Lab(world));
            if (world.Now < span) world.RunFor(span - world.Now);       // as long as the published run
            return None;
        }
        catch (Exception failure) when (failure is LabFailure or PropertyViolationException)
        {
            return $"{failure.Message}, seed {world.Seed}";
        }
    }

    private void InitialElection()
    {
        var leader = OneLeader();
        Pass(TimeSpan.FromMilliseconds(50));
        var term = AgreedTerm();

        Pass(LongSilence);
        var (later, laterTerm) = (OneLeader(), AgreedTerm());
        if (world.Wire.Faults == WireFaults.None)
            Check(later == leader && laterTerm == term,
                $"{leader} of {term} was replaced by {later} of {laterTerm} for no reason");
    }

    private void ElectionAfterFailure()
    {
        var first = OneLeader();
        world.Wire.CutOff(first);
        var second = OneLeader();
        Check(second != first, $"{first} leads, though it is cut off");

        var term = world.StateOf(second).CurrentTerm;
        world.Wire.Rejoin(first);
        var third = OneLeader();
        if (world.Wire.Faults == WireFaults.None)
            Check(third == second && world.StateOf(third).CurrentTerm == term,
                $"the return of {first} disturbed {second}");

        var other = Another(third);
        world.Wire.CutOff(third);
        world.Wire.CutOff(other);
        Pass(LongSilence);
        Check(world.Leaders.IsEmpty, $"{Say.Nodes(world.Leaders)} leads without a quorum");

        var last = world.Nodes.Find(node => node != third && node != other).IfNone(other);
        world.Wire.Rejoin(other);
        OneLeader(Seq(other, last), Look);

        world.Wire.Rejoin(third);
        OneLeader();
    }

    private void ManyElections(int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            var end = world.Now + Round;
            var away = ThreeOf(world.Nodes);
            away.Iter(world.Wire.CutOff);
            OneLeader(world.Nodes.Filter(node => !away.Contains(node)).Strict(), Glance);

            world.Wire.HealAll();
            if (world.Now < end) Pass(end - world.Now);
            OneLeader(world.Nodes, Glance);
        }
    }

    private NodeId OneLeader() => OneLeader(world.Nodes.Filter(Connected).Strict(), Look);

    /// <summary>Looks for a leader among connected nodes, for five seconds at most.</summary>
    private NodeId OneLeader(Seq<NodeId> connected, TimeSpan each)
    {
        for (var end = world.Now + TimeSpan.FromSeconds(5); world.Now < end;)
        {
            Pass(each);
            var leaders = connected.Filter(node => world.StateOf(node).Role is Role.Leader).Strict();
            var latest = leaders.OrderByDescending(node => world.StateOf(node).CurrentTerm).ToSeq().HeadOrNone();
            if (latest.Case is NodeId leader) return leader;
        }

        throw new LabFailure($"no leader among {Say.Nodes(connected)} at {Transcript.Time(world.Now)}");
    }

    private Term AgreedTerm()
    {
        var terms = world.Nodes.Map(node => world.StateOf(node).CurrentTerm).Distinct().ToSeq();
        Check(terms.Count == 1 || world.Wire.Faults != WireFaults.None,
            $"nodes disagree on the term: {string.Join(' ', terms)}");
        return terms.Max();
    }

    private bool Connected(NodeId node) => !world.Wire.IsCutOff(node);

    private NodeId Another(NodeId node)
    {
        var others = world.Nodes.Filter(other => other != node).Strict();
        return others[dice.Below(others.Count)];
    }

    private Seq<NodeId> ThreeOf(Seq<NodeId> nodes)
    {
        var rest = nodes;
        while (rest.Count > nodes.Count - 3)
        {
            var chosen = rest[dice.Below(rest.Count)];
            rest = rest.Filter(node => node != chosen).Strict();
        }

        return nodes.Filter(node => !rest.Contains(node)).Strict();
    }

    private void Pass(TimeSpan span) => world.RunFor(span);

    private static void Check(bool holds, string otherwise)
    {
        if (!holds) throw new LabFailure(otherwise);
    }

    private sealed class LabFailure(string message) : Exception(message);
}
