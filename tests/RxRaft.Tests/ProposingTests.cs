using System.Linq;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>Commands as a user gives them to a node.</summary>
public sealed class ProposingTests
{
    [Fact]
    public void A_command_proposed_at_the_leader_is_answered_with_what_the_state_machine_says()
    {
        var trio = Trio.Led();

        Assert.Equal(1, trio.Result(trio.Leader.ProposeAsync("a")));
        Assert.Equal(new Outcome<int>.Applied(2), trio.Result(trio.Leader.TryProposeAsync("b")));
    }

    [Fact]
    public void A_command_proposed_at_a_follower_is_forwarded_and_answered_there()
    {
        var trio = Trio.Led();

        Assert.Equal(1, trio.Result(trio.Follower.ProposeAsync("a")));
        Assert.Equal(new Outcome<int>.Applied(2), trio.Result(trio.Follower.TryProposeAsync("b")));
        Assert.Equal(["a", "b"], Trio.Taken(trio.Follower));
    }

    [Fact]
    public void With_forwarding_off_a_follower_says_who_leads_and_does_nothing()
    {
        var trio = Trio.Led(settings => settings with { ForwardProposals = false });

        var outcome = trio.Result(trio.Follower.TryProposeAsync("a"));
        trio.Pass(1_000);

        Assert.Equal(new Outcome<int>.NotLeader(trio.Leader.Self), outcome);
        Assert.Empty(Trio.Taken(trio.Leader));
    }

    [Fact]
    public void With_forwarding_off_ProposeAsync_waits_at_a_follower_until_that_leads()
    {
        var trio = Trio.Led(settings => settings with { ForwardProposals = false });
        var follower = trio.Follower;

        var asked = follower.ProposeAsync("a");
        trio.Pass(1_000);
        Assert.False(asked.IsCompleted);

        Assert.Equal(new Outcome.Done(), trio.Result(trio.Leader.TransferLeadershipAsync(follower.Self)));
        Assert.Equal(1, trio.Result(asked));
    }

    [Fact]
    public void Without_a_leader_TryProposeAsync_says_so_and_ProposeAsync_waits_for_one()
    {
        var trio = new Trio();

        Assert.Equal(new Outcome<int>.NotLeader(None), trio.Result(trio[1].TryProposeAsync("a"), seconds: 0.01));
        Assert.Equal(1, trio.Result(trio[1].ProposeAsync("b")));
    }

    [Fact]
    public void A_command_is_applied_once_though_its_node_has_to_try_again_with_another_leader()
    {
        var trio = Trio.Led();
        var (old, client) = (trio.Leader, trio.Follower);
        trio.Result(client.ProposeAsync("before"));
        trio.CutOff(old);

        var asked = client.ProposeAsync("a");
        trio.Until(() => trio.Leader != old, "another leader");
        trio.Rejoin(old);

        Assert.Equal(2, trio.Result(asked));
        trio.Until(() => trio.Followers.ForAll(node => Trio.Taken(node).Length == 2), "agreement");
        Assert.Equal(["before", "a"], Trio.Taken(old));
    }

    [Fact]
    public void A_command_that_is_tried_again_after_it_was_applied_is_answered_with_what_came_of_it_then()
    {
        var trio = Trio.Led();
        var client = trio.Follower;
        trio.Result(client.ProposeAsync("before"));
        var asked = client.ProposeAsync("a");
        var last = trio.Leader.State.Log.LastIndex;
        while (trio.Leader.State.Log.LastIndex == last) trio.Time.AdvanceBy(1);            // the leader has it,
        trio.CutOff(client);                                                              // and its client hears of nothing
        trio.Pass(1_000);
        Assert.Equal(2, Trio.Taken(trio.Leader).Length);
        Assert.False(asked.IsCompleted);

        trio.Rejoin(client);

        Assert.Equal(2, trio.Result(asked));
        trio.Pass(1_000);
        Assert.Equal(["before", "a"], Trio.Taken(client));
    }

