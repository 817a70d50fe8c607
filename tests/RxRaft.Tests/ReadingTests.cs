using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>Reads as a user asks them of a node.</summary>
public sealed class ReadingTests
{
    [Fact]
    public void A_read_sees_every_command_that_was_acknowledged_before_it_wherever_it_is_asked()
    {
        var trio = Trio.Led();

        foreach (var n in Enumerable.Range(0, 30))
        {
            trio.Result(trio.All[n % 3].ProposeAsync($"{n}"));
            var asked = trio.All.Map(node => node.ReadAsync(state => state.Count)).Strict();
            Assert.All(asked, one => Assert.Equal(n + 1, trio.Result(one)));
        }
    }

    [Fact]
    public void A_read_puts_nothing_into_the_log()
    {
        var trio = Trio.Led();
        trio.Result(trio.Leader.ProposeAsync("a"));
        var last = trio.Leader.State.Log.LastIndex;

        trio.Result(trio.Follower.ReadAsync(state => state.Count));
        trio.Result(trio.Leader.ReadAsync(state => state.Count));

        Assert.Equal(last, trio.Leader.State.Log.LastIndex);
    }

    [Fact]
    public void A_read_at_a_leader_that_was_deposed_unknowingly_does_not_see_the_past()
    {
        var trio = Trio.Led();
        var (old, other) = (trio.Leader, trio.Follower);
        trio.Result(old.ProposeAsync("a"));
        trio.CutOff(old);
        var asked = old.ReadAsync(state => state.Count);
        trio.Result(other.ProposeAsync("b"));
        Assert.False(asked.IsCompleted);

        trio.Rejoin(old);

        Assert.Equal(2, trio.Result(asked));
    }

    [Fact]
    public void A_read_waits_for_a_leader()
    {
        var trio = new Trio();

        Assert.Equal(0, trio.Result(trio[1].ReadAsync(state => state.Count)));
    }

    [Fact]
    public void A_read_that_nobody_waits_for_is_not_made()
    {
        var trio = Trio.Led();
        trio.Result(trio.Leader.ProposeAsync("a"));
        var reads = 0;
        using var impatient = new CancellationTokenSource();
        var asked = trio.Leader.ReadAsync(_ => reads++, impatient.Token);

        impatient.Cancel();
        trio.Pass(1_000);

        Assert.True(asked.IsCanceled);
        Assert.Equal(0, reads);
    }

    [Fact]
    public void What_a_read_returns_may_be_nothing()
    {
        var trio = Trio.Led();

        Assert.Null(trio.Result(trio.Leader.ReadAsync(_ => default(string))));
    }

    [Fact]
    public void Reads_over_the_limit_wait_for_their_turn()
    {
        var trio = Trio.Led(settings => settings with { Limits = new() { MaxPendingReads = 2 } });
        trio.Result(trio.Leader.ProposeAsync("a"));

        var asked = Enumerable.Range(0, 20).Select(_ => trio.Leader.ReadAsync(state => state.Count)).ToArray();

        Assert.All(trio.Result(Task.WhenAll(asked)), seen => Assert.Equal(1, seen));
    }
}
