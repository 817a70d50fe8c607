using System.IO;
using Microsoft.Extensions.Logging;

namespace RxRaft.Samples.KeyValue;

/// <summary>Arguments: what they come to, and one line for each that cannot be.</summary>
public sealed class CommandLineTests
{
    private const string Node = "--id 1 --data d --cluster 1=127.0.0.1:1,2=127.0.0.1:2 --clients 1=127.0.0.1:3,2=127.0.0.1:4";

    [Fact]
    public void Without_arguments_it_is_three_nodes_at_6380() => Assert.Equal(
        new ClusterOptions("./kv-data", 6380, 16380, None, Seq<string>()),
        Assert.IsType<Command.Cluster>(Parse("")).Options);

    [Fact]
    public void What_three_nodes_share_is_passed_on_as_it_was_given()
    {
        var options = Assert.IsType<Command.Cluster>(
            Parse("--port 7000 --raft-port 8000 --timeout 300 --lease-reads --election-ms 50-100 --password p")).Options;

        Assert.Equal((7000, 8000, Some("p")), (options.Port, options.RaftPort, options.Password));
        Assert.Equal(Seq("--election-ms", "50-100", "--timeout", "300", "--lease-reads"), options.Given);
    }

    [Fact]
    public void A_node_listens_at_its_own_addresses_unless_it_is_told_otherwise()
    {
        var node = Assert.IsType<Command.Node>(Parse(Node)).Options;
        Assert.Equal(("127.0.0.1:1", "127.0.0.1:3"), ($"{node.Listen}", $"{node.ListenClients}"));

        var other = Assert.IsType<Command.Node>(Parse($"{Node} --listen-clients 127.0.0.1:9 --lease-reads --timeout 7")).Options;
        Assert.Equal(("127.0.0.1:1", "127.0.0.1:9"), ($"{other.Listen}", $"{other.ListenClients}"));
        Assert.Equal((true, TimeSpan.FromMilliseconds(7)), (other.Settings.LeaseReads, other.Timeout));
    }

    [Fact]
    public void A_pod_of_a_stateful_set_knows_from_its_name_which_node_it_is() => Assert.Equal(
        new NodeId(2), Assert.IsType<Command.Node>(Parse(Node.Replace("--id 1", "--id-from-host-name"))).Options.Self);

    [Fact]
    public void A_log_is_only_for_who_asks_for_it()
    {
        Assert.Equal(None, Assert.IsType<Command.Node>(Parse(Node)).Options.Log);
        Assert.Equal(LogLevel.Debug, Assert.IsType<Command.Node>(Parse($"{Node} --log debug")).Options.Log);
        Assert.Equal(Seq("--log", "debug"), Assert.IsType<Command.Cluster>(Parse("--log debug")).Options.Given);
    }

    [Fact]
    public void A_password_can_be_in_the_environment_and_an_argument_goes_before_it()
    {
        Assert.Equal("e", Assert.IsType<Command.Node>(Parse(Node, password: "e")).Options.Password);
        Assert.Equal("a", Assert.IsType<Command.Node>(Parse($"{Node} --password a", password: "e")).Options.Password);
    }

    [Theory]
    [InlineData("serve", "unknown command 'serve'")]
    [InlineData("--prot 1", "unknown option '--prot'")]
    [InlineData("--port 0", "--port must be a whole number from 1 to 65535, not '0'")]
    [InlineData("--port 60000", "--raft-port 70000, which is --port plus 10000, leaves no ports for 3 processes")]
    [InlineData("--port 65534", "--port 65534 leaves no ports for 3 processes")]
    [InlineData("--port 7000 --raft-port 7002", "--port 7000 and --raft-port 7002 are less than 3 apart")]
    [InlineData("--timeout 0", "--timeout must be a whole number of milliseconds from 1 to 600000, not '0'")]
    [InlineData("--election-ms 300-150", "--election-ms must be two numbers from 15 to 60000, the smaller first")]
    [InlineData("--id 1", "--cluster is needed")]
    [InlineData("--id 1 --cluster 1=127.0.0.1:1", "--clients is needed")]
    [InlineData("--id 3 --data d --cluster 1=127.0.0.1:1 --clients 1=127.0.0.1:2", "--id is 3, which is not in --cluster 1=127.0.0.1:1")]
    [InlineData("--id 1 --data d --cluster 1=127.0.0.1:1 --clients 2=127.0.0.1:2", "--id is 1, which is not in --clients 2=127.0.0.1:2")]
    [InlineData("--id 1 --data d --cluster 1=127.0.0.1 --clients 1=a:1", "'1=127.0.0.1' is not id=host:port")]
    [InlineData("--id 1 --data d --cluster 1=10.0.0.1:1 --clients 1=127.0.0.1:2", "10.0.0.1:1, which is no loopback address")]
    [InlineData("--id 1 --data d --cluster 1=127.0.0.1:1 --clients 1=10.0.0.1:2", "say --password, or set RXRAFT_KV_PASSWORD")]
    [InlineData(
        "--id 1 --data d --cluster 1=127.0.0.1:1 --clients 1=h:2", "--listen-clients is needed: --clients has this node at 'h:2', a name")]
    [InlineData(Node + " --tls-cert c", "--tls-cert 'c' needs --tls-key and --tls-ca too")]
    [InlineData("--id-from-host-name --id 1", "--id 1 and --id-from-host-name are two answers to one question")]
    [InlineData("--id-from-host-name", "the host is called 'laptop', which does not end in a hyphen and a number")]
    [InlineData("--log loud", "--log must be one of trace, debug, information, warning, error, critical, not 'loud'")]
    [InlineData("probe", "probe needs an address")]
    [InlineData("probe here", "'here' is not host:port")]
    public void What_cannot_be_is_said_in_one_line_with_its_value(string args, string error)
    {
        using var output = new StringWriter();
        using var errors = new StringWriter();

        Assert.Equal(2, Program.Run(Words(args), password: null, host: "laptop", output, errors));
        Assert.Contains(error, $"{errors}", StringComparison.Ordinal);
        Assert.Equal((1, ""), ($"{errors}".AsSpan().Count('\n'), $"{output}"));
    }

    [Fact]
    public void Help_names_every_option()
    {
        using var output = new StringWriter();
        Assert.Equal(0, Program.Run(["--help"], password: null, host: "laptop", output, TextWriter.Null));
        foreach (var option in NodeArguments.Shared.Concat(NodeArguments.SharedFlags).Concat(Seq("--id", "--cluster", "--clients",
            "--id-from-host-name",
            "--data", "--password", "--port", "--raft-port", "--listen", "--join", "--tls-ca", "--allow-plaintext", "probe")))
            Assert.Contains(option, $"{output}", StringComparison.Ordinal);
    }

    private static object Parse(string args, string? password = null) =>
        CommandLine.Parse(toSeq(Words(args)), Optional(password), "kv-1").Match(command => (object)command, problem => problem);

    private static string[] Words(string args) => args.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
