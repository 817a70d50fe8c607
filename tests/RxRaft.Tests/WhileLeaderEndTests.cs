using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>How WhileLeaderAsync ends: by failing work, by its caller, with its node.</summary>
public sealed class WhileLeaderEndTests
{
    private readonly Harness node = new(Configuration.Of(1, 2, 3));
    private readonly Runs runs = [];

    [Fact]
    public async Task Work_that_fails_fails_the_call_and_is_not_started_again()
    {
        var call = node.Node.WhileLeaderAsync((term, lost) =>
        {
            runs.Add((term, lost));
            throw new InvalidOperationException("work");
        });
        node.Lead();

        Assert.Equal("work", (await Assert.ThrowsAsync<InvalidOperationException>(() => call)).Message);
        node.Pass(200);
        node.Answer();
        node.Pass(1);
        Assert.Single(runs);
        Assert.False(node.Node.Completion.IsCompleted);                             // the node goes on
    }

    [Fact]
    public async Task Stopping_cancels_the_work_and_ends_the_call()
    {
        using var stop = new CancellationTokenSource();
        var call = node.Node.WhileLeaderAsync(runs.UntilCancelled, stop.Token);
        node.Lead();

        await stop.CancelAsync();
        await call;

        Assert.True(Assert.Single(runs).Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task Disposing_the_node_cancels_the_work_and_waits_for_it_while_the_node_still_leads()
    {
        var returned = new TaskCompletionSource();
        var call = node.Node.WhileLeaderAsync((term, lost) =>
        {
            runs.Add((term, lost));
            return returned.Task;
        });
        node.Lead();

        var disposing = node.Node.DisposeAsync().AsTask();
        Assert.True(Assert.Single(runs).Lost.IsCancellationRequested);
        Assert.False(disposing.IsCompleted);
        Assert.False(node.Node.Completion.IsCompleted);

        returned.SetResult();
        await disposing;
        await call;
        Assert.True(node.Node.Completion.IsCompleted);
    }

    [Fact]
    public async Task Work_may_dispose_of_its_own_node()
    {
        var call = node.Node.WhileLeaderAsync((_, _) => node.Node.DisposeAsync().AsTask());
        node.Lead();

        await call.WaitAsync(TimeSpan.FromSeconds(60));
        await node.Node.Completion.WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task A_halt_ends_the_work_whatever_other_observers_do()
    {
        using var careless = node.Node.Transitions.Subscribe(_ => { });             // has no answer to errors
        var call = node.Node.WhileLeaderAsync(runs.UntilCancelled);
        node.Lead();

        node.Hear(2, Harness.Heartbeat(node.Node.State.CurrentTerm.Value, round: 1));
        node.Pass(1);

        await Assert.ThrowsAsync<InvariantViolationException>(() => call.WaitAsync(TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void Work_that_was_stopped_before_it_could_start_is_not_started()
    {
        node.Lead();

        _ = node.Node.WhileLeaderAsync(runs.UntilCancelled, new CancellationToken(canceled: true));
        node.Pass(1);

        Assert.Empty(runs);
    }

    [Fact]
    public async Task A_node_that_halts_cancels_the_work_and_fails_the_call_with_the_reason()
    {
        var call = node.Node.WhileLeaderAsync(runs.UntilCancelled);
        node.Lead();

        node.Hear(2, Harness.Heartbeat(node.Node.State.CurrentTerm.Value, round: 1));         // another leader of this term
        node.Pass(1);

        await Assert.ThrowsAsync<InvariantViolationException>(() => call);
        Assert.True(Assert.Single(runs).Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task After_the_node_has_stopped_nothing_starts_any_more()
    {
        node.Lead();
        await node.Node.DisposeAsync();

        await node.Node.WhileLeaderAsync(runs.UntilCancelled);

        Assert.Empty(runs);
    }
}
