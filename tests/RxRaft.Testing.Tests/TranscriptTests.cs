using System.Collections.Generic;
using System.IO;
using Microsoft.Reactive.Testing;

namespace RxRaft.Tests;

/// <summary>
/// Whole conversations as text, the same bytes in every process. When one changes on purpose, RXRAFT_ACCEPT=1 dotnet
/// test writes it anew, and the difference is for the reviewer to read.
/// </summary>
public sealed class TranscriptTests
{
    [Fact]
    public void The_first_election_message_by_message() => Expect(
        "first-election.txt", WorldOptions.Of(3, seed: 1), messages: true,
        world => world.RunFor(TimeSpan.FromMilliseconds(260)));

    [Fact]
    public void The_leader_is_cut_off_and_comes_back() => Expect(
        "leader-cut-off-and-back.txt", WorldOptions.Of(5, seed: 2), messages: false,
        world =>
        {
            world.RunFor(TimeSpan.FromMilliseconds(500));
            var leader = world.Leader.IfNone(new NodeId(1));
            world.Wire.CutOff(leader);
            world.RunFor(TimeSpan.FromMilliseconds(700));
            world.Wire.Rejoin(leader);
            world.RunFor(TimeSpan.FromMilliseconds(200));
        });

    private static void Expect(string file, WorldOptions options, bool messages, Action<World> script)
    {
        var lines = new List<string>();
        using var world = new World(options, new TestScheduler());
        using var telling = Transcript.Of(world, messages).Subscribe(lines.Add);
        world.Start();
        script(world);
        var told = string.Join('\n', lines) + '\n';

        var path = Path.Combine(TestData.Folder("Transcripts"), file);
        if (TestData.IsAccepted) File.WriteAllText(path, told);
        Assert.Equal(File.ReadAllText(path), told);
    }
}
