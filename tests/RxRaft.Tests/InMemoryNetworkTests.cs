using System.Collections.Generic;
using System.Linq;
using System.Reactive.Linq;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>Wires in one process: in order, once, and lost where nobody is.</summary>
public sealed class InMemoryNetworkTests
{
    private static readonly NodeId S1 = new(1);
    private static readonly NodeId S2 = new(2);
    private static readonly NodeId S9 = new(9);

    private readonly InMemoryNetwork network = new(Configuration.Of(1, 2));

    [Fact]
    public void Messages_arrive_once_in_order_with_the_name_of_their_sender()
    {
        var heard = Listen(S2);

        network.Wire(S1).Send(S2, Beat(1));
        network.Wire(S1).Send(S2, Beat(2));

        Assert.Equal([(S1, 1UL), (S1, 2UL)], heard);
    }

    [Fact]
    public void What_is_sent_to_nobody_or_to_one_who_does_not_listen_is_lost()
    {
        network.Wire(S1).Send(S2, Beat(1));
        network.Wire(S1).Send(S9, Beat(2));

        Assert.Empty(Listen(S2));
        Assert.Empty(Listen(S9));
    }

    [Fact]
    public void Members_know_each_other_from_the_start_and_a_newcomer_once_it_is_connected()
    {
        var wire = network.Wire(S1);
        Assert.True(wire.Knows(S2));
        Assert.False(wire.Knows(S9));

        var newcomer = network.Wire(S9);

        Assert.True(wire.Knows(S9));
        Assert.True(newcomer.Knows(S1));
        Assert.Equal(S9, newcomer.Self);
    }

    [Fact]
    public void A_newcomer_hears_and_is_heard_over_wires_that_were_there_before_it()
    {
        var (before, at1) = (network.Wire(S1), Listen(S1));
        var newcomer = network.Wire(S9);
        var at9 = Listen(S9);

        before.Send(S9, Beat(1));
        newcomer.Send(S1, Beat(2));

        Assert.Equal([(S1, 1UL)], at9);
        Assert.Equal([(S9, 2UL)], at1);
    }

    [Fact]
    public void A_wire_that_is_asked_for_again_is_the_same_one()
    {
        var heard = Listen(S9);
        _ = network.Wire(S9);                                                       // as after a restart

        network.Wire(S1).Send(S9, Beat(1));

        Assert.Single(heard);
    }

    [Fact]
    public async Task However_many_connect_at_once_all_are_known()
    {
        await Task.WhenAll(Enumerable.Range(10, 200).Select(id => Task.Run(() => network.Wire(new NodeId((ulong)id)))));

        Assert.All(Enumerable.Range(10, 200), id => Assert.True(network.Wire(S1).Knows(new NodeId((ulong)id))));
    }

    private List<(NodeId From, ulong Term)> Listen(NodeId node)
    {
        var heard = new List<(NodeId, ulong)>();
        network.Wire(node).Received.SelectMany(together => together)
            .Subscribe(message => heard.Add((message.From, message.Message.Term.Value)));
        return heard;
    }

    private static Message Beat(ulong term) => Harness.Heartbeat(term, round: 1);
}
