using System.Collections.Generic;
using System.Linq;
using System.Reactive.Linq;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>Processes that stand still, and nodes that crash in the middle of what they have to do.</summary>
public sealed class FaultTests
{
    private static readonly NodeId S1 = new(1);

    [Fact]
    public void A_paused_node_says_nothing_meanwhile_and_goes_on_where_it_was_with_its_clock_ahead()
    {
        using var world = new World(WorldOptions.Of(3, seed: 1), new TestScheduler());
        world.Start();
        Assert.True(world.RunUntil(now => now.Leader.IsSome, TimeSpan.FromSeconds(2)));
        world.RunFor(TimeSpan.FromMilliseconds(200));
        var old  = world.Leader.IfNone(S1);
        var term = world.StateOf(old).CurrentTerm;
        var said = new List<TimeSpan>();
        using var listening = world.Events.OfType<WorldEvent.Sent>().Where(sent => sent.From == old).Subscribe(sent => said.Add(sent.At));

        var begin = world.Now;
        world.Pause(old, TimeSpan.FromSeconds(1));
        world.RunFor(TimeSpan.FromSeconds(2));

        Assert.DoesNotContain(said, at => at > begin && at < begin + TimeSpan.FromSeconds(1));
        Assert.Contains(said, at => at >= begin + TimeSpan.FromSeconds(1));
        Assert.NotEqual(old, world.Leader.IfNone(old));
        Assert.True(world.StateOf(old).CurrentTerm > term);
    }

    [Fact]
    public void A_paused_node_that_crashes_and_starts_again_is_not_paused_any_more()
    {
        using var world = new World(WorldOptions.Of(1, seed: 1), new TestScheduler());
        world.Start();
        world.Pause(S1, TimeSpan.FromSeconds(60));
        world.RunFor(TimeSpan.FromSeconds(1));
        Assert.True(world.Leader.IsNone);

        world.Crash(S1);
        world.Restart(S1);
        Assert.True(world.RunUntil(now => now.Leader.IsSome, TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_node_crashes_between_two_effects_of_one_step()
    {
        var (effects, _) = Effects(default);
        var requests = effects.Index().Where(each => each.Item.Effect is Effect.Send { Message: Message.PreVote }).Take(2).ToList();
        Assert.Equal(requests[0].Index + 1, requests[1].Index);                 // of one step

        var (cut, world) = Effects(new CrashPoint(requests[1].Index + 1, CrashMoment.Before));

        Assert.Equal(effects[..(requests[1].Index + 1)], cut[..(requests[1].Index + 1)]);
        Assert.Equal([requests[1].Item.Node], world.Crashed);
        Assert.Single(world.Sent);
    }

    [Theory]
    [InlineData(CrashMoment.Before, false)]
    [InlineData(CrashMoment.WriteLost, false)]
    [InlineData(CrashMoment.WriteMade, true)]
    public void A_write_in_which_a_node_crashes_is_lost_or_made_and_nobody_has_heard_of_it(CrashMoment moment, bool made)
    {
        var (effects, _) = Effects(default);
        var vote = effects.Index().First(each => each.Item.Effect is Effect.Persist { CurrentTerm.Value: 1 });

        var (_, world) = Effects(new CrashPoint(vote.Index + 1, moment));

        Assert.Equal([vote.Item.Node], world.Crashed);
        Assert.Equal(made ? 1UL : 0UL, world.Durable.Single().CurrentTerm.Value);
        Assert.DoesNotContain(world.Sent, message => message is Message.RequestVote && message.Term.Value == 1);
    }

    [Fact]
    public void A_node_that_crashes_at_its_very_first_effect_starts_and_is_gone()
    {
        var (_, world) = Effects(new CrashPoint(1, CrashMoment.Before));

        Assert.Equal([S1], world.Crashed);
        Assert.True(world.Durable.Single().Log.Configuration.IsNobody);
    }

    private sealed record Seen(List<NodeId> Crashed, List<PersistentState> Durable, List<Message> Sent);

    /// <summary>What three nodes do until the first has crashed, or for a second.</summary>
    private static (List<(NodeId Node, Effect Effect)> Begun, Seen Seen) Effects(CrashPoint point)
    {
        var (begun, seen) = (new List<(NodeId, Effect)>(), new Seen([], [], []));
        using var world = new World(WorldOptions.Of(3, seed: 1), new TestScheduler());
        using var listening = world.Begun.Subscribe(begun.Add);
        using var hearing = world.Events.Subscribe(happened =>
        {
            if (happened is WorldEvent.Sent sent && seen.Crashed.Count == 0) seen.Sent.Add(sent.Message);
            if (happened is not WorldEvent.Crashed crashed) return;
            seen.Crashed.Add(crashed.Node);
            seen.Durable.Add(world.Durable(crashed.Node));
        });
        world.CrashAt(point);
        world.Start();
        world.RunFor(TimeSpan.FromSeconds(1));
        return (begun, seen);
    }
}
