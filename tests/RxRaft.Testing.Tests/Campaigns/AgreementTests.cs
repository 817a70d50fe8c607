using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>What is committed, all agree on: over every seed, on reliable and unreliable wires, with 3 to 7 nodes.</summary>
public sealed class AgreementTests
{
    [Theory]
    [MemberData(nameof(Wires.Both), MemberType = typeof(Wires))]
    public void All_nodes_apply_what_anybody_proposes_in_one_order(string wire) => Wires.EachSeed(wire, (store, dice) =>
    {
        store.Led();
        for (var n = 0; n < 5; n++) store.Result(store.Append(store.Any(dice), "all", $"{n} "));

        Assert.Equal("0 1 2 3 4 ", store.Result(store.Get(store.Any(dice), "all")));
        store.Expect(store.AllAgree, TimeSpan.FromSeconds(5), "agreement");
    });

    [Theory]
    [MemberData(nameof(Wires.Both), MemberType = typeof(Wires))]
    public void They_agree_in_spite_of_a_follower_that_fails_and_returns(string wire) => Wires.EachSeed(wire, (store, dice) =>
    {
        store.Led();
        store.Result(store.Append(store.Leader, "all", "a"));
        var follower = store.World.Nodes.Find(node => node != store.Leader).IfNone(store.Leader);
        store.World.Wire.CutOff(follower);
        for (var n = 0; n < 3; n++) store.Result(store.Append(store.Leader, "all", "b"));
        store.World.Wire.Rejoin(follower);
        store.Result(store.Append(follower, "all", "c"));

        Assert.Equal("abbbc", store.Result(store.Get(store.Any(dice), "all")));
        store.Expect(store.AllAgree, TimeSpan.FromSeconds(5), "agreement");
    });

    [Theory]
    [MemberData(nameof(Wires.Both), MemberType = typeof(Wires))]
    public void They_agree_in_spite_of_a_leader_that_fails_and_returns(string wire) => Wires.EachSeed(wire, (store, dice) =>
    {
        store.Led();
        store.Result(store.Append(store.Leader, "all", "a"));
        var old = store.Leader;
        store.World.Crash(old);
        store.Result(store.Append(store.Any(dice), "all", "b"));
        store.World.Restart(old);
        store.Result(store.Append(old, "all", "c"));

        Assert.Equal("abc", store.Result(store.Get(store.Any(dice), "all")));
        store.Expect(store.AllAgree, TimeSpan.FromSeconds(5), "agreement");
    });

    [Theory]
    [MemberData(nameof(Wires.Both), MemberType = typeof(Wires))]
    public void Nothing_is_agreed_on_without_a_quorum_and_everything_once_there_is_one(string wire) =>
        Wires.EachSeed(wire, (store, _) =>
        {
            store.Led();
            store.Result(store.Append(store.Leader, "all", "a"));
            store.Expect(store.AllAgree, TimeSpan.FromSeconds(5), "agreement");
            var (leader, nodes) = (store.Leader, store.World.Nodes);
            var away = nodes.Filter(node => node != leader).Take(nodes.Count / 2 + nodes.Count % 2).Strict();
            away.Iter(store.World.Wire.CutOff);

            var asked = store.Append(leader, "all", "b");
            store.Pass(1_500);
            Assert.False(asked.IsCompleted);
            Assert.All(store.Latest.Values, latest => Assert.Equal("a", latest.State["all"]));

            away.Iter(store.World.Wire.Rejoin);
            store.Result(asked);
            Assert.Equal("ab", store.Result(store.Get(leader, "all")));
            store.Expect(store.AllAgree, TimeSpan.FromSeconds(5), "agreement");
        });

    [Theory]
    [MemberData(nameof(Wires.Both), MemberType = typeof(Wires))]
    public void Concurrent_proposals_are_all_applied_each_once(string wire) => Wires.EachSeed(wire, (store, dice) =>
    {
        store.Led();
        var asked = Enumerable.Range(0, 20).Select(n => store.Append(store.Any(dice), "all", $"{n:00} ")).ToArray();
        store.Result(Task.WhenAll(asked));

        var all = store.Result(store.Get(store.Any(dice), "all")).IfNone("");
        Assert.Equal(Enumerable.Range(0, 20).Select(n => $"{n:00}"), all.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order());
        store.Expect(store.AllAgree, TimeSpan.FromSeconds(5), "agreement");
    });

    [Theory]
    [MemberData(nameof(Wires.Both), MemberType = typeof(Wires))]
    public void A_leader_that_was_cut_off_gives_up_what_only_it_had_and_its_clients_are_not_told_otherwise(string wire) =>
        Wires.EachSeed(wire, (store, dice) =>
        {
            store.Led();
            store.Result(store.Append(store.Leader, "all", "a"));
            var old = store.Leader;
            store.World.Wire.CutOff(old);
            using var gone = new CancellationTokenSource();
            var lost = Enumerable.Range(0, 3).Select(_ => store.Append(old, "all", "x", gone.Token)).ToArray();
            store.Pass(1);
            gone.Cancel();                                          // nobody tries again: what happens now is the cluster's
            store.Expect(world => world.Leader.Exists(leader => leader != old), TimeSpan.FromSeconds(10), "other leader");
            store.Result(store.Append(store.Leader, "all", "b"));
            store.World.Wire.Rejoin(old);
            store.Result(store.Append(old, "all", "c"));

            Assert.Equal("abc", store.Result(store.Get(store.Any(dice), "all")));
            Assert.All(lost, task => Assert.True(task.IsCanceled));
            store.Expect(store.AllAgree, TimeSpan.FromSeconds(5), "agreement");
        });
}
