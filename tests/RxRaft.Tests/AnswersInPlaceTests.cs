using System.Threading;
using System.Threading.Tasks;
using Names = System.Collections.Generic.HashSet<string>;

namespace RxRaft.Tests;

/// <summary>Where callers go on when they are answered.</summary>
public sealed class AnswersInPlaceTests
{
    private const string Caller = "caller";             // who had its answer before it waited

    [Fact]
    public async Task Callers_never_go_on_on_the_nodes_threads_unless_they_asked_for_it()
    {
        var threads = await WhereCallersGoOn(answersInPlace: false);

        Assert.DoesNotContain("raft S1", threads);
        Assert.DoesNotContain("raft S1 machine", threads);
    }

    [Fact]
    public async Task Who_asked_for_it_goes_on_where_the_answer_becomes_known()
    {
        var threads = await WhereCallersGoOn(answersInPlace: true);

        Assert.Contains("raft S1 machine", threads);    // a new machine has not yet proved that it is quick
        Assert.All(threads, name => Assert.Contains(name, (string[])[Caller, "raft S1", "raft S1 machine"]));
    }

    private static async Task<Names> WhereCallersGoOn(bool answersInPlace)
    {
        var (self, alone) = (new NodeId(1), Configuration.Of(1));
        await using var node = RaftNode.Start(
            self, alone, new InMemoryNetwork(alone).Wire(self), new InMemoryDisk(), Notes.Machine,
            answersInPlace: answersInPlace);
        await node.ProposeAsync("the session is open");

        var (names, over) = (new Names(), new TaskCompletionSource());
        var caller = new Thread(() =>
        {
            for (var n = 0; n < 500; n++)
            {
                using var told = new ManualResetEventSlim();
                node.ProposeAsync("x").ContinueWith(
                    _ =>
                    {
                        names.Add(Thread.CurrentThread.Name ?? "the pool");
                        told.Set();
                    },
                    CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                told.Wait();
            }

            over.SetResult();
        });
        (caller.IsBackground, caller.Name) = (true, Caller);
        caller.Start();
        await over.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return names;
    }
}
