using System.Collections.Generic;
using System.IO;
using System.Reactive;
using RxRaft.Fuzz;

namespace RxRaft.Tests.Disk;

/// <summary>A disk of which one call fails, whichever it is: it acknowledges nothing more, and forgets nothing.</summary>
public sealed class FailureTests
{
    [Theory]
    [InlineData(21)]
    [InlineData(22)]
    [InlineData(23)]
    public void After_a_call_that_failed_nothing_is_acknowledged_and_nothing_acknowledged_is_lost(int seed)
    {
        var story = Story.Of(seed, episodes: 20);
        var calls = Calls(story);
        for (var call = 1; call <= calls; call++) Fails(story, call, $"seed {seed}, call {call} of {calls}", new Random(seed + call));
    }

    [Fact]
    public void A_failed_fsync_is_not_tried_again_and_the_error_says_what_it_was()
    {
        var files  = new SimulatedFiles();
        var driver = new Driver(files);
        var syncs  = 0;
        files.Before = call =>
        {
            if (call.StartsWith("sync log", StringComparison.Ordinal) && syncs++ == 0) throw new IOException("No space left on device");
        };

        driver.Do(Vote(1));
        driver.Do(Vote(2));

        Assert.Equal((0, 1), (driver.Acknowledged, syncs));
        Assert.Equal("The disk in /disk has failed, and takes nothing more: No space left on device", driver.Fault?.Message);
        Assert.IsType<DiskFailureException>(driver.Fault);
    }

    [Fact]
    public void After_a_failure_no_snapshot_is_saved_and_none_is_read()
    {
        var files  = new SimulatedFiles();
        var driver = new Driver(files);
        files.Before = _ => throw new IOException("gone");
        driver.Do(Vote(1));

        Assert.Throws<DiskFailureException>(() => driver.Core.Read(Snapshot.Nothing, 0, 0));
        Assert.Throws<DiskFailureException>(() => driver.Core.Save(LogPosition.Zero, Configuration.Nobody, _ => { }));
    }

    [Fact]
    public void A_snapshot_that_does_not_fit_ends_the_disk_even_if_who_writes_it_does_not_mind()
    {
        var files  = new SimulatedFiles();
        var driver = new Driver(files);
        files.Before = call =>
        {
            if (call.StartsWith("write snapshot", StringComparison.Ordinal)) throw new IOException("No space left on device");
        };

        var failure = Assert.Throws<DiskFailureException>(() => driver.Core.Save(LogPosition.Zero, Configuration.Nobody, writer =>
        {
            for (var written = 0; written < 1 << 20; written += 1000)
            {
                try
                {
                    writer.GetSpan(1000);
                    writer.Advance(1000);
                }
                catch (IOException)
                {
                    return;
                }
            }
        }));

        Assert.Same(failure, driver.Core.Broken);
    }

    [Fact]
    public void An_observer_that_throws_ends_the_disk_it_is_not_told_again_and_those_behind_it_hear_why()
    {
        var core  = new Driver(new SimulatedFiles()).Core;
        var heard = new List<string>();
        DiskWork Work(string name, ulong term, Action then) => new DiskWork.Write(Vote(term), Observer.Create<Unit>(
            _ =>
            {
                heard.Add($"{name} is durable");
                then();
            },
            fault => heard.Add($"{name}: {fault.Message}"),
            () => heard.Add($"{name} is done")));

        core.Perform([
            Work("first", 1, () => { }), Work("second", 2, () => throw new InvalidOperationException("mine")), Work("third", 3, () => { }),
        ]);
        core.Perform([Work("fourth", 4, () => { })]);

        const string Why = "The disk in /disk has failed, and takes nothing more: mine";
        Assert.Equal(["first is durable", "first is done", "second is durable", $"third: {Why}", $"fourth: {Why}"], heard);
        Assert.Equal(Why, core.Broken?.Message);
    }

    private static void Fails(Story story, int failing, string where, Random dice)
    {
        var files  = new SimulatedFiles();
        var driver = default(Driver);
        files.Before = _ =>
        {
            if (files.Calls == failing) throw new IOException("failed on purpose");
        };
        try
        {
            driver = new Driver(files);
            foreach (var episode in story.Episodes) Do(driver, episode, where);
        }
        catch (DiskFailureException fault)
        {
            Assert.True(driver is null, $"{where}: {fault}");              // only the opening throws
        }

        var (least, most) = (driver?.Acknowledged ?? 0, driver?.Submitted ?? 0);
        Assert.True(driver is null || least == most || driver.Fault is DiskFailureException, $"{where}: {driver?.Fault}");
        var killed = files.Killed();
        var again  = Recovers(killed, story, least, most, where);
        Recovers(killed.Crashed(() => false), story, again, again, where);  // what a start was given is durable, come what may
        Recovers(files.Crashed(() => dice.Next(2) == 0), story, least, most, where);
    }

    private static void Do(Driver driver, Episode episode, string where)
    {
        var (broken, acknowledged) = (driver.Core.Broken, driver.Acknowledged);
        driver.Do(episode);
        Assert.True(broken is null || driver.Acknowledged == acknowledged, $"{where}: a broken disk has acknowledged");
    }

    private static int Recovers(SimulatedFiles files, Story story, int least, int most, string where)
    {
        var recovered = new Driver(files).Recovered;
        var place = story.States.FindIndex(least, most - least + 1, state => CrashTests.Same(state, recovered));
        Assert.True(place >= 0, $"{where}: {recovered} is none of the states {least} to {most}");
        return place;
    }

    private static int Calls(Story story)
    {
        var files  = new SimulatedFiles();
        var driver = new Driver(files);
        foreach (var episode in story.Episodes) driver.Do(episode);
        return files.Calls;
    }

    internal static Effect.Persist Vote(ulong term) => new(
        new Term(term), new NodeId(1), None, LogPosition.Zero, LogIndex.Zero, [], LogPosition.Zero);
}
