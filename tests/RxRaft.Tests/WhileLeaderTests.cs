using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>WhileLeaderAsync of one node, whose only peers are the test.</summary>
public sealed class WhileLeaderTests
{
    private readonly Harness node = new(Configuration.Of(1, 2, 3));
    private readonly List<(Term Term, CancellationToken Lost)> runs = [];

    [Fact]
    public void The_work_starts_when_a_quorum_has_answered_the_new_leader_and_not_before()
    {
        _ = node.Node.WhileLeaderAsync(UntilCancelled);
        Elect();
        node.Pass(10);
        Assert.IsType<Role.Leader>(State.Role);
        Assert.Empty(runs);

        Answer();
        node.Pass(1);

        Assert.Equal(State.CurrentTerm, Assert.Single(runs).Term);
        Assert.False(runs[0].Lost.IsCancellationRequested);
    }

    [Fact]
    public void The_lease_counts_from_when_the_heartbeats_were_sent_not_from_when_they_were_answered()
    {
        _ = node.Node.WhileLeaderAsync(UntilCancelled);
        Elect();
        var sent = node.Time.Clock;
        node.Pass(100);
        Answer(round: 2);                                                           // the first of this term: round 1 was its PreVote
        node.Pass(1);
        Assert.Single(runs);

        node.Time.AdvanceTo(sent + Harness.Seeded.LeaseDuration.Ticks - 10_000);
        Assert.False(runs[0].Lost.IsCancellationRequested);

        node.Time.AdvanceTo(sent + Harness.Seeded.LeaseDuration.Ticks);
        Assert.True(runs[0].Lost.IsCancellationRequested);
        Assert.IsType<Role.Leader>(State.Role);                                     // it still holds its office
    }

    [Fact]
    public void A_leader_that_regains_its_lease_in_the_same_term_runs_the_work_again_with_the_same_token()
    {
        _ = node.Node.WhileLeaderAsync(UntilCancelled);
        Lead();
        node.Pass(200);
        Assert.True(runs[0].Lost.IsCancellationRequested);

        Answer();
        node.Pass(1);

        Assert.Equal(2, runs.Count);
        Assert.Equal(runs[0].Term, runs[1].Term);
        Assert.False(runs[1].Lost.IsCancellationRequested);
    }

    [Fact]
    public void The_work_is_cancelled_in_the_step_in_which_a_newer_term_is_heard()
    {
        _ = node.Node.WhileLeaderAsync(UntilCancelled);
        Lead();

        node.Hear(2, new Message.AppendEntriesReply(new Term(9), Round.Zero, new AppendResult.StaleTerm()));
        node.Pass(0.001);

        Assert.True(Assert.Single(runs).Lost.IsCancellationRequested);
    }

    [Fact]
    public void Two_runs_never_overlap_however_long_a_cancelled_one_takes()
    {
        var slow = new TaskCompletionSource();
        _ = node.Node.WhileLeaderAsync((term, lost) =>
        {
            runs.Add((term, lost));
            return runs.Count == 1 ? slow.Task : Task.CompletedTask;
        });
        Lead();
        node.Pass(200);
        Answer();
        node.Pass(1);
        Assert.Single(runs);

        slow.SetResult();
        node.Pass(1);
        Assert.Equal(2, runs.Count);
    }

    [Fact]
    public void A_lease_that_was_lost_before_its_run_could_start_starts_nothing()
    {
        var slow = new TaskCompletionSource();
        _ = node.Node.WhileLeaderAsync((term, lost) =>
        {
            runs.Add((term, lost));
            return slow.Task;
        });
        Lead();
        node.Pass(200);
        Answer();
        node.Pass(200);

        slow.SetResult();
        node.Pass(1);

        Assert.Single(runs);
    }

    [Fact]
    public void Work_that_returns_by_itself_is_done_for_its_term()
    {
        _ = node.Node.WhileLeaderAsync((term, lost) =>
        {
            runs.Add((term, lost));
            return Task.CompletedTask;
        });
        Lead();
        node.Pass(200);
        Answer();
        node.Pass(1);

        Assert.Single(runs);
    }

    [Fact]
    public async Task Work_that_fails_fails_the_call_and_is_not_started_again()
    {
        var call = node.Node.WhileLeaderAsync((term, lost) =>
        {
            runs.Add((term, lost));
            throw new InvalidOperationException("work");
        });
        Lead();

        Assert.Equal("work", (await Assert.ThrowsAsync<InvalidOperationException>(() => call)).Message);
        node.Pass(200);
        Answer();
        node.Pass(1);
        Assert.Single(runs);
        Assert.False(node.Node.Completion.IsCompleted);                             // the node goes on
    }

    [Fact]
    public async Task Stopping_cancels_the_work_and_ends_the_call()
    {
        using var stop = new CancellationTokenSource();
        var call = node.Node.WhileLeaderAsync(UntilCancelled, stop.Token);
        Lead();

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
        Lead();

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
    public async Task A_node_that_halts_cancels_the_work_and_fails_the_call_with_the_reason()
    {
        var call = node.Node.WhileLeaderAsync(UntilCancelled);
        Lead();

        node.Hear(2, Harness.Heartbeat(State.CurrentTerm.Value, round: 1));         // another leader of this term
        node.Pass(1);

        await Assert.ThrowsAsync<InvariantViolationException>(() => call);
        Assert.True(Assert.Single(runs).Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task After_the_node_has_stopped_nothing_starts_any_more()
    {
        Lead();
        await node.Node.DisposeAsync();

        await node.Node.WhileLeaderAsync(UntilCancelled);

        Assert.Empty(runs);
    }

    private NodeState State
    {
        get
        {
            var state = default(NodeState);
            using var latest = node.Node.Transitions.Subscribe(step => state = step.State);
            return state!;
        }
    }

    private Task UntilCancelled(Term term, CancellationToken lost)
    {
        runs.Add((term, lost));
        var cancelled = new TaskCompletionSource();
        lost.Register(cancelled.SetResult);
        return cancelled.Task;
    }

    private void Lead()
    {
        Elect();
        Answer();
        node.Pass(1);
    }

    /// <summary>S2 grants the pre-vote and the vote.</summary>
    private void Elect()
    {
        while (State.Role is Role.Follower) node.Pass(1);
        node.Hear(2, new Message.PreVoteReply(State.CurrentTerm, State.Round, true));
        node.Pass(5);
        node.Hear(2, new Message.RequestVoteReply(State.CurrentTerm, true));
        node.Pass(0.001);
        Assert.IsType<Role.Leader>(State.Role);
    }

    /// <summary>S2 answers the leader's latest round, or another.</summary>
    private void Answer(ulong? round = null) => node.Hear(2, new Message.AppendEntriesReply(
        State.CurrentTerm, round is { } other ? new Round(other) : State.Round, new AppendResult.Success(LogIndex.Zero)));
}
