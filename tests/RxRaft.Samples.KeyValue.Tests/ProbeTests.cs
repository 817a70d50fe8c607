using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Tasks;

namespace RxRaft.Samples.KeyValue;

/// <summary>Whoever it is that a probe asks, it ends in one line and with an exit code that says so.</summary>
public sealed class ProbeTests
{
    private const string Well = "disk_directory:/daten/größe/ünïcödé\r\nraft_role:leader\r\nraft_term:3\r\nraft_leader:1\r\n";

    [Fact]
    public async Task What_a_node_says_may_have_any_letters() =>
        Assert.Equal((0, "leader in T3, leader 1"), await Probe($"${Encoding.UTF8.GetByteCount(Well)}\r\n{Well}\r\n"));

    [Theory]
    [InlineData("$18\r\nredis_version:7.2\r\n\r\n", "it is no node of this store")]
    [InlineData("$-1\r\n", "INFO is answered with '$-1'")]
    public async Task Who_is_no_node_of_the_store_is_a_failure_and_no_crash(string answer, string problem)
    {
        var (code, said) = await Probe(answer);
        Assert.Equal(1, code);
        Assert.Contains(problem, said, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Said)> Probe(string info)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var said  = new StringWriter();
        var probe = Task.Run(() => Program.Run(["probe", $"{listener.LocalEndpoint}"], null, "host", said, said));

        using var asked = await listener.AcceptTcpClientAsync();
        var stream = asked.GetStream();
        foreach (var answer in new[] { "+PONG\r\n", info })
        {
            Assert.NotEqual(0, await stream.ReadAsync(new byte[1000]));
            await stream.WriteAsync(Encoding.UTF8.GetBytes(answer));
        }

        return (await probe.WaitAsync(TimeSpan.FromSeconds(60)), said.ToString().Trim());
    }
}
