using System.Reactive.Concurrency;
using System.Reactive.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>A node whose steps run on a real scheduler that the user brought.</summary>
public sealed class OwnSchedulerTests
{
    [Fact]
    public async Task Work_that_blocks_its_thread_does_not_keep_the_node_from_losing_its_lease()
    {
        var cluster = Configuration.Of(1, 2, 3);
        var network = new InMemoryNetwork(cluster);
        using var loop = new EventLoopScheduler();
        var node = RaftNode.Start(new NodeId(1), cluster, network.Wire(new NodeId(1)), new InMemoryDisk(), scheduler: loop);
        using var peer = network.Wire(new NodeId(2)).Received.SelectMany(together => together)
            .Subscribe(asked => Agree(network, asked.Message));
        var lost = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        var call = node.WhileLeaderAsync((_, token) =>
        {
            using var released = new ManualResetEventSlim();
            using var registered = token.Register(released.Set);
            peer.Dispose();                                                         // from now on nobody answers
            released.Wait(TimeSpan.FromSeconds(60), CancellationToken.None);        // a thread is blocked; not the node's
            if (token.IsCancellationRequested) lost.SetResult();
            return Task.CompletedTask;
        });

        await lost.Task.WaitAsync(TimeSpan.FromSeconds(60));
        await node.Role.FirstAsync(role => role is not Role.Leader).Timeout(TimeSpan.FromSeconds(60));
        await node.DisposeAsync();
        await call;
        await Observable.Return(1, loop);                                           // the scheduler is still the user's
    }

    private static void Agree(InMemoryNetwork network, Message message)
    {
        Message? answer = message switch
        {
            Message.PreVote asked => new Message.PreVoteReply(asked.Term, asked.Round, VoteGranted: true),
            Message.RequestVote asked => new Message.RequestVoteReply(asked.Term, VoteGranted: true),
            Message.AppendEntries asked => new Message.AppendEntriesReply(
                asked.Term, asked.Round, new AppendResult.Success(asked.LastIndex)),
            _ => null,
        };
        if (answer is not null) network.Wire(new NodeId(2)).Send(new NodeId(1), answer);
    }
}
