using System.Net;

namespace RxRaft.Samples;

/// <summary>The arguments of real nodes are understood, or refused in one line that names option and value.</summary>
public sealed class ProcessArgumentsTests
{
    private const string Three = "1=127.0.0.1:7001,2=[::1]:7002,3=localhost:7003";

    [Fact]
    public void A_node_listens_at_its_address_in_the_cluster()
    {
        var node = Node($"node --id 2 --cluster {Three} --data d");

        Assert.Equal((new NodeId(2), "d", "console"), (node.Self, node.Data, node.Name.Name));
        Assert.Equal(IPEndPoint.Parse("[::1]:7002"), node.Listen);
        Assert.Equal(IPEndPoint.Parse("127.0.0.1:7003"), node.Cluster[new NodeId(3)]);
        Assert.False(node.Join || node.Plain || node.WithParent || node.AllowPlaintext);
    }

    [Fact]
    public void Every_option_of_a_node_counts()
    {
        var node = Node("node --join --plain --allow-plaintext --id 1 --cluster 1=db.example:7,2=10.0.0.2:7 --data d --name x "
            + "--listen 0.0.0.0:8 --election-ms 300-900 --tls-cert c --tls-key k --tls-ca a");

        Assert.Equal(("x", IPEndPoint.Parse("0.0.0.0:8")), (node.Name.Name, node.Listen));
        Assert.Equal(new DnsEndPoint("db.example", 7), node.Cluster[new NodeId(1)]);
        Assert.True(node.Join && node.Plain && node.AllowPlaintext);
        Assert.Equal(Some(new TlsFiles("c", "k", "a")), node.Tls);
        Assert.Equal(
            (300.0, 900.0, 100.0),
            (node.Settings.ElectionTimeoutMin.TotalMilliseconds, node.Settings.ElectionTimeoutMax.TotalMilliseconds,
                node.Settings.HeartbeatInterval.TotalMilliseconds));
    }

    [Fact]
    public void A_child_is_started_with_arguments_that_mean_the_same()
    {
        var node  = Node($"node --id 3 --cluster {Three} --data d --name x --election-ms 300-900 --join");
        var child = CommandLine.Parse(node.AsChild()).IfLeft(problem => throw new ArgumentException(problem));

        Assert.Equal(new Command.Node(node with { Plain = true, WithParent = true }), child);
    }

    [Theory]
    [InlineData("cluster --data d", 3, null)]
    [InlineData("cluster --data d --processes 9 --port 8001", 9, 8001)]
    public void A_cluster_has_three_processes_if_nothing_is_said(string args, int processes, int? port)
    {
        var cluster = Assert.IsType<Command.Cluster>(Parse(args)).Options;

        Assert.Equal((processes, Optional(port)), (cluster.Processes, cluster.Port));
    }

