using System.Linq;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>
/// Clients at work while everything fails: what they see is linearizable, no node's state ever differs, and once faults
/// have healed the cluster commits again within a bounded time.
/// </summary>
public sealed class ChurnTests : Churn
{
    [Theory]
    [MemberData(nameof(Wires.Both), MemberType = typeof(Wires))]
    public void Cuts_crashes_and_restarts(string wire) => Run(wire, operators: false, options => options);
}

/// <summary>The same with a log that is compacted every few entries, and snapshots in small parts.</summary>
public sealed class SnapshotChurnTests : Churn
{
    [Theory]
    [MemberData(nameof(Wires.Both), MemberType = typeof(Wires))]
    public void Snapshots_under_cuts_crashes_and_loss(string wire)
    {
        var installed = Run(wire, operators: false, Small);

        Assert.True(installed > Wires.Seeds / 4, $"only {installed} snapshots were installed");
    }
}

/// <summary>The same while members come and go, and leaders hand over.</summary>
public sealed class MembershipChurnTests : Churn
{
    [Theory]
    [MemberData(nameof(Wires.Both), MemberType = typeof(Wires))]
    public void Membership_changes_under_all_of_it(string wire)
    {
        var installed = Run(wire, operators: true, options => Small(options) with
        {
            Newcomers = toSet(Enumerable.Range(options.Configuration.Members.Count + 1, 2).Select(id => new NodeId((ulong)id))),
        });

        Assert.True(installed > Wires.Seeds / 4, $"only {installed} snapshots were installed");
        Assert.True(Changes > Wires.Seeds, $"only {Changes} changes of members");
    }
}

/// <summary>How the churn campaigns run.</summary>
public abstract class Churn
{
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(3);

    /// <summary>Configurations that came into force.</summary>
    protected int Changes { get; private set; }

    /// <returns>How many snapshots were installed.</returns>
    private protected int Run(string wire, bool operators, Func<WorldOptions, WorldOptions> with)
    {
        var (installed, answers) = (0, 0);
        Wires.EachSeed(wire, (store, dice) =>
        {
            using var watching = store.World.Events.Subscribe(happened =>
            {
                if (happened is not WorldEvent.Stepped(_, _, var before, var step)) return;
                installed += step.Reasons.Exists(reason => reason is Reason.SnapshotInstalled) ? 1 : 0;
                Changes += step.State.Role is Role.Leader && !step.State.Configuration.Equals(before.Configuration) ? 1 : 0;
            });
            var weather  = new Weather(store.World, dice, new WeatherMix { Changes = operators, Transfers = operators });
            store.Lead();
            var workload = new Workload<Map<string, string>, KeyValueCommand, Option<string>>(store, Trials.KeyValue, dice).Begin(4);

            weather.Blow(gusts: 12);
            weather.Calm();
            CommitsAgain(store);
            workload.Stop();

            store.Expect(store.AllAgree, TimeSpan.FromSeconds(5), "agreement");
            var verdict = workload.Judge();
            Assert.True(verdict is Verdict<KeyValueCommand, Option<string>>.Linearizable, $"seed {store.World.Seed}: {verdict}");
            answers += workload.Answers;
        }, with);

        Assert.True(answers > 5 * Wires.Seeds, $"only {answers} answers");
        return installed;
    }

    private protected static WorldOptions Small(WorldOptions options) => options with
    {
        Settings = options.Settings with
        {
            Snapshots = new SnapshotPolicy { Entries = 8, Bytes = 2_000, Trailing = 2 },
            Limits = new Limits { SnapshotChunkBytes = 60, MaxInflightChunks = 3 },
        },
    };

    /// <summary>
    /// Whoever leads is asked, since operators' last wishes may yet take the leadership, or even the membership, from a
    /// node.
    /// </summary>
    private static void CommitsAgain(KeyValueCluster store)
    {
        var asked = Map<NodeId, Task<Option<string>>>();
        store.Expect(world =>
        {
            world.Leader.IfSome(leader => asked = asked.ContainsKey(leader) ? asked : asked.Add(leader, store.Append(leader, "end", ".")));
            return asked.Values.Any(task => task.IsCompletedSuccessfully);
        }, Recovery, "commit after the storm");
    }
}
