using System.Net;

namespace RxRaft.Tests;

/// <summary>Wrong options are named with their values, all at once.</summary>
public sealed class TcpWireOptionsTests
{
    private static readonly TcpWireOptions Right = new(new("Test"), new(1), new(IPAddress.Loopback, 0));

    [Fact]
    public void Everything_that_is_wrong_is_named_with_its_value()
    {
        var wrong = Assert.Throws<ArgumentException>(() => TcpWire.Start(Right with
        {
            MaxFrameBytes    = 4_095,
            MaxQueuedBytes   = 4_000,
            MaxHandshakes    = 0,
            HandshakeTimeout = TimeSpan.Zero,
            FrameTimeout     = TimeSpan.FromHours(2),
            SilenceTimeout   = TimeSpan.FromSeconds(-1),
            MinBackOff       = TimeSpan.FromSeconds(2),
            Peers            = Map<NodeId, EndPoint>((new NodeId(2), new DnsEndPoint("two", 0))),
        }));

        Assert.Equal(
            "MaxFrameBytes is 4095: it must be 4096 to 1073741824; "
            + "MaxQueuedBytes is 4000: it must be MaxFrameBytes to 1073741824; "
            + "MaxHandshakes is 0: it must be above 0; "
            + "MaxBackOff is 00:00:01: it must not be below MinBackOff, 00:00:02; "
            + "HandshakeTimeout is 00:00:00: it must be above 0, and an hour at most; "
            + "FrameTimeout is 02:00:00: it must be above 0, and an hour at most; "
            + "SilenceTimeout is -00:00:01: it must be above 0, and an hour at most; "
            + "The address of S2, two:0, has port 0", wrong.Message);
    }

    [Fact]
    public void Nobody_is_S0()
    {
        Assert.Equal("Self is S0: on the wire 0 is nobody's id",
            Assert.Throws<ArgumentException>((Right with { Self = new(0) }).Checked).Message);
        Assert.Equal("S0 is among the peers: on the wire 0 is nobody's id", Assert.Throws<ArgumentException>((Right with
        {
            Peers = Map<NodeId, EndPoint>((new NodeId(0), new IPEndPoint(IPAddress.Loopback, 7))),
        }).Checked).Message);
    }

    [Theory]
    [InlineData("127.0.0.1", true)]
    [InlineData("::1", true)]
    [InlineData("127.3.2.1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.0.0.1", false)]
    public void Plain_text_is_for_loopback_addresses_unless_it_is_allowed(string address, bool right)
    {
        var options = Right with { Listen = new(IPAddress.Parse(address), 7_000) };
        if (right) Assert.Same(options, options.Checked());
        else Assert.Contains("without Tls that must be a loopback address", Assert.Throws<ArgumentException>(options.Checked).Message,
            StringComparison.Ordinal);

        var allowed = options with { AllowPlaintext = true };
        Assert.Same(allowed, allowed.Checked());
    }

    [Fact]
    public void A_name_is_shown_as_it_is_written() => Assert.Equal(
        "The address of S2 is kv-1.kv:7000: without Tls that must be a loopback address, or AllowPlaintext said",
        Right.Problem(new(2), new DnsEndPoint("kv-1.kv", 7_000)));

    [Fact]
    public void Peers_are_held_to_it_too()
    {
        Assert.True(Right.Problem(new(2), new DnsEndPoint("example", 7)).IsSome);
        Assert.True(Right.Problem(new(2), new IPEndPoint(IPAddress.Parse("10.0.0.1"), 7)).IsSome);
        Assert.Equal(None, Right.Problem(new(2), new DnsEndPoint("localhost", 7)));
        Assert.Equal(None, Right.Problem(new(2), new IPEndPoint(IPAddress.IPv6Loopback, 7)));
    }
}
