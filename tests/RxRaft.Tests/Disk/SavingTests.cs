using System.Buffers;
using static RxRaft.Tests.DiskSteps;

namespace RxRaft.Tests.Disk;

/// <summary>Snapshots that the node takes itself, of which a slow one may be finished after a later one.</summary>
public sealed class SavingTests
{
    private static readonly LogPosition At5 = new(new Term(1), new LogIndex(5));

    private readonly SimulatedFiles files = new();
    private readonly Driver driver;

    public SavingTests()
    {
        driver = new Driver(files);
        driver.Do(Entries(from: 1, 5));
    }

    [Fact]
    public void A_snapshot_that_is_finished_after_one_that_was_begun_later_does_not_take_its_place_and_goes()
    {
        var later = default(Snapshot);
        driver.Core.Save(At2, Three, _ => later = Save(At5, "later"));

        Assert.Equal(Seq1(DiskNames.Snapshot(2)), Snapshots);
        driver.Do(Naming(later!));
        Assert.Equal((2, null), (driver.Acknowledged, driver.Fault));
        Assert.Equal("later"u8.ToArray(), driver.Core.Read(later!, 0, 5).IfNone(default(ReadOnlyMemory<byte>)).ToArray());
    }

    [Fact]
    public void A_snapshot_of_an_earlier_entry_that_is_begun_later_as_by_a_node_that_was_started_again_takes_the_place()
    {
        Save(At5, "of a node that stopped");
        var again = Save(At2, "again");

        Assert.Equal(Seq1(DiskNames.Snapshot(2)), Snapshots);
        driver.Do(Naming(again));
        Assert.Equal((2, null), (driver.Acknowledged, driver.Fault));
    }

    private Seq<string> Snapshots => files.Names().Filter(name => DiskNames.SnapshotNumber(name).IsSome).Strict();

    private Snapshot Save(LogPosition last, string text) =>
        driver.Core.Save(last, Three, writer => writer.Write(System.Text.Encoding.UTF8.GetBytes(text)));
}
