using System.Linq;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>What clients are promised, while nodes are killed.</summary>
[Collection("real time")]
public sealed class KillTests
{
    [Fact]
    public async Task Leaders_are_killed_under_load_and_no_acknowledged_write_is_lost_and_what_clients_saw_is_linearizable()
    {
        using var nodes = new StoreProcesses();
        await nodes.Start(1, 2, 3);
        await nodes.Leader(asked: 1);
        await using var load = await Load.Begin(nodes, workers: 6);

        for (var kills = 0; kills < 2; kills++)
        {
            await load.HasDone(150);
            var leader = await nodes.Leader(asked: 1 + kills % 3);
            nodes[leader].KillAtOnce();
            Assert.Equal(137, await nodes[leader].Ends());
            await load.HasDone(150);                        // without it
            await nodes.Start(leader);
        }

        await load.HasDone(150);
        await load.End();

        Assert.True(load.Acknowledged.Count > 50, $"only {load.Acknowledged.Count} were acknowledged");
        for (var id = 1; id <= 3; id++)
            Assert.Empty(await load.Missing(nodes, id));           // also from those that were killed
        var verdict = RxRaft.Testing.Linearizability.Check(load.History, RegisterModel.Instance);
        Assert.True(verdict is RxRaft.Testing.Verdict<Register, string>.Linearizable, $"{verdict}");
    }

    [Fact]
    public async Task Without_a_quorum_a_write_that_cannot_have_happened_and_one_that_may_have_are_told_apart()
    {
        using var nodes = new StoreProcesses("--timeout", "1500");
        await nodes.Start(1, 2, 3);
        var leader = await nodes.Leader(asked: 1);
        await using var client = await nodes.Connect(leader);
        Assert.True(await client.GetDatabase().StringSetAsync("k", "before"));

        foreach (var other in Enumerable.Range(1, 3).Where(id => id != leader)) nodes[other].KillAtOnce();
        var unsure = await Assert.ThrowsAsync<StackExchange.Redis.RedisServerException>(
            () => client.GetDatabase().StringSetAsync("k", "maybe"));
        var surely = await Assert.ThrowsAsync<StackExchange.Redis.RedisServerException>(
            () => client.GetDatabase().StringSetAsync("k", "never"));
        var unread = await Assert.ThrowsAsync<StackExchange.Redis.RedisServerException>(
            () => client.GetDatabase().StringGetAsync("k"));

        Assert.StartsWith("UNKNOWN no answer within 1500 ms: the write may have happened", unsure.Message, StringComparison.Ordinal);
        Assert.StartsWith(
            "TRYAGAIN no leader has been heard of for 1500 ms; nothing was written", surely.Message, StringComparison.Ordinal);
        Assert.StartsWith("TRYAGAIN no answer within 1500 ms; nothing was read", unread.Message, StringComparison.Ordinal);

        await nodes.Start(Enumerable.Range(1, 3).First(id => id != leader));
        Assert.Contains((string?)await client.GetDatabase().StringGetAsync("k"), (string[])["before", "maybe"]);
    }
}
