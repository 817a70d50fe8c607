using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Tasks;

namespace RxRaft.Samples;

/// <summary>Real nodes: processes with disks and connections, as a user starts them.</summary>
/// <remarks>Alone: elections are in real time.</remarks>
[Collection("real time")]
public sealed class ProcessTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("rxraft-console-").FullName;

    [Fact]
    public async Task A_leader_that_is_killed_is_replaced_and_catches_up_from_its_disk_when_it_is_back()
    {
        var cluster = ClusterOf(FreePorts.Many(3));
        using var first  = Start(1, cluster);
        using var second = Start(2, cluster);
        using var third  = Start(3, cluster);
        NodeProcess[] nodes = [first, second, third];
        await Task.WhenAll(nodes.Select(node => node.Says("listens on .*, a new disk")));

        await first.Answers("propose 100", "the count is 100$");
        var (old, term) = Leader(await first.Says(@"(S\d) leads T(\d+)"));
        nodes[old - 1].KillAtOnce();
        var others = nodes.Where(node => node != nodes[old - 1]).ToList();
        Assert.Equal(137, await nodes[old - 1].Ends());

        await others[0].Answers("propose 10", "the count is 110$");
        await others[1].Answers("count", "110$");
        var (next, later) = Leader(await others[0].Says($@"(S[^{old}]) leads T(\d+)"));
        Assert.True(next != old && later > term, $"S{old} led T{term}, then S{next} T{later}");

        using var back = Start(old, cluster);
        await back.Says($@"S{old} +listens on .*, recovered T\d+, \d\d+ entries");
        await back.Answers("count", "110$");

        foreach (var node in others.Append(back)) node.Ask("quit");
        foreach (var node in others.Append(back)) Assert.Equal(0, await node.Ends());
    }

    [Fact]
    public async Task A_cluster_starts_the_others_itself_and_leaves_nobody_behind_when_it_is_killed()
    {
        using var cluster = new NodeProcess("cluster", "--processes", "2", "--data", Path.Combine(root, "cluster"));
        var pid = int.Parse((await cluster.Says(@"S2: process (\d+) started")).Groups[1].Value);
        using var child = Process.GetProcessById(pid);
        await cluster.Answers("propose 3", "the count is 3$");

        cluster.KillAtOnce();
        await child.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));     // fails if it goes on
    }

    [Fact]
    public async Task A_leader_that_ends_hands_over_and_a_node_whose_input_ends_goes_on()
    {
        var cluster = ClusterOf(FreePorts.Many(2));
        using var first  = Start(1, cluster);
        using var second = Start(2, cluster);
        await second.Answers("propose 1", "the count is 1$");
        var (old, _) = Leader(await second.Says(@"(S\d) leads T(\d+)"));
        var (leader, other) = old == 1 ? (first, second) : (second, first);

        other.EndInput();
        leader.Ask("quit");
        Assert.Equal(0, await leader.Ends());
        await other.Says($"S{old} hands over");
    }

    [Fact]
    public void A_disk_of_another_node_or_cluster_is_refused_in_one_line()
    {
        FileDisk.Open(root, new ClusterId("console"), new NodeId(1)).Dispose();

        Refuses("node --id 2 --cluster 1=127.0.0.1:1,2=127.0.0.1:2", exitCode: 1, "S1, not to S2", root);
        Refuses("node --id 1 --name other --cluster 1=127.0.0.1:1", exitCode: 1, "console, not to other", root);
    }

    [Fact]
    public void A_disk_that_is_damaged_is_refused_in_one_line_with_the_place()
    {
        FileDisk.Open(root, new ClusterId("console"), new NodeId(1)).Dispose();
        var log = Directory.GetFiles(root, "log-*").Order(StringComparer.Ordinal).First();
        using (var file = File.OpenWrite(log)) file.Write("damage"u8);

        Refuses("node --id 1 --cluster 1=127.0.0.1:1", exitCode: 1, log, "at byte ");
    }

    [Fact]
    public void A_port_in_use_is_refused_in_one_line()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();

        Refuses($"node --id 1 --cluster 1={other.LocalEndpoint}", exitCode: 1,
            $"S1 cannot listen on {other.LocalEndpoint}: port {((IPEndPoint)other.LocalEndpoint).Port} is in use");
        var port = ((IPEndPoint)other.LocalEndpoint).Port;
        Refuses($"cluster --processes 1 --port {port}", exitCode: 1,
            $"--port {port}: of the 1 ports of 127.0.0.1 from there, in use: {port}");
    }

    [Fact]
    public void A_node_that_does_not_start_leaves_its_port_and_its_directory_free()
    {
        var at      = new IPEndPoint(IPAddress.Loopback, FreePorts.Many(1)[0]);
        var options = new NodeOptions(new NodeId(1), Map((new NodeId(1), (EndPoint)at)), at, root)
        {
            Settings = Settings.Default with { HeartbeatInterval = TimeSpan.Zero },
        };

        var failure = OpeningFailure.Open(options).Match(Left: failure => failure, Right: _ => throw new InvalidOperationException());

        Assert.Equal(new OpeningFailure("HeartbeatInterval is 0.0 ms: it must be above 0 ms", 2), failure);
        using var other = new TcpListener(at);
        other.Start();
        FileDisk.Open(root, options.Name, options.Self).Dispose();
    }

    [Fact]
    public void Certificates_that_are_not_good_are_refused_in_one_line_that_names_the_files()
    {
        var (certificate, key) = Certificate("node");
        var (_, another) = Certificate("another");
        var empty = Path.Combine(root, "empty.pem");
        File.WriteAllText(empty, "nothing");
        const string Node = "node --id 1 --cluster 1=127.0.0.1:1";

        Refuses($"{Node} --tls-cert {empty} --tls-key {key} --tls-ca {certificate}", exitCode: 2, $"--tls-cert '{empty}'");
        Refuses($"{Node} --tls-cert {certificate} --tls-key {another} --tls-ca {certificate}", exitCode: 2, $"--tls-key '{another}'");
        Refuses(
            $"{Node} --tls-cert {certificate} --tls-key {key} --tls-ca {empty}", exitCode: 2, $"--tls-ca: no certificate is in '{empty}'");
    }

    [Fact]
    public void Certificates_that_are_not_there_are_refused_in_one_line() =>
        Refuses(
            $"node --id 1 --cluster 1=127.0.0.1:1 --tls-cert {root}/c --tls-key {root}/k --tls-ca {root}/a", exitCode: 2,
            "--tls-cert", $"'{root}/c'");

    [Fact]
    public void A_cluster_goes_on_with_all_its_disks_or_begins_with_none()
    {
        Directory.CreateDirectory(Path.Combine(root, "1"));
        Directory.CreateDirectory(Path.Combine(root, "2"));

        Refuses("cluster --processes 3", exitCode: 2, "--processes is 3", "1, 2", root);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);

    private void Refuses(string args, int exitCode, params string[] names)
    {
        var played = Played.With([.. args.Split(' '), "--data", root]);

        Assert.Equal((exitCode, ""), (played.ExitCode, played.Output));
        Assert.Equal(1, played.Errors.AsSpan().Count('\n'));
        foreach (var name in names) Assert.Contains(name, played.Errors, StringComparison.Ordinal);
    }

    private (string Certificate, string Key) Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var (certificate, secret) = (Path.Combine(root, $"{name}.pem"), Path.Combine(root, $"{name}.key"));
        File.WriteAllText(certificate, made.ExportCertificatePem());
        File.WriteAllText(secret, key.ExportECPrivateKeyPem());
        return (certificate, secret);
    }

    private static string ClusterOf(Seq<int> ports) => string.Join(',', ports.Map((i, port) => $"{i + 1}=127.0.0.1:{port}"));

    private NodeProcess Start(int id, string cluster) => new(
        "node", "--plain", "--id", $"{id}", "--cluster", cluster, "--data", Path.Combine(root, $"{id}"), "--election-ms", "300-600");

    private static (int Node, int Term) Leader(System.Text.RegularExpressions.Match leads) =>
        (int.Parse(leads.Groups[1].Value[1..]), int.Parse(leads.Groups[2].Value));
}
