using System.Collections.Generic;
using System.Linq;
using static RxRaft.Tests.DiskSteps;

namespace RxRaft.Tests.Disk;

/// <summary>Segments are made ahead of their use, gently, and out of those that the log no longer needs.</summary>
public sealed class SegmentTests
{
    private const string Room = "log-0000000000000001" + DiskNames.Unfinished;      // of the first that is dropped

    private readonly SimulatedFiles files = new();
    private readonly List<string> calls = [];
    private ulong written;

    public SegmentTests() => files.Before = calls.Add;

    [Fact]
    public void A_segment_is_filled_in_pieces_each_durable_before_the_next_is_written()
    {
        _ = new Driver(files, new() { SegmentBytes = 1 << 20 });

        string[] filled = [.. calls.Where(call => call.EndsWith("log-0000000000000002.tmp", StringComparison.Ordinal))];
        string[] piece  = ["write log-0000000000000002.tmp", "sync log-0000000000000002.tmp"];
        string[] header = piece;
        Assert.Equal(["create log-0000000000000002.tmp", .. piece, .. piece, .. piece, .. piece, .. header], filled);
    }

    [Fact]
    public void The_next_one_is_made_of_one_that_was_dropped_whose_name_is_gone_for_good_before_it_is_overwritten()
    {
        var driver = new Driver(files);
        Fill(driver, segments: 3);
        Drop(driver);
        Assert.Contains(Room, files.Names());
        calls.Clear();
        Fill(driver, segments: 1);

        var made = calls.FindIndex(call => call.StartsWith($"rename {Room} ", StringComparison.Ordinal));
        Assert.True(made >= 0, string.Join(", ", calls));
        Assert.Equal("sync names", calls[made + 1]);
        Assert.DoesNotContain(calls, call => call.StartsWith("create log", StringComparison.Ordinal));
        Assert.DoesNotContain(Room, files.Names());
        Assert.Equal((driver.Submitted, null), (driver.Acknowledged, driver.Fault));
        Assert.Equal(written, new Driver(files.Killed()).Recovered.Log.LastIndex.Value);
    }

    [Fact]
    public void Of_those_that_were_dropped_one_is_kept()
    {
        var driver = new Driver(files);
        Fill(driver, segments: 3);
        Drop(driver);

        Assert.Equal(Seq1(Room), files.Names().Filter(DiskNames.IsUnfinished).Strict());
        Assert.Contains("delete log-0000000000000002", calls);
    }

    [Fact]
    public void One_that_was_dropped_and_has_another_size_goes()
    {
        Fill(new Driver(files), segments: 3);
        var (left, gone) = (files.Killed(), new List<string>());
        left.Before = gone.Add;
        var options = new FileDiskOptions { SegmentBytes = 2 * FileDiskOptions.MinSegmentBytes };
        var larger  = new Driver(left, options);
        Large(larger);                                                  // into segment 5, of a size of its own
        Drop(larger);                                                   // those before it are smaller than the usual ones
        Large(larger);
        Drop(larger);

        Assert.Contains("delete log-0000000000000001", gone);
        Assert.Contains("delete log-0000000000000005", gone);
        Assert.DoesNotContain(left.Names(), DiskNames.IsUnfinished);
        Large(larger);
        Assert.Equal((larger.Submitted, null), (larger.Acknowledged, larger.Fault));
        Assert.Equal(written, new Driver(left.Killed(), options).Recovered.Log.LastIndex.Value);
    }

    [Fact]
    public void Where_names_cannot_be_made_durable_none_is_kept_since_its_old_name_could_come_back()
    {
        var windows = new SimulatedFiles { CanSyncNames = false, Before = calls.Add };
        var driver  = new Driver(windows);
        Fill(driver, segments: 3);
        Drop(driver);

        Assert.DoesNotContain(windows.Names(), DiskNames.IsUnfinished);
        Assert.Contains("delete log-0000000000000001", calls);
    }

    [Fact]
    public void A_disk_that_is_closed_leaves_nothing_that_the_next_start_has_to_remove()
    {
        var driver = new Driver(files);
        Fill(driver, segments: 3);
        Drop(driver);
        driver.Core.Dispose();

        Assert.Empty(new Driver(files).Core.Found.Removed);
    }

    /// <summary>Writes until so many segments more have been made.</summary>
    private void Fill(Driver driver, int segments)
    {
        for (var most = Made + segments; Made < most; written += 20) driver.Do(Entries(written + 1, 20));
    }

    /// <summary>A change that no segment of the usual size has room for.</summary>
    private void Large(Driver driver)
    {
        driver.Do(Entries(written + 1, 5000));
        written += 5000;
    }

    private int Made => calls.Count(call => call.StartsWith("rename log", StringComparison.Ordinal)
        && !call.EndsWith(DiskNames.Unfinished, StringComparison.Ordinal));

    /// <summary>A snapshot takes the place of all entries.</summary>
    private void Drop(Driver driver)
    {
        var last = new LogPosition(new Term(1), new LogIndex(written));
        var snapshot = driver.Core.Save(last, Three, _ => { });
        driver.Do(new Effect.Persist(new Term(1), None, snapshot, last, last.Index, [], last));
    }
}
