using System.Collections.Generic;
using System.Net;

namespace RxRaft.Samples;

/// <summary>What one real node knows, on the screen; and the keys of who watches it.</summary>
public sealed class MemberViewTests
{
    private static readonly Map<NodeId, Link> Connected = toMap(Range(1, 5).Map(id => (new NodeId((ulong)id), new Link(true, true))));

    [Theory]
    [InlineData(80, 24)]
    [InlineData(76, 16)]
    [InlineData(120, 40)]
    public void The_view_fills_the_window_but_for_its_last_line(int width, int height)
    {
        using var watcher = new Watcher();
        var lines = Lines(Look(watcher, watcher.Leader), width, height);

        Assert.True(lines.Length == height - 1, string.Join("\n", lines));
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width));
    }

    [Fact]
    public void Of_itself_a_node_knows_everything()
    {
        using var watcher = new Watcher();
        watcher.PressAt(watcher.Leader, 'P');
        watcher.Pass(seconds: 1);
        var (leader, follower) = (watcher.Leader, watcher.Follower);

        Assert.Equal([$"{leader}", "LEADER", "T1", $"{leader}", $"{leader}", "T1#102", "#102", "100"], Row(watcher, leader, leader)[..8]);
        Assert.Equal(
            [$"{follower}", "follower", "T1", $"{leader}", $"{leader}", "T1#102", "#102", "100"], Row(watcher, follower, follower)[..8]);
        Assert.Equal("self", Row(watcher, follower, follower)[^1]);
    }

    [Fact]
    public void A_leader_knows_how_far_the_others_are_and_a_follower_only_who_leads()
    {
        using var watcher = new Watcher();
        watcher.PressAt(watcher.Leader, 'P');
        watcher.Pass(seconds: 1);
        var (leader, follower) = (watcher.Leader, watcher.Follower);
        var other = watcher.World.Nodes.Find(node => node != leader && node != follower).IfNone(leader);

        Assert.Equal([$"{other}", "voter", "-", "-", "-", "#102", "#102", "-", "in", "step", "up"], Row(watcher, leader, other));
        Assert.Equal([$"{other}", "voter", "-", "-", "-", "-", "-", "-", "up"], Row(watcher, follower, other));
        Assert.Equal([$"{leader}", "LEADER", "T1", "-", "-", "-", "-", "-", "up"], Row(watcher, follower, leader));
    }

    [Fact]
    public void What_is_in_flight_to_a_node_that_does_not_answer_is_shown_and_whether_it_is_connected()
    {
        using var watcher = new Watcher();
        var (leader, follower) = (watcher.Leader, watcher.Follower);
        watcher.PressAt(follower, 'c');
        watcher.PressAt(leader, 'p');
        watcher.Pass(seconds: 0.02);                            // the session of the leader, and its command

        var sight = Look(watcher, leader) with { Links = Connected.AddOrUpdate(follower, new Link(Out: false, In: true)) };
        Assert.Equal(["2", "sent", "in"], Row(sight, follower)[^3..]);
        Assert.Contains("2 in flight", string.Join('\n', Lines(sight, 120, 24)), StringComparison.Ordinal);
    }

    [Fact]
    public void Who_is_known_and_no_member_is_an_outsider()
    {
        using var watcher = new Watcher();
        var sight = Look(watcher, watcher.Leader) with { Named = Seq1(new NodeId(9)) };

        Assert.Equal(["S9", "outsider", "-", "-", "-", "-", "-", "-", "down"], Row(sight, new NodeId(9)));
    }

    [Fact]
    public void The_processes_that_were_started_are_shown_with_the_keys_that_end_them()
    {
        using var watcher = new Watcher();
        var text = string.Join('\n', Lines(Look(watcher, watcher.Leader), 80, 24, "  processes: S1 this one, S2 4711"));

        Assert.Contains("S2 4711", text, StringComparison.Ordinal);
        Assert.Contains("kill -9", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Connections_are_up_when_both_are_there()
    {
        var peer = new NodeId(2);
        var at   = new IPEndPoint(IPAddress.Loopback, 7002);
        var once = Link.After(Map<NodeId, Link>(), new WireEvent.Connected(peer, WireDirection.Out, at, Version: 1));
        var both = Link.After(once, new WireEvent.Connected(peer, WireDirection.In, at, Version: 1));
        var lost = Link.After(both, new WireEvent.Lost(peer, WireDirection.Out, "why"));

        Assert.Equal(
            (IEnumerable<string>)["down", "out", "up", "in"],
            Seq(Map<NodeId, Link>(), once, both, lost).Map(links => $"{Link.Of(links, peer)}"));
    }

    [Fact]
    public void Keys_select_nodes_that_are_there()
    {
        var nodes    = Seq(new NodeId(1), new NodeId(2), new NodeId(4));
        var controls = MemberControls.Of(new NodeId(1));

        Assert.Equal(new NodeId(4), Press(controls, ConsoleKey.UpArrow).Selected);
        Assert.Equal(new NodeId(2), Press(controls, ConsoleKey.DownArrow).Selected);
        Assert.Equal(new NodeId(4), Press(controls, ConsoleKey.None, '4').Selected);
        Assert.Equal(new NodeId(1), Press(controls, ConsoleKey.None, '3').Selected);
        Assert.True(Press(controls, ConsoleKey.None, 'q').Quit);
        Assert.True(Press(controls, ConsoleKey.None, 'p').Order.IsSome);
        Assert.True(Press(Press(controls, ConsoleKey.None, 'p'), ConsoleKey.None, 'z').Order.IsNone);

        MemberControls Press(MemberControls last, ConsoleKey key, char letter = '\0') =>
            last.After(new ConsoleKeyInfo(letter, key, shift: false, alt: false, control: false), nodes);
    }

    private static Sight Look(Watcher watcher, NodeId node) => new(
        watcher.World.Now, watcher.World.StateOf(node), TimeSpan.Zero, watcher.World.Counter(node).Count(), Connected, Named: [],
        new WireCounters(1, 2, 3, 4, 5, 6, 7, 8, Map<WireRefusal, long>()));

    private static string[] Row(Watcher watcher, NodeId self, NodeId of) => Row(Look(watcher, self), of);

    /// <summary>A node's line, word by word.</summary>
    private static string[] Row(Sight sight, NodeId of) =>
        System.Array.Find(Lines(sight, 80, 24), line => line.Trim('>', ' ').StartsWith($"{of} ", StringComparison.Ordinal))!
            .Trim('>', ' ').Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static string[] Lines(Sight sight, int width, int height, string? children = null)
    {
        var self    = sight.State.Self;
        var options = new NodeOptions(self, Map<NodeId, EndPoint>(), new IPEndPoint(IPAddress.Loopback, 7001), "data/1");
        var view    = new MemberView(options, sight, Rate: 20, [], self, Optional(children));
        return PlainScreen.Lines(view.Draw(width, height), width);
    }
}
