using System.Linq;
using System.Reactive.Linq;

namespace RxRaft.Tests;

/// <summary>The wire delivers a command twice, and its node learns of the first copy only by a snapshot (§6.3).</summary>
public sealed class CopiesTests
{
    [Fact]
    public void A_command_that_a_snapshot_hides_is_not_done_again_when_its_session_has_expired_since()
    {
        using var store = new KeyValueCluster(WorldOptions.Of(3, seed: 1) with { Settings = Forgetful }).Led();
        var (leader, others) = (store.Leader, store.World.Nodes.Filter(node => node != store.Leader).Strict());
        var (client, other)  = (others[0], others[1]);
        var said = Option<Message>.None;
        store.World.Events.OfType<WorldEvent.Sent>()
            .Where(sent => sent.From == client && sent.Message is Message.Forward).Subscribe(sent => said = sent.Message);
        store.Result(store.Append(client, "k", "0"));

        store.World.Wire.Cut(leader, client);
        var asked = store.Append(client, "k", "1");
        store.Pass(20);
        store.Result(store.Append(other, "k", "2"));                        // its session takes the client's place
        store.World.Wire.Heal(leader, client);
        store.Expect(world => world.StateOf(client).Snapshot.Last.Index == world.StateOf(leader).CommitIndex, Soon, "snapshot");
        store.World.Wire.Of(client).Send(leader, said.Single());
        store.Expect(_ => asked.IsCompleted, TimeSpan.FromSeconds(10), "answer");

        Assert.IsType<Outcome.Unknown>(Assert.IsType<RequestFailedException>(asked.Exception?.InnerException).Outcome);
        Assert.Equal("012", store.Result(store.Get(leader, "k")));
    }

    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    /// <summary>One session, a snapshot of every entry, and nobody loses patience.</summary>
    private static Settings Forgetful => Settings.Default with
    {
        ElectionTimeoutMin = TimeSpan.FromSeconds(2),
        ElectionTimeoutMax = TimeSpan.FromSeconds(3),
        Limits             = new() { MaxSessions = 1 },
        Snapshots          = new() { Entries = 1, Trailing = 0 },
    };
}
