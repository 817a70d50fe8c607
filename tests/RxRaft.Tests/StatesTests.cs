using System.Collections.Generic;
using System.Linq;
using System.Reactive.Linq;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>The states of a node's state machine, as its user watches them.</summary>
public sealed class StatesTests
{
    [Fact]
    public void Before_anything_is_applied_there_is_the_initial_state_at_0()
    {
        var trio = new Trio();

        Assert.Equal((LogIndex.Zero, Notes.Machine.Initial), Trio.Latest(trio[1]));
    }

    [Fact]
    public void Every_committed_state_is_seen_in_order_with_its_index_on_every_node()
    {
        var trio = new Trio();
        var seen = trio.All.Map(Watch).Strict();
        trio.Until(() => trio.Followers.Count == 2, "a leader");

        trio.Result(Task.WhenAll(Enumerable.Range(0, 20).Select(n => trio[1].ProposeAsync($"{n}"))));
        trio.Pass(100);

        var last = trio.Leader.State.CommitIndex;
        Assert.All(seen, states =>
        {
            Assert.Equal(Enumerable.Range(0, (int)last.Value + 1).Select(index => (ulong)index), states.Select(one => one.Index.Value));
            Assert.All(states.Zip(states.Skip(1)), pair =>
                Assert.Equal(pair.Item1.State, pair.Item2.State.Take(pair.Item1.State.Count)));
        });
        Assert.Equal(seen[0], seen[1]);
        Assert.Equal(seen[0], seen[2]);
    }

    [Fact]
    public void A_late_subscriber_gets_the_present_state_first_and_then_every_one_after_it()
    {
        var trio = Trio.Led();
        trio.Result(trio.Leader.ProposeAsync("a"));
        trio.Result(trio.Leader.ProposeAsync("b"));
        var present = trio.Leader.State.LastApplied;

        var seen = Watch(trio.Leader);
        Assert.Equal((present, Array("a", "b")), Assert.Single(seen));

        trio.Result(trio.Leader.ProposeAsync("c"));
        Assert.Equal((present.Next, Array("a", "b", "c")), seen[1]);
    }

    [Fact]
    public void A_state_is_seen_before_its_client_is_answered()
    {
        var trio = Trio.Led();
        var order = new List<string>();
        using var watching = trio.Leader.States.Skip(1).Where(now => now.State.Count > 0).Subscribe(_ => order.Add("seen"));

        var asked = trio.Leader.ProposeAsync("a");
        _ = asked.ContinueWith(_ => order.Add("told"), TaskContinuationOptions.ExecuteSynchronously);
        trio.Result(asked);

        Assert.Equal(["seen", "told"], order);
    }

    [Fact]
    public async Task States_complete_when_the_node_is_disposed_of_and_a_later_subscriber_gets_the_last()
    {
        var trio = Trio.Led();
        trio.Result(trio.Leader.ProposeAsync("a"));
        var (node, ended) = (trio.Leader, false);
        using var watching = node.States.Subscribe(_ => { }, () => ended = true);

        await node.DisposeAsync();

        Assert.True(ended);
        Assert.Equal(["a"], await node.States.Select(now => string.Join(' ', now.State)).ToList());
    }

    [Fact]
    public void An_observer_that_throws_halts_its_node_with_what_it_threw_and_the_command_is_not_lost()
    {
        var trio = Trio.Led();
        var node = trio.Follower;
        var others = Watch(node);
        using var watching = node.States.Where(now => now.State.Count > 0).Subscribe(_ => throw new InvalidOperationException("mine"));

        var failure = trio.Failure<ObjectDisposedException>(node.ProposeAsync("a"));

        Assert.Equal($"Node {node.Self} has halted: mine", failure.Message);
        Assert.Equal("mine", node.Completion.Exception?.InnerException?.Message);
        Assert.Equal(1, trio.Result(trio.Leader.ReadAsync(state => state.Count)));        // the cluster has it
        trio.Start(node.Self);
        trio.Until(() => Trio.Taken(trio[node.Self]) is ["a"], "it is applied after a restart");
        Assert.Equal("a", Assert.Single(others[^1].State));                               // the others have seen it
    }

    [Fact]
    public void An_observer_without_an_answer_to_errors_keeps_nobody_else_from_hearing_of_the_halt()
    {
        var trio = Trio.Led();
        var (node, heard, enough) = (trio.Follower, new List<string>(), false);
        using var faulty = node.Transitions.Subscribe(_ => { if (enough) throw new InvalidOperationException("mine"); }, _ => { });
        using var careless = node.Transitions.Subscribe(_ => { });
        using var careful = node.Transitions.Subscribe(_ => { }, _ => heard.Add("transitions"));
        using var roles = node.Role.Subscribe(_ => { }, () => heard.Add("roles"));
        trio.CutOff(node);
        trio.Until(() => node.State.Role is Role.PreCandidate, "it has nobody to ask");
        var waiting = node.ReadAsync(state => state.Count);                               // pauses, as there is no leader
        trio.Pass(10);

        enough = true;
        trio.Until(() => node.Completion.IsFaulted, "it halts");

        Assert.Equal(["transitions", "roles"], heard);
        trio.Failure<ObjectDisposedException>(waiting);
    }

    [Fact]
    public void A_machine_that_fails_is_told_to_all_who_watch_its_states_also_if_one_has_no_answer_to_errors()
    {
        var trio = Trio.Led();
        var error = default(Exception);
        using var careless = trio.Leader.States.Subscribe(_ => { });
        using var careful = trio.Leader.States.Subscribe(_ => { }, failure => error = failure);

        _ = trio.Leader.ProposeAsync(Notes.Unapplicable);
        trio.Pass(100);

        Assert.EndsWith(Notes.Unapplicable, error?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_observer_that_throws_at_the_end_keeps_nobody_else_from_hearing_of_it()
    {
        var trio = Trio.Led();
        var (node, ended) = (trio.Follower, 0);
        using var bad = node.Transitions.Subscribe(_ => { }, () => throw new InvalidOperationException("mine"));
        using var alsoBad = node.States.Subscribe(_ => { }, () => throw new InvalidOperationException("mine"));
        using var good = node.Transitions.Subscribe(_ => { }, () => ended++);
        using var alsoGood = node.States.Subscribe(_ => { }, () => ended++);

        await node.DisposeAsync();

        Assert.Equal(2, ended);
        Assert.True(node.Completion.IsCompletedSuccessfully);
    }

    private static List<(LogIndex Index, Arr<string> State)> Watch(RaftNode<Arr<string>, string, int> node)
    {
        var seen = new List<(LogIndex, Arr<string>)>();
        node.States.Subscribe(seen.Add, _ => { });
        return seen;
    }
}
