namespace RxRaft.Samples;

/// <summary>Commands in the live view: the keys that propose them, and what can be seen of them.</summary>
public sealed class ProposingTests
{
    [Fact]
    public void A_key_proposes_a_command_at_the_selected_node_and_all_apply_it()
    {
        using var watcher = new Watcher();
        watcher.PressAt(watcher.Leader, 'p');
        watcher.PressAt(watcher.Follower, 'p');
        watcher.Pass(seconds: 1);

        Assert.Equal(Seq<long>(2, 2, 2, 2, 2), watcher.Counts);
    }

    [Fact]
    public void The_same_key_with_shift_proposes_a_hundred_at_once()
    {
        using var watcher = new Watcher();
        watcher.PressAt(watcher.Follower, 'P');
        watcher.Pass(seconds: 1);

        Assert.Equal(Seq<long>(100, 100, 100, 100, 100), watcher.Counts);
    }

    [Fact]
    public void What_is_proposed_at_a_follower_that_is_cut_off_is_done_when_it_is_back()
    {
        using var watcher = new Watcher();
        watcher.PressAt(watcher.Follower, 'c', 'p');
        watcher.Pass(seconds: 1);
        Assert.Equal(Seq<long>(0, 0, 0, 0, 0), watcher.Counts);

        watcher.Press('h');
        watcher.Pass(seconds: 1);
        Assert.Equal(Seq<long>(1, 1, 1, 1, 1), watcher.Counts);
    }

    [Fact]
    public void What_is_proposed_at_a_leader_that_is_cut_off_is_done_once_under_the_next_one()
    {
        using var watcher = new Watcher();
        var old = watcher.Leader;
        watcher.PressAt(old, 'p');
        watcher.Pass(seconds: 1);

        watcher.Press('l', 'P');
        watcher.Pass(seconds: 1);
        Assert.NotEqual(old, watcher.Leader);
        Assert.Equal(Seq<long>(1, 1, 1, 1, 1), watcher.Counts);

        watcher.Press('a');
        watcher.Pass(seconds: 1);
        Assert.Equal(Seq<long>(101, 101, 101, 101, 101), watcher.Counts);
    }

    [Fact]
    public void Nobody_is_asked_who_is_down_and_what_waits_at_a_node_that_crashes_is_not_done()
    {
        using var watcher = new Watcher();
        watcher.PressAt(watcher.Follower, 'c', 'P', 'k', 'p', 'a');
        watcher.Pass(seconds: 1);

        Assert.Equal(Seq<long>(0, 0, 0, 0, 0), watcher.Counts);
    }

    [Fact]
    public void A_node_that_lacks_what_the_log_no_longer_has_counts_on_from_a_snapshot()
    {
        using var watcher = new Watcher();
        watcher.PressAt(watcher.Follower, 'c');
        watcher.PressAt(watcher.Leader, 'P');
        watcher.Pass(seconds: 1);
        watcher.Press('a');
        watcher.Pass(seconds: 1);

        Assert.Contains(watcher.Headlines, told =>
            told.Node == watcher.Follower && told.Text.Contains("installed", StringComparison.Ordinal));
        Assert.Equal(Seq<long>(100, 100, 100, 100, 100), watcher.Counts);
    }

    [Theory]
    [InlineData(76)]
    [InlineData(120)]
    public void The_table_shows_the_log_the_commit_index_and_the_count_of_every_node(int width)
    {
        using var watcher = new Watcher();
        watcher.PressAt(watcher.Leader, 'P');
        watcher.Pass(seconds: 1);
        watcher.Press('l', 'p');                                // the old leader appends what it cannot commit,
        watcher.PressAt(watcher.Follower, 'k');                 // and is cut off; somebody else is down
        watcher.Pass(seconds: 0.05);

        Assert.Equal(["T1#103", "#102", "100"], watcher.Row(watcher.Leader, width)[5..8]);
        Assert.Equal(["T1#102", "-", "-"], watcher.Row(watcher.Follower, width)[5..8]);
        Assert.Equal(["T1#102", "#102", "100"], watcher.Row(watcher.World.Running.Last, width)[5..8]);
    }

    [Theory]
    [InlineData(76)]
    [InlineData(80)]
    [InlineData(120)]
    public void The_time_left_can_be_read_in_every_window(int width)
    {
        using var watcher = new Watcher();

        Assert.All(watcher.World.Nodes, node => Assert.InRange(int.Parse(watcher.Row(node, width)[^3]), 1, 300));
    }

    [Fact]
    public void Commands_do_not_drown_the_news()
    {
        using var watcher = new Watcher();
        var before = watcher.Headlines.Count;
        foreach (var _ in Range(0, 10))
        {
            watcher.PressAt(watcher.Leader, 'P');
            watcher.Pass(seconds: 1);
        }

        Assert.Single(watcher.Headlines, told => told.Text.StartsWith("Committed through", StringComparison.Ordinal));
        Assert.Contains(watcher.Headlines, told => told.Text.StartsWith("Election won", StringComparison.Ordinal));
        Assert.InRange(watcher.Headlines.Count - before, 5, 5 + 2 * 4);     // a snapshot each, and what was reordered
    }
}
