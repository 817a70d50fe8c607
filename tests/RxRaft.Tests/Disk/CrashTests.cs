using System.Linq;
using RxRaft.Fuzz;

namespace RxRaft.Tests.Disk;

/// <summary>
/// A crash before every call that changes something, with any part of what was not synced: the disk that is opened
/// then has all that was acknowledged, nothing that was not asked for, and no change in part.
/// </summary>
public sealed class CrashTests
{
    private const int Episodes = 20;
    private const int EpisodesTwice = 6;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public void A_crash_between_any_two_calls_leaves_what_the_contract_allows(int seed)
    {
        var (story, files, driver) = Play(seed, Episodes, Recovers);

        Assert.Equal(story.States.Count - 1, driver.Acknowledged);
        files.Before("the end");
        Assert.True(files.Calls > Episodes);
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    public void A_crash_while_a_disk_recovers_from_one_leaves_it_too(int seed) =>
        Play(seed, EpisodesTwice, crash =>
        {
            crash.Left.Before = again =>
            {
                foreach (var twice in Leftovers(crash.Left, crash.Dice))
                    Recovers(crash with { Left = twice, Where = $"{crash.Where}, then {crash.Left.Calls} ({again})" });
            };
            _ = new Driver(crash.Left);
        });

    /// <summary>Plays a story, and looks, before every call, at each of the disks that a crash there could leave.</summary>
    private static (Story Story, SimulatedFiles Files, Driver Driver) Play(int seed, int episodes, Action<Crash> look)
    {
        var story  = Story.Of(seed, episodes);
        var files  = new SimulatedFiles();
        var dice   = new Random(seed);
        var driver = default(Driver);
        files.Before = call =>
        {
            var (least, most) = (driver?.Acknowledged ?? 0, driver?.Submitted ?? 0);
            foreach (var left in Leftovers(files, dice))
                look(new(left, story, least, most, $"seed {seed}, call {files.Calls} ({call})", dice));
        };

        driver = new Driver(files);
        foreach (var episode in story.Episodes) driver.Do(episode);

        Assert.Null(driver.Fault);
        return (story, files, driver);
    }

    /// <summary>What a crash has left, and of which of the story's states that may be.</summary>
    private sealed record Crash(SimulatedFiles Left, Story Story, int Least, int Most, string Where, Random Dice);

    /// <summary>Nothing of what is not synced, all of it, half of it; or the process alone has ended.</summary>
    private static SimulatedFiles[] Leftovers(SimulatedFiles files, Random dice) =>
    [
        files.Crashed(() => false),
        files.Crashed(() => true),
        files.Crashed(() => dice.Next(2) == 0),
        files.Crashed(() => dice.Next(5) == 0),
        files.Crashed(() => dice.Next(5) != 0),
        files.Killed(),
    ];

    private static void Recovers(Crash crash)
    {
        var (files, story, least, most, where, dice) = crash;
        var first = Opened(files, where);
        var place = story.States.FindIndex(least, most - least + 1, state => Same(state, first.Recovered));
        Assert.True(place >= 0, $"{where}: {first.Recovered} is none of the states {least} to {most}");
        Reads(first, where);

        // What a node was once given it may have acted on: from now on it must stay, even if the power goes at once.
        var second = Opened(files.Crashed(() => dice.Next(2) == 0), where);
        Assert.True(Same(first.Recovered, second.Recovered), $"{where}: what was recovered was not durable");

        var (more, expected) = Another(first.Recovered);
        first.Do(more);
        Assert.True(first.Acknowledged == 1, $"{where}: {first.Fault}");
        var third = Opened(files.Crashed(() => false), where);
        Assert.True(Same(expected, third.Recovered), $"{where}: what was written after it was not durable");
    }

    internal static bool Same(PersistentState a, PersistentState b) =>
        a.CurrentTerm == b.CurrentTerm && a.VotedFor == b.VotedFor && a.Log.Equals(b.Log) && a.Log.Snapshot == b.Log.Snapshot
        && a.Log.Configuration == b.Log.Configuration && a.Log.ConfiguredAt == b.Log.ConfiguredAt;

    private static Driver Opened(SimulatedFiles files, string where)
    {
        try
        {
            return new Driver(files);
        }
        catch (Exception fault)
        {
            throw new InvalidOperationException($"{where}: {fault.Message} ({string.Join(", ", files.Sizes)})", fault);
        }
    }

    private static void Reads(Driver driver, string where)
    {
        var snapshot = driver.Recovered.Log.Snapshot;
        var bytes = driver.Core.Read(snapshot, 0, (int)snapshot.Size).IfNone(default(ReadOnlyMemory<byte>));
        Assert.True(bytes.Span.SequenceEqual(Story.Bytes(snapshot)), $"{where}: the snapshot's bytes are others");
    }

    private static (Effect.Persist, PersistentState) Another(PersistentState state)
    {
        var entry  = new Entry(new(state.CurrentTerm.Next, state.Log.LastIndex.Next), Payload.Noop.Instance);
        var change = new Effect.Persist(
            entry.Term, new NodeId(3), None, LogPosition.Zero, state.Log.LastIndex, Seq1(entry), entry.Position);
        return (change, state.After(change));
    }
}