    [Fact]
    public void Commands_of_one_caller_that_are_proposed_together_are_each_applied_once()
    {
        var trio = Trio.Led();

        var asked = Enumerable.Range(0, 100).Select(n => trio.Follower.ProposeAsync($"{n}")).ToArray();
        var told = trio.Result(Task.WhenAll(asked));

        Assert.Equal(Enumerable.Range(1, 100), told.Order());
        Assert.Equal(100, Trio.Taken(trio.Leader).Distinct().Count());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_command_that_is_too_large_is_rejected_and_the_limit_named(bool atLeader)
    {
        var trio = Trio.Led(settings => settings with { Limits = new() { MaxCommandBytes = 10 } });
        var node = atLeader ? trio.Leader : trio.Follower;

        var failure = trio.Failure<RequestFailedException>(node.ProposeAsync("12345678901"));
        var outcome = Assert.IsType<Outcome<int>.Rejected>(trio.Result(node.TryProposeAsync("12345678901")));

        Assert.IsType<Outcome.Rejected>(failure.Outcome);
        Assert.All(new[] { failure.Message, outcome.Reason }, words =>
            Assert.Contains("the command has 11 bytes, and MaxCommandBytes is 10", words, StringComparison.Ordinal));
        Assert.Equal(1, trio.Result(node.ProposeAsync("1234567890")));                    // the limit is inclusive
    }

    [Fact]
    public void Over_a_limit_TryProposeAsync_says_which_and_ProposeAsync_waits()
    {
        var trio = Trio.Led(settings => settings with { Limits = new() { MaxPendingProposals = 2 } });
        trio.Result(trio.Leader.ProposeAsync("first"));

        var tried = Enumerable.Range(0, 5).Select(n => trio.Leader.TryProposeAsync($"{n}")).ToArray();
        var asked = Enumerable.Range(0, 5).Select(n => trio.Leader.ProposeAsync($"more {n}")).ToArray();

        Assert.Contains(new Outcome<int>.Busy("MaxPendingProposals is 2"), trio.Result(Task.WhenAll(tried)));
        Assert.Equal(5, trio.Result(Task.WhenAll(asked)).Distinct().Count());
    }

    [Fact]
    public void Null_is_no_command_nor_anything_else_that_a_node_is_asked()
    {
        var trio = Trio.Led();

        Assert.Throws<ArgumentNullException>("command", () => { _ = trio.Leader.ProposeAsync(null!); });
        Assert.Throws<ArgumentNullException>("command", () => { _ = trio.Leader.TryProposeAsync(null!); });
        Assert.Throws<ArgumentNullException>("read", () => { _ = trio.Leader.ReadAsync<int>(null!); });
        Assert.Throws<ArgumentNullException>("change", () => { _ = trio.Leader.ReconfigureAsync(null!); });
        Assert.Throws<ArgumentNullException>("work", () => { _ = trio.Leader.WhileLeaderAsync(null!); });
    }

    [Fact]
    public void A_command_that_cannot_be_written_fails_its_caller_at_once_and_nobody_else()
    {
        var trio = new Trio();                                                            // nobody leads yet

        var asked = trio[1].ProposeAsync(Notes.Unwritable);
        var tried = trio[1].TryProposeAsync(Notes.Unwritable);

        Assert.All(new Task[] { asked, tried }, task =>
            Assert.Equal(Notes.Unwritable, Assert.IsType<InvalidOperationException>(task.Exception?.InnerException).Message));
        Assert.Equal(1, trio.Result(trio[1].ProposeAsync("a")));
    }

    [Fact]
    public void A_node_whose_session_the_cluster_forgot_opens_another_for_what_it_proposes_next()
    {
        var trio = Trio.Led(settings => settings with { Limits = new() { MaxSessions = 1 } });
        trio.Result(trio[1].ProposeAsync("a"));
        trio.Result(trio[2].ProposeAsync("b"));                                           // its session takes S1's place

        Assert.IsType<Outcome<int>.SessionExpired>(trio.Result(trio[1].TryProposeAsync("c")));
        Assert.Equal(3, trio.Result(trio[1].ProposeAsync("d")));
        Assert.Equal(4, trio.Result(trio[2].ProposeAsync("e")));                          // notices by itself
        Assert.Equal(["a", "b", "d", "e"], Trio.Taken(trio[2]));
    }

    [Fact]
    public void A_session_that_expires_between_two_tries_leaves_the_outcome_unknown()
    {
        var trio = Trio.Led(settings => settings with { Limits = new() { MaxSessions = 1 } });
        var (client, others) = (trio.Follower, trio.Followers.Tail);
        trio.Result(client.ProposeAsync("a"));
        trio.CutOff(client);
        var asked = client.ProposeAsync("b");
        trio.Pass(1_000);                                                                 // it has tried, in vain
        trio.Result(others[0].ProposeAsync("c"));
        trio.Rejoin(client);

        var failure = trio.Failure<RequestFailedException>(asked);

        Assert.IsType<Outcome.Unknown>(failure.Outcome);
        Assert.Contains("forgotten the node's session", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_leader_with_other_limits_does_not_know_what_became_of_what_was_tried_before_it()
    {
        var trio   = Trio.Led();
        var client = trio.Follower;
        trio.Result(client.ProposeAsync("a"));
        var asked = client.ProposeAsync("12345");
        trio.CutOff(client);
        trio.Pass(1_000);                                                                 // no answer came
        foreach (var other in trio.All.Filter(node => node != client))
        {
            var stopped = other.DisposeAsync().AsTask();
            trio.Until(() => stopped.IsCompleted, "a node has stopped");
            trio.Start(other.Self, change: settings => settings with { Limits = new() { MaxCommandBytes = 4 } });
        }

        trio.Rejoin(client);

        Assert.IsType<Outcome.Unknown>(trio.Failure<RequestFailedException>(asked).Outcome);
    }
}
