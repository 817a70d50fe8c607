using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>WhileLeaderAsync of one node, whose only peers are the test.</summary>
public sealed class WhileLeaderTests
{
    private readonly Harness node = new(Configuration.Of(1, 2, 3));
    private readonly Runs runs = [];

    [Fact]
    public void The_work_starts_when_a_quorum_has_answered_the_new_leader_and_not_before()
    {
        _ = node.Node.WhileLeaderAsync(runs.UntilCancelled);
        node.Elect();
        node.Pass(10);
        Assert.IsType<Role.Leader>(node.Node.State.Role);
        Assert.Empty(runs);

        node.Answer();
        node.Pass(1);

        Assert.Equal(node.Node.State.CurrentTerm, Assert.Single(runs).Term);
        Assert.False(runs[0].Lost.IsCancellationRequested);
    }

    [Fact]
    public void However_long_a_node_took_to_start_its_lease_and_its_steps_go_by_one_clock()
    {
        var slow = new Harness(Configuration.Of(1, 2, 3), starting: TimeSpan.FromSeconds(1));
        _ = slow.Node.WhileLeaderAsync(runs.UntilCancelled);

        slow.Lead();

        Assert.False(Assert.Single(runs).Lost.IsCancellationRequested);
    }

    [Fact]
    public void The_lease_counts_from_when_the_heartbeats_were_sent_not_from_when_they_were_answered()
    {
        _ = node.Node.WhileLeaderAsync(runs.UntilCancelled);
        node.Elect();
        var sent = node.Time.Clock;
        node.Pass(100);
        node.Answer(round: 2);                                                           // the first of this term: round 1 was its PreVote
        node.Pass(1);
        Assert.Single(runs);

        node.Time.AdvanceTo(sent + Harness.Seeded.LeaseDuration.Ticks - 10_000);
        Assert.False(runs[0].Lost.IsCancellationRequested);

        node.Time.AdvanceTo(sent + Harness.Seeded.LeaseDuration.Ticks);
        Assert.True(runs[0].Lost.IsCancellationRequested);
        Assert.IsType<Role.Leader>(node.Node.State.Role);                                     // it still holds its office
    }

    [Fact]
    public void A_leader_that_regains_its_lease_in_the_same_term_runs_the_work_again_with_the_same_token()
    {
        _ = node.Node.WhileLeaderAsync(runs.UntilCancelled);
        node.Lead();
        node.Pass(200);
        Assert.True(runs[0].Lost.IsCancellationRequested);

        node.Answer();
        node.Pass(1);

        Assert.Equal(2, runs.Count);
        Assert.Equal(runs[0].Term, runs[1].Term);
        Assert.False(runs[1].Lost.IsCancellationRequested);
    }

    [Fact]
    public void The_work_is_cancelled_in_the_step_in_which_a_newer_term_is_heard()
    {
        _ = node.Node.WhileLeaderAsync(runs.UntilCancelled);
        node.Lead();

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
        node.Lead();
        node.Pass(200);
        node.Answer();
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
        node.Lead();
        node.Pass(200);
        node.Answer();
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
        node.Lead();
        node.Pass(200);
        node.Answer();
        node.Pass(1);

        Assert.Single(runs);
    }
}
