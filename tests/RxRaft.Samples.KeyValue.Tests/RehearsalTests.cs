using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>What a node does before it has to elect a leader in a hurry.</summary>
public sealed class RehearsalTests
{
    [Fact]
    public async Task Leaders_are_elected_and_lost_until_one_node_is_left() =>
        Assert.True(await Rehearsal.Run(CancellationToken.None));

    [Fact]
    public async Task One_that_cannot_be_does_not_end_the_node_that_it_is_for() => Assert.False(await Rehearsal.Run(
        CancellationToken.None, _ => throw new System.Net.Sockets.SocketException(10024)));   // no descriptors

    [Fact]
    public async Task It_ends_with_the_node_that_it_is_for() =>
        Assert.False(await Rehearsal.Run(new CancellationToken(canceled: true)));
}
