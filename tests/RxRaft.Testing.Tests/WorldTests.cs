using System.Collections.Generic;
using System.Linq;
using System.Reactive.Concurrency;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>The simulated world keeps its promises: one seed one run, cuts cut, crashes lose what was not durable.</summary>
public sealed class WorldTests
{
    private static readonly NodeId S1 = new(1), S2 = new(2), S3 = new(3);

    [Fact]
    public void The_same_seed_gives_the_same_transcript_byte_for_byte()
    {
        Assert.Equal(Story(seed: 3), Story(seed: 3));
        Assert.NotEqual(Story(seed: 3), Story(seed: 4));
    }

    [Fact]
    public void A_cut_link_carries_nothing_in_its_direction_and_everything_in_the_other()
    {
        using var world = Running(WorldOptions.Of(2, seed: 1));
        var heard = Listen(world);

        world.Wire.Cut(S1, S2);
        heard.Clear();
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.DoesNotContain((S1, S2), heard);
        Assert.Contains((S2, S1), heard);

        world.Wire.Heal(S1, S2);
        heard.Clear();
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.Contains((S1, S2), heard);
    }

    [Fact]
    public void A_node_that_is_cut_off_hears_nothing_not_even_what_was_on_its_way_and_all_again_when_it_rejoins()
    {
        using var world = Running(WorldOptions.Of(3, seed: 1));
        var heard = Listen(world);

        world.Wire.CutOff(S3);
        heard.Clear();
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.DoesNotContain(heard, link => link.From == S3 || link.To == S3);

        world.Wire.Rejoin(S3);
        world.RunFor(TimeSpan.FromSeconds(2));
        Assert.Contains(heard, link => link.To == S3);
        Assert.Contains(heard, link => link.From == S3);
    }