    [Theory]
    [InlineData("node --cluster 1=127.0.0.1:1 --data d", "--id is needed")]
    [InlineData("node --id 1 --data d", "--cluster is needed")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1", "--data is needed")]
    [InlineData("node --id 0 --cluster 1=127.0.0.1:1 --data d", "--id must", "'0'")]
    [InlineData("node --id S1 --cluster 1=127.0.0.1:1 --data d", "--id must", "'S1'")]
    [InlineData("node --id 4 --cluster 1=127.0.0.1:1,2=127.0.0.1:2 --data d", "--id is 4", "1=127.0.0.1:1,2=127.0.0.1:2")]
    [InlineData("node --id 1 --cluster 127.0.0.1:1 --data d", "--cluster must", "'127.0.0.1:1'")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1 --data d", "--cluster must", "'1=127.0.0.1'")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:0 --data d", "--cluster must", "'1=127.0.0.1:0'")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:65536 --data d", "--cluster must", "'1=127.0.0.1:65536'")]
    [InlineData("node --id 1 --cluster 1=a/b:1 --data d", "--cluster must", "'1=a/b:1'")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1, --data d", "--cluster must", "''")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1,1=127.0.0.1:2 --data d", "--cluster has node 1 twice", "1=127.0.0.1:2")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1,2=127.0.0.1:1 --data d", "--cluster has 127.0.0.1:1 twice")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1,2=10.0.0.2:2 --data d", "--cluster", "'10.0.0.2:2'", "--allow-plaintext")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1 --listen 0.0.0.0:1 --data d", "0.0.0.0:1", "--allow-plaintext")]
    [InlineData("node --id 1 --cluster 1=db.example:1 --allow-plaintext --data d", "--listen is needed", "'db.example:1'")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1 --listen db:1 --data d", "--listen must", "'db:1'")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1 --data d --name a/b", "--name", "'a/b'")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1 --data d --election-ms 300", "--election-ms must", "'300'")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1 --data d --election-ms 300-150", "--election-ms must", "'300-150'")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1 --data d --election-ms 1-60000", "--election-ms must", "'1-60000'")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1 --data d --tls-key k", "--tls-key 'k' needs --tls-cert and --tls-ca")]
    [InlineData("node --id 1 --cluster 1=127.0.0.1:1 --data d --speed 1", "'--speed'")]
    [InlineData("node --plain --plain", "--plain is given twice")]
    [InlineData("node --id", "--id needs a value")]
    [InlineData("cluster", "--data is needed")]
    [InlineData("cluster --data d --processes 0", "--processes must", "'0'")]
    [InlineData("cluster --data d --processes 10", "--processes must", "'10'")]
    [InlineData("cluster --data d --port x", "--port must", "'x'")]
    [InlineData("cluster --data d --port 65534", "--port 65534")]
    [InlineData("cluster --data d --id 1", "'--id'")]
    [InlineData("cluster --data d --name ü", "--name", "'ü'")]
    public void What_is_wrong_is_named_in_one_line_on_standard_error(string args, params string[] names)
    {
        var played = Played.With(args.Split(' '));

        Assert.Equal((2, ""), (played.ExitCode, played.Output));
        Assert.Equal(1, played.Errors.AsSpan().Count('\n'));
        foreach (var name in names) Assert.Contains(name, played.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_explains_every_option_of_real_nodes()
    {
        string[] words = ["node", "cluster", "--id", "--data", "--cluster", "--name", "--join", "--listen", "--tls-cert", "--tls-key",
            "--tls-ca", "--allow-plaintext", "--election-ms", "--plain", "--processes", "--port", "propose", "transfer", "peer", "quit"];

        foreach (var word in words) Assert.Contains(word, HelpText.Everything, StringComparison.Ordinal);
        Assert.All(HelpText.Everything.Split('\n'), line => Assert.InRange(line.Length, 0, 120));
    }

    [Theory]
    [InlineData("propose 100")]
    [InlineData("count")]
    [InlineData("state")]
    [InlineData("transfer 2")]
    [InlineData("add 4")]
    [InlineData("remove 4")]
    [InlineData("peer 4=127.0.0.1:7004")]
    [InlineData("quit")]
    public void An_order_is_the_line_that_asks_for_it(string line) =>
        Assert.Equal(line, NodeOrder.Parse($" {line} ").Match(Left: problem => problem, Right: order => $"{order}"));

    [Theory]
    [InlineData("propose", "'propose' is not understood")]
    [InlineData("propose 0", "from 1 to 10000, not '0'")]
    [InlineData("propose 10001", "from 1 to 10000, not '10001'")]
    [InlineData("transfer S2", "not 'S2'")]
    [InlineData("peer 4", "not '4'")]
    [InlineData("stop", "'stop' is not understood", "quit")]
    public void An_order_that_is_wrong_is_answered_with_why(string line, params string[] names)
    {
        var problem = NodeOrder.Parse(line).Match(Left: why => why, Right: order => $"{order}");

        foreach (var name in names) Assert.Contains(name, problem, StringComparison.Ordinal);
    }

    private static NodeOptions Node(string args) => Assert.IsType<Command.Node>(Parse(args)).Options;

    private static Command Parse(string args) =>
        CommandLine.Parse(toSeq(args.Split(' '))).IfLeft(problem => throw new ArgumentException(problem));
}
