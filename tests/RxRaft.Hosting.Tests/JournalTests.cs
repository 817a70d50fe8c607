using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RxRaft.Testing;

namespace RxRaft.Hosting;

/// <summary>A service records what happens to its node.</summary>
public sealed class JournalTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("rxraft-hosting-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task What_happened_to_a_node_is_recorded_and_replayed_to_the_identical_state_life_after_life()
    {
        foreach (var life in new[] { 1, 2 })
        {
            await using var hosts = await Start(("Journal:DigestInterval", "00:00:00.001"), ("DataDirectory", Path.Combine(root, "data")));
            var node = hosts.Only.GetRequiredService<RaftNode<Arr<string>, string, int>>();
            await node.ProposeAsync("a").WaitAsync(Hosts.Generous);
            await node.ProposeAsync("b").WaitAsync(Hosts.Generous);
            await hosts[hosts.Ids[0]].StopAsync();

            var told = Replay.Of(Records).ToList();
            Assert.DoesNotContain(told, one => one is Replayed.Differed or Replayed.Torn);
            Assert.Equal(node.State, Assert.IsType<Replayed.Ended>(told[^1]).State);
            Assert.True(node.State.CommitIndex >= new LogIndex(4), $"{node.State}");    // applied, too, but who stops may not hear it
            Assert.Equal(life, told.Count(one => one is Replayed.Began { IsStart: true, Lost: 0 }));
            Assert.Single(hosts.Log(hosts.Ids[0]), line => line.Message == $"S1 records its steps in {Records}");
        }
    }

    [Fact]
    public async Task How_much_of_it_there_is_can_be_said()
    {
        await using var hosts = await Start(("Journal:MaxBytes", "65536"));
        var node = hosts.Only.GetRequiredService<RaftNode<Arr<string>, string, int>>();
        for (var i = 0; i < 8; i++) await node.ProposeAsync(new string('x', 60_000)).WaitAsync(Hosts.Generous);
        await hosts[hosts.Ids[0]].StopAsync();

        Assert.InRange(Directory.GetFiles(Records).Sum(file => new FileInfo(file).Length), 1, 2 * 65_536);
        Assert.Contains(hosts.Log(hosts.Ids[0]), line => line.Level is LogLevel.Warning
            && line.Message.StartsWith("S1 does not record everything: ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_directory_that_another_journal_has_is_refused_and_neither_disk_nor_port_stays_taken()
    {
        using (Journal.Open(Records))
        {
            await using var hosts = Prepare(("DataDirectory", Path.Combine(root, "data")));
            var refused = await Assert.ThrowsAsync<IOException>(() => hosts[hosts.Ids[0]].StartAsync());
            Assert.Contains($"No journal can be written in '{Records}'", refused.Message, StringComparison.Ordinal);
            using var disk = FileDisk.Open(Path.Combine(root, "data"), new ClusterId("test"), hosts.Ids[0]);
        }
    }

    [Fact]
    public async Task A_node_that_does_not_start_leaves_its_journal_to_the_next()
    {
        await using var hosts = Hosts.Prepare(1, (builder, raft) => builder.Services.AddRaft(raft,
            IMachine<Arr<string>, string, int> (_) => throw new InvalidOperationException("no machine")), ("Journal:Directory", Records));

        await Assert.ThrowsAsync<InvalidOperationException>(() => hosts[hosts.Ids[0]].StartAsync());

        using var next = Journal.Open(Records);
    }

    private string Records => Path.Combine(root, "journal");

    private Task<Hosts> Start(params (string, string)[] more) =>
        Hosts.Start(1, (builder, raft) => builder.Services.AddRaft(raft, Notes.Machine), [("Journal:Directory", Records), .. more]);

    private Hosts Prepare(params (string, string)[] more) =>
        Hosts.Prepare(1, (builder, raft) => builder.Services.AddRaft(raft, Notes.Machine), [("Journal:Directory", Records), .. more]);
}
