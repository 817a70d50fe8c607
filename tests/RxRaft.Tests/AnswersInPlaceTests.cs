using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>Where callers go on when they are answered.</summary>
public sealed class AnswersInPlaceTests
{
    [Fact]
    public async Task Callers_never_go_on_on_the_nodes_threads_unless_they_asked_for_it()
    {
        var answers = await Answers(answersInPlace: false);

        Assert.DoesNotContain(answers, answer => answer.WentOn.Name is "raft S1" or "raft S1 machine");
    }

    [Fact]
    public async Task Who_asked_for_it_goes_on_where_the_answer_becomes_known()
    {
        var answers = await Answers(answersInPlace: true);

        Assert.All(answers, answer => Assert.Equal(answer.Known, answer.WentOn));
        Assert.Contains(answers, answer => answer.WentOn != answer.Caller);
    }

    /// <summary>On which thread the answer became known, and on which who asked goes on.</summary>
    private sealed record Answer(Thread Caller, Thread Known, Thread WentOn);

    private static async Task<Seq<Answer>> Answers(bool answersInPlace)
    {
        var (self, alone) = (new NodeId(1), Configuration.Of(1));
        await using var node = RaftNode.Start(
            self, alone, new InMemoryNetwork(alone).Wire(self), new InMemoryDisk(), Notes.Machine,
            answersInPlace: answersInPlace);
        await node.ProposeAsync("the session is open");

        var (answers, over) = (Seq<Answer>(), new TaskCompletionSource());
        using var waits = new ManualResetEventSlim(initialState: true);
        Thread? known = null;
        var caller = new Thread(() =>
        {
            var asks = Thread.CurrentThread;
            for (var n = 0; n < 500; n++)
            {
                using var told = new ManualResetEventSlim();
                waits.Reset();
                var result = node.ProposeAsync("x");
                result.ContinueWith(
                    _ =>
                    {
                        answers = answers.Add(new(asks, known!, Thread.CurrentThread));
                        told.Set();
                    },
                    CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
                waits.Set();
                told.Wait();
            }

            over.SetResult();
        });

        // Who asked is there before another thread tells him: else he would find his answer, and go on by himself.
        using var states = node.States.Subscribe(_ =>
        {
            known = Thread.CurrentThread;
            if (known != caller) waits.Wait();
        });
        caller.IsBackground = true;
        caller.Start();
        await over.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return answers;
    }
}