    [Fact]
    public void A_follower_that_only_hears_and_a_leader_that_only_speaks_do_not_keep_a_cluster_from_having_a_leader()
    {
        for (var seed = 1UL; seed <= 20; seed++)
        {
            using var world = Running(WorldOptions.Of(3, seed));
            var leader = world.Leader.IfNone(S1);
            foreach (var other in world.Nodes.Filter(node => node != leader)) world.Wire.Cut(other, leader);

            Assert.True(world.RunUntil(now => now.Leader.Exists(known => known != leader), TimeSpan.FromSeconds(3)),
                $"{leader} hears nobody and keeps its office, seed {seed}");
        }
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.3)]
    [InlineData(1.0)]
    public void The_wire_loses_the_fraction_it_is_told_to(double loss)
    {
        using var world = Running(WorldOptions.Of(3, seed: 5));
        world.Wire.Faults = WireFaults.None with { Loss = loss };
        var before = world.Wire.Counts;

        world.RunFor(TimeSpan.FromSeconds(60));

        var carried = world.Wire.Counts - before;
        Assert.InRange(carried.Lost / (double)carried.Messages, loss - 0.05, loss + 0.05);
    }

    [Fact]
    public void Messages_of_a_link_keep_their_order_unless_the_wire_is_told_to_hold_some_up()
    {
        Assert.Equal(0, Overtakings(WireFaults.None with { LatencyMax = TimeSpan.FromMilliseconds(90) }));
        Assert.NotEqual(0, Overtakings(WireFaults.None with { Reordering = 0.2, HeldUpMax = TimeSpan.FromMilliseconds(200) }));
    }

    [Fact]
    public void A_duplicated_message_arrives_twice()
    {
        using var world = Running(WorldOptions.Of(3, seed: 5));
        world.Wire.Faults = WireFaults.None with { Duplication = 1 };
        var heard = Listen(world);
        var before = world.Wire.Counts.Messages;

        world.RunFor(TimeSpan.FromSeconds(1));

        var sent = world.Wire.Counts.Messages - before;
        Assert.InRange(heard.Count, 2 * sent - 8, 2 * sent + 8);                    // some are on their way at either end
    }

    [Fact]
    public void A_request_and_its_reply_are_one_RPC()
    {
        using var world = Running(WorldOptions.Of(3, seed: 1));
        var before = world.Wire.Counts;

        world.RunFor(TimeSpan.FromSeconds(10));                                     // a leader that nobody disturbs

        var carried = world.Wire.Counts - before;
        Assert.InRange(carried.Rpcs, 2 * 10_000 / 51, 2 * 10_000 / 49);
        Assert.InRange(carried.Messages, 2 * carried.Rpcs - 2, 2 * carried.Rpcs + 2);
        Assert.InRange(carried.Bytes, carried.Rpcs * (65 + 46) - 200, carried.Rpcs * (65 + 46) + 200);
    }

    [Fact]
    public void What_was_not_durable_is_lost_in_a_crash_or_has_just_made_it_and_nothing_in_between()
    {
        var left = new List<(Term, Option<NodeId>)>();
        for (var seed = 1UL; seed <= 40; seed++)
        {
            var slow = new DiskFaults(TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(100));
            using var world = new World(WorldOptions.Of(1, seed) with { Disk = slow, ClockDrift = 0 }, new TestScheduler());
            world.Start();
            Assert.True(world.RunUntil(now => now.StateOf(S1).Role is Role.Candidate, TimeSpan.FromSeconds(1)));
            world.RunFor(TimeSpan.FromMilliseconds(50));                            // the write is under way
            world.Crash(S1);
            world.Restart(S1);

            left.Add((world.StateOf(S1).CurrentTerm, world.StateOf(S1).VotedFor));
        }

        Assert.Equal([(new Term(0), None), (new Term(1), Some(S1))], left.Distinct().Order());
    }

    [Fact]
    public void Clocks_drift_apart_as_far_as_they_are_told_to_and_no_further()
    {
        var drifts = new List<double>();
        for (var seed = 1UL; seed <= 100; seed++)
        {
            using var world = new World(WorldOptions.Of(5, seed) with { ClockDrift = 0.1 }, new TestScheduler());
            world.Start();
            world.RunFor(TimeSpan.FromSeconds(1));
            var elapsed = world.Nodes.Map(node => -world.TimeLeft(node, Instant.Zero).TotalSeconds).Strict();
            drifts.Add(elapsed.Max() / elapsed.Min() - 1);
        }

        Assert.InRange(drifts.Max(), 0.09, 0.106);
    }

    [Fact]
    public void A_world_in_real_time_cannot_be_told_to_let_time_pass()
    {
        using var world = new World(new WorldOptions(), new EventLoopScheduler());

        Assert.Contains("EventLoopScheduler", Assert.Throws<InvalidOperationException>(
            () => world.RunFor(TimeSpan.FromSeconds(1))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_violation_names_the_property_the_time_and_the_seed()
    {
        using var world = new World(WorldOptions.Of(1, seed: 77) with { Step = (_, _) => throw new InvalidOperationException("broken") },
            new TestScheduler());
        world.Start();

        var violation = Assert.Throws<PropertyViolationException>(() => world.RunFor(TimeSpan.FromSeconds(1)));

        Assert.Equal(77UL, violation.Seed);
        Assert.Contains("broken", violation.Message, StringComparison.Ordinal);
        Assert.Contains("seed 77", violation.Message, StringComparison.Ordinal);
        Assert.True(violation.At > TimeSpan.Zero);
    }

    private static World Running(WorldOptions options)
    {
        var world = new World(options, new TestScheduler());
        world.Start();
        Assert.True(world.RunUntil(now => now.Leader.IsSome, TimeSpan.FromSeconds(5)));
        world.RunFor(TimeSpan.FromMilliseconds(100));
        return world;
    }

    private static List<(NodeId From, NodeId To)> Listen(World world)
    {
        var heard = new List<(NodeId, NodeId)>();
        world.Events.Subscribe(happened =>
        {
            if (happened is WorldEvent.Delivered message) heard.Add((message.From, message.To));
        });
        return heard;
    }

    private static int Overtakings(WireFaults faults)
    {
        using var world = Running(WorldOptions.Of(3, seed: 9));
        world.Wire.Faults = faults;
        var latest = new Dictionary<NodeId, Round>();
        var overtakings = 0;
        world.Events.Subscribe(happened =>
        {
            if (happened is not WorldEvent.Delivered { Message: Message.AppendEntries append } arrived) return;

            if (append.Round < latest.GetValueOrDefault(arrived.To)) overtakings++;
            latest[arrived.To] = append.Round;
        });
        world.RunFor(TimeSpan.FromSeconds(20));
        return overtakings;
    }

    private static string Story(ulong seed)
    {
        var lines = new List<string>();
        var options = WorldOptions.Of(5, seed) with { Wire = WireFaults.Unreliable };
        using var world = new World(options, new TestScheduler());
        using var telling = Transcript.Of(world, messages: true).Subscribe(lines.Add);

        world.Start();
        world.RunFor(TimeSpan.FromSeconds(2));
        world.Leader.IfSome(world.Crash);
        world.Wire.CutOff(S2);
        world.RunFor(TimeSpan.FromSeconds(2));
        world.Start();
        world.Wire.HealAll();
        world.RunFor(TimeSpan.FromSeconds(2));

        Assert.True(lines.Count > 500);
        return string.Join('\n', lines);
    }
}
