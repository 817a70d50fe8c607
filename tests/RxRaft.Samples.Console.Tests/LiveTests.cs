namespace RxRaft.Samples;

/// <summary>The live view: what keys do, and that it fits the window.</summary>
public sealed class LiveTests
{
    private static readonly NodeId S1 = new(1);
    private static readonly NodeId S2 = new(2);

    [Theory]
    [InlineData(80, 24)]
    [InlineData(76, 16)]
    [InlineData(200, 60)]
    public void The_view_fills_the_window_but_for_its_last_line(int width, int height)
    {
        var lines = Drawn(width, height);

        Assert.Equal(height - 1, lines.Length);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public void A_window_that_is_too_small_is_told_so() =>
        Assert.Contains("too small", Assert.Single(Drawn(60, 12)), StringComparison.Ordinal);

    [Fact]
    public void Roles_and_troubles_are_readable_without_colour()
    {
        var text = string.Concat(Drawn(80, 24));

        foreach (var word in (string[])["LEADER", "follower", "crashed", "cut", "down", "lease", "election"])
            Assert.Contains(word, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Healing_a_node_leaves_the_others_cut_off()
    {
        using var watcher = new Watcher();
        watcher.Press('1', 'c', '2', 'c', 'h');

        Assert.True(watcher.World.Wire.IsCutOff(S1));
        Assert.False(watcher.World.Wire.IsCutOff(S2));
    }

    [Fact]
    public void Keys_that_make_no_sense_at_the_moment_do_nothing()
    {
        using var watcher = new Watcher();
        watcher.Press('h', 'r', 'k', 'k', 'c', 'c', 'x', 'l', 'l', 'a', 'a');

        Assert.Equal(5, watcher.World.Running.Count);
        Assert.DoesNotContain(true, watcher.World.Nodes.Map(watcher.World.Wire.IsCutOff));
    }

    [Fact]
    public void The_leader_is_isolated_by_one_key()
    {
        using var watcher = new Watcher();
        var leader = watcher.World.Leader.IfNone(S1);
        watcher.Press('l');

        Assert.True(watcher.World.Wire.IsCutOff(leader));
    }

    [Fact]
    public void Arrows_go_round()
    {
        var up = new ConsoleKeyInfo('\0', ConsoleKey.UpArrow, shift: false, alt: false, control: false);
        var down = new ConsoleKeyInfo('\0', ConsoleKey.DownArrow, shift: false, alt: false, control: false);

        Assert.Equal(new NodeId(5), Controls.Untouched.After(up).Selected);
        Assert.Equal(S1, Controls.Untouched.After(up).After(down).Selected);
    }

    private static string[] Drawn(int width, int height)
    {
        using var watcher = new Watcher();
        var world = watcher.World;
        world.Leader.IfSome(leader => world.Crash(world.Nodes.Find(node => node != leader).IfNone(S1)));
        world.Wire.CutOff(world.Running.Last);
        watcher.Pass(seconds: 1);
        return watcher.Lines(width, height);
    }
}
