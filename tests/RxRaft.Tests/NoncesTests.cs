using System.Linq;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>Numbers for requests outside a session: nobody draws another's.</summary>
public sealed class NoncesTests
{
    private static readonly PersistentState Later = PersistentState.Fresh with { CurrentTerm = new Term(1) };
    private static readonly PersistentState Longer = Later with
    {
        Log = Log.Empty.Append(Seq1(new Entry(new(new Term(1), new LogIndex(1)), Payload.Noop.Instance))),
    };

    [Fact]
    public void They_belong_to_no_session() => Assert.Equal(SessionId.None, Of(1, 7).Next().Session);

    [Fact]
    public void No_two_nodes_and_no_two_lives_of_one_draw_the_same_though_the_seed_is()
    {
        Nonces[] all = [Of(1, 7), Of(2, 7), Of(3, 7), Of(1, 7, Later), Of(1, 7, Longer), Of(2, 7, Later), Of(1, 8)];

        Assert.Equal(all.Length * 1_000, all.SelectMany(nonces => Drawn(nonces, 1_000)).Distinct().Count());
    }

    [Fact]
    public void The_same_seed_node_and_disk_draw_the_same() => Assert.Equal(Drawn(Of(1, 7, Longer), 100), Drawn(Of(1, 7, Longer), 100));

    [Fact]
    public async Task However_many_draw_at_once_each_gets_its_own()
    {
        var nonces = Of(1, 7);

        var drawn = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Drawn(nonces, 1_000))));

        Assert.Equal(4_000, drawn.SelectMany(some => some).Distinct().Count());
    }

    private static RequestId[] Drawn(Nonces nonces, int count) => [.. Enumerable.Range(0, count).Select(_ => nonces.Next())];

    private static Nonces Of(ulong self, ulong seed, PersistentState? recovered = null) => new(Raft.Boot(
        new NodeId(self), Configuration.Of(1, 2, 3), Settings.Default with { Seed = seed },
        recovered ?? PersistentState.Fresh).State);
}
