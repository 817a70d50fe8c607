using System.Threading.Tasks;

namespace RxRaft.Tests;

/// <summary>What is wrong is refused at the start, with the name of the setting and its value.</summary>
public sealed class BadSettingsTests
{
    private static readonly Settings Fine = Harness.Seeded;

    public static TheoryData<Settings, string> Wrong => new()
    {
        { Fine with { HeartbeatInterval = Ms(150) }, "HeartbeatInterval is 150.0 ms" },
        { Fine with { HeartbeatInterval = Ms(0) }, "HeartbeatInterval is 0.0 ms" },
        { Fine with { ElectionTimeoutMax = Ms(150) }, "ElectionTimeoutMax is 150.0 ms" },
        { Fine with { ElectionTimeoutMin = Ms(-1) }, "ElectionTimeoutMin is -1.0 ms" },
        { Fine with { ClockDriftBound = 1 }, "ClockDriftBound is 1" },
        { Fine with { ClockDriftBound = double.NaN }, "ClockDriftBound is NaN" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_wrong_setting_is_named_with_its_value(Settings settings, string named) =>
        Assert.Contains(named, Refusal(1, Configuration.Of(1, 2, 3), settings), StringComparison.Ordinal);

    [Fact]
    public void All_that_is_wrong_is_named_at_once()
    {
        var refusal = Refusal(4, Configuration.Of(1, 2, 3), Fine with { HeartbeatInterval = Ms(400) });

        Assert.Contains("HeartbeatInterval is 400.0 ms", refusal, StringComparison.Ordinal);
        Assert.Contains("Self is S4", refusal, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_without_self_is_refused() =>
        Assert.Contains("Self is S4, which is not in the configuration (voters S1 S2 S3)",
            Refusal(4, Configuration.Of(1, 2, 3), Fine), StringComparison.Ordinal);

    [Fact]
    public void An_empty_cluster_is_refused() =>
        Assert.Contains("Voters is empty", Refusal(1, Configuration.Of(), Fine), StringComparison.Ordinal);

    [Fact]
    public void An_id_that_comes_twice_is_refused() =>
        Assert.Contains("Voters contains S2 twice",
            Assert.Throws<ArgumentException>(() => Configuration.Of(1, 2, 2)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_node_0_is_refused_as_itself_and_as_a_member()
    {
        var zero = new NodeId(0);
        var network = new InMemoryNetwork(Configuration.Of(0, 1));

        Assert.Equal(
            "Self is S0: the ids of nodes begin at 1; The configuration (voters S0 S1) contains S0: the ids of nodes begin at 1",
            Assert.Throws<ArgumentException>(() => RaftNode.Start(
                zero, Configuration.Of(0, 1), network.Wire(zero), new InMemoryDisk(), Fine)).Message);
        Assert.Equal("Self is S0: the ids of nodes begin at 1",
            Assert.Throws<ArgumentException>(() => RaftNode.Join(zero, network.Wire(zero), new InMemoryDisk(), Fine)).Message);
    }

    [Fact]
    public void An_id_that_the_wire_does_not_know_is_refused() =>
        Assert.Contains("S5, which the wire does not know", Refusal(1, Configuration.Of(1, 2, 5), Fine), StringComparison.Ordinal);

    [Fact]
    public void Another_nodes_wire_is_refused()
    {
        var network = new InMemoryNetwork(Configuration.Of(1, 2));

        Assert.Contains("Self is S1, and the wire is that of S2", Assert.Throws<ArgumentException>(() => RaftNode.Start(
            new NodeId(1), Configuration.Of(1, 2), network.Wire(new NodeId(2)), new InMemoryDisk())).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_heartbeat_above_half_the_minimum_election_timeout_is_warned_about_in_the_first_step()
    {
        var node = new Harness(Configuration.Of(1, 2, 3), Fine with { HeartbeatInterval = Ms(76) });
        var warnings = new System.Collections.Generic.List<Reason>();
        using var watching = node.Node.Transitions.Subscribe(step => warnings.AddRange(step.Reasons));

        var warning = Assert.Single(System.Linq.Enumerable.OfType<Reason.Warned>(warnings));
        Assert.StartsWith("HeartbeatInterval is 76.0 ms", warning.Warning, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Limits_that_allow_messages_which_the_wire_does_not_carry_are_refused()
    {
        var refusal = Refusal(new Narrow(300_000));

        Assert.Equal(
            "MaxAppendBytes is 262144: its messages may have 395264 bytes, and the wire's MaxMessageBytes is 300000; "
            + "MaxCommandBytes is 1048576: its messages may have 1050624 bytes, and the wire's MaxMessageBytes is 300000",
            refusal);
        Assert.Contains("SnapshotChunkBytes is 65536: its messages may have 67584 bytes, and the wire's MaxMessageBytes is 67583",
            Refusal(new Narrow(67_583)), StringComparison.Ordinal);

        await using var node = RaftNode.Start(new NodeId(1), Configuration.Of(1), new Narrow(1_050_624), new InMemoryDisk());
    }

    [Fact]
    public async Task A_frame_of_a_TCP_wire_must_hold_what_the_limits_allow()
    {
        await using var wire = TcpWire.Start(
            new(new("Test"), new(1), new(System.Net.IPAddress.Loopback, 0)) { MaxFrameBytes = 1 << 20 });

        Assert.Equal("MaxCommandBytes is 1048576: its messages may have 1050624 bytes, and the wire's MaxMessageBytes is 1048576",
            Refusal(wire));
    }

    private static string Refusal(IWire wire) => Assert.Throws<ArgumentException>(() => RaftNode.Start(
        new NodeId(1), Configuration.Of(1), wire, new InMemoryDisk(), Fine)).Message;

    /// <summary>Goes nowhere, and carries so much.</summary>
    private sealed class Narrow(long most) : IWire
    {
        public NodeId Self => new(1);

        public IObservable<Seq<Input.Receive>> Received => System.Reactive.Linq.Observable.Never<Seq<Input.Receive>>();

        public long MaxMessageBytes => most;

        public bool Knows(NodeId node) => node == Self;

        public void Send(NodeId to, Message message) { }
    }

    private static string Refusal(ulong self, Configuration configuration, Settings settings)
    {
        var network = new InMemoryNetwork(Configuration.Of(1, 2, 3, 4));
        return Assert.Throws<ArgumentException>(() => RaftNode.Start(
            new NodeId(self), configuration, network.Wire(new NodeId(self)), new InMemoryDisk(), settings)).Message;
    }

    private static TimeSpan Ms(double milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
