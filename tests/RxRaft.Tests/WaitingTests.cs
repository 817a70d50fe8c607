using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>What becomes of those who wait for a node when they no longer want to, or it is no more.</summary>
public sealed class WaitingTests
{
    [Fact]
    public void Cancellation_abandons_the_wait_and_not_the_command()
    {
        var trio = Trio.Led();
        trio.Result(trio.Follower.ProposeAsync("first"));
        using var impatient = new CancellationTokenSource();

        var asked = trio.Follower.ProposeAsync("a", impatient.Token);
        impatient.Cancel();

        Assert.True(asked.IsCanceled);
        trio.Until(() => Trio.Taken(trio.Leader).Contains("a"), "the command is applied");
        Assert.Equal(3, trio.Result(trio.Follower.ProposeAsync("next")));                 // and hurts nobody
    }

    [Fact]
    public void Cancellation_ends_the_waiting_for_a_leader_and_for_a_session()
    {
        var trio = new Trio();
        using var impatient = new CancellationTokenSource();
        var asked = trio[1].ProposeAsync("a", impatient.Token);
        trio.Pass(1);

        impatient.Cancel();

        Assert.True(asked.IsCanceled);
    }

    [Fact]
    public void What_is_cancelled_before_it_is_asked_is_not_asked()
    {
        var trio = Trio.Led();
        trio.Result(trio.Leader.ProposeAsync("a"));
        var late = new CancellationToken(canceled: true);

        Task[] asked =
        [
            trio.Leader.ProposeAsync("b", late), trio.Leader.TryProposeAsync("c", late), trio.Leader.ReadAsync(_ => 1, late),
            trio.Leader.AddAsync(new NodeId(2), late), trio.Leader.TransferLeadershipAsync(trio.Follower.Self, late),
        ];
        trio.Pass(1_000);

        Assert.All(asked, task => Assert.True(task.IsCanceled));
        Assert.Equal(["a"], Trio.Taken(trio.Leader));
        Assert.Equal("a", Assert.Single(trio.Result(trio.Leader.ReadAsync(state => state))));
    }

    [Fact]
    public void What_a_node_is_asked_while_it_stops_ends_and_says_that_nobody_knows()
    {
        var trio = Trio.Led();
        trio.Result(trio.Follower.ProposeAsync("a"));
        var stopped = trio.Follower;
        trio.CutOff(stopped);
        var tried = stopped.TryProposeAsync("b");
        Task[] asked = [stopped.ProposeAsync("c"), stopped.ReadAsync(state => state.Count)];
        trio.Pass(1);

        stopped.StopAtOnce();

        Assert.Equal(new Outcome<int>.Unknown(), trio.Result(tried));
        Assert.All(asked, task => Assert.Equal(
            $"Node {stopped.Self} has stopped", trio.Failure<ObjectDisposedException>(task).Message));
    }

    [Fact]
    public async Task A_node_that_was_disposed_of_is_asked_nothing()
    {
        var trio = Trio.Led();
        var node = trio.Leader;
        trio.Result(node.ProposeAsync("a"));
        await node.DisposeAsync();

        List<Task> asked =
        [
            node.ProposeAsync("b"), node.TryProposeAsync("b"), node.ReadAsync(_ => 1), node.AddAsync(new NodeId(4)),
            node.RemoveAsync(new NodeId(2)), node.TransferLeadershipAsync(new NodeId(2)),
            node.ReconfigureAsync(new MembershipChange.AddLearner(new NodeId(99))),       // not even whom it could reach
        ];

        Assert.All(asked, task => Assert.IsType<ObjectDisposedException>(task.Exception?.InnerException));
    }
}
