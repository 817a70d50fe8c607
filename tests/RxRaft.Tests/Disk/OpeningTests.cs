using System.IO;
using System.Reactive.Linq;

namespace RxRaft.Tests.Disk;

/// <summary>What may be a node's disk, and what is said when something cannot be.</summary>
public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryDirectory directory = new();

    public void Dispose() => directory.Dispose();

    [Fact]
    public void A_disk_that_is_open_is_not_opened_again()
    {
        using (directory.Open())
            Refused("another process has it open, or another disk of this process");

        directory.Open().Dispose();                                                 // and is free afterwards
    }

    [Fact]
    public void A_disk_belongs_to_one_cluster()
    {
        directory.Open().Dispose();

        Refused("it belongs to the cluster orders, not to invoices", new ClusterId("invoices"));
    }

    [Fact]
    public void A_disk_belongs_to_one_node()
    {
        directory.Open().Dispose();

        Refused("it belongs to S1, not to S2", self: new NodeId(2));
    }

    [Fact]
    public void A_disk_belongs_to_no_node_0()
    {
        var failure = Assert.Throws<ArgumentException>(() => FileDisk.Open(directory.Path, TemporaryDirectory.Cluster, new NodeId(0)));

        Assert.StartsWith("Self is S0: the ids of nodes begin at 1", failure.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(directory.Path));
    }

    [Fact]
    public void A_log_without_the_file_that_says_whose_it_is_is_refused_rather_than_begun_anew()
    {
        using (var disk = directory.Open()) Write(disk, 1);
        File.Delete(directory.At("identity"));

        Refused("it has files (log-0000000000000001, log-0000000000000002), but none named identity: " +
            "a node that started here could have forgotten its vote");
    }

    [Fact]
    public void A_directory_with_other_files_is_refused()
    {
        Directory.CreateDirectory(directory.Path);
        File.WriteAllText(directory.At("thesis.txt"), "");

        Refused("it has files (thesis.txt), but none named identity: a node that started here could have forgotten its vote");
    }

    [Fact]
    public void A_disk_that_was_never_finished_is_made_anew()
    {
        directory.Open().Dispose();
        File.Delete(directory.At("identity"));
        File.Delete(directory.At("log-0000000000000002"));
        File.WriteAllText(directory.At("identity.tmp"), "half");

        using var disk = directory.Open();

        Assert.True(disk.Recovery.IsNew);
    }

    [Fact]
    public void A_file_is_no_directory()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(directory.Path)!);
        File.WriteAllText(directory.Path, "");

        Refused("it is a file, not a directory");
    }

    [Fact]
    public void A_disk_of_a_newer_program_is_refused()
    {
        directory.Open().Dispose();
        var bytes = File.ReadAllBytes(directory.At("identity"));
        bytes[8] = 2;
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), Checksum.Of(bytes.AsSpan(0, bytes.Length - 4)));
        File.WriteAllBytes(directory.At("identity"), bytes);

        Refused("it has format 2; this program reads 1");
    }

    [Fact]
    public void A_torn_tail_is_cut_off_and_reported_once()
    {
        using (var disk = directory.Open())
        {
            Write(disk, 1);
            Write(disk, 2, bytes: 2000);
        }

        var path = directory.At("log-0000000000000001");
        using (var file = File.OpenWrite(path))
        {
            file.Position = 1024;
            file.Write(new byte[512]);                                              // a sector that never came
        }

        TornTail torn;
        using (var disk = directory.Open())
        {
            torn = disk.Recovery.Torn.IfNone(() => throw new InvalidOperationException("nothing is torn"));
            Assert.Equal(new LogIndex(1), disk.Recover().Log.LastIndex);
        }

        Assert.Equal(path, torn.File);
        Assert.InRange(torn.Offset, 512, 1023);
        Assert.InRange(torn.Offset + torn.Length, 2500, 2800);
        using (var disk = directory.Open())
            Assert.Equal((None, new LogIndex(1)), (disk.Recovery.Torn, disk.Recover().Log.LastIndex));
    }

    [Fact]
    public void What_is_damaged_is_named_with_its_file_and_place_and_stays_as_it_is()
    {
        using (var disk = directory.Open())
        {
            Write(disk, 1);
            Write(disk, 2);
        }

        var path = directory.At("log-0000000000000001");
        var bytes = File.ReadAllBytes(path);
        bytes[512 + 40] ^= 1;
        File.WriteAllBytes(path, bytes);

        var damage = Assert.Throws<DiskCorruptionException>(() => directory.Open());

        Assert.Equal((path, 512L), (damage.File, damage.Offset));
        Assert.Equal(bytes, File.ReadAllBytes(path));
    }

    [Theory]
    [InlineData(4095, 1, "SegmentBytes is 4095: it must be 4096 to 1073741824 bytes")]
    [InlineData(4096, 0, "MaxBatchBytes is 0: it must be 1 to 1073741824 bytes")]
    [InlineData(
        int.MaxValue, -1,
        "SegmentBytes is 2147483647: it must be 4096 to 1073741824 bytes; MaxBatchBytes is -1: it must be 1 to 1073741824 bytes")]
    public void Options_that_are_not_possible_are_named_with_their_value(int segment, int batch, string message)
    {
        var options = new FileDiskOptions { SegmentBytes = segment, MaxBatchBytes = batch };

        var failure = Assert.Throws<ArgumentException>(() => directory.Open(options));

        Assert.Equal(message, failure.Message);
        Assert.False(Directory.Exists(directory.Path));
    }

    [Fact]
    public void A_change_that_is_larger_than_a_segment_gets_one_of_its_size()
    {
        using (var disk = directory.Open())
            for (ulong index = 1; index <= 4; index++) Write(disk, index, bytes: 100_000);

        using var again = directory.Open();
        Assert.Equal(new LogIndex(4), again.Recover().Log.LastIndex);
    }

    private static void Write(FileDisk disk, ulong index, int bytes = 10)
    {
        var entry = new Entry(new(new Term(1), new(index)), new Payload.Command(new(SessionId.None, 1), 0, new byte[bytes]));
        disk.Write(new(new Term(1), None, None, LogPosition.Zero, new(index - 1), Seq1(entry), entry.Position)).Wait();
    }

    private void Refused(string why, ClusterId? cluster = null, NodeId? self = null)
    {
        var refusal = Assert.Throws<DiskRefusedException>(() => FileDisk.Open(
            directory.Path, cluster ?? TemporaryDirectory.Cluster, self ?? TemporaryDirectory.Self, TemporaryDirectory.Small));

        Assert.Equal($"{directory.Path} cannot be this node's disk: {why}", refusal.Message);
        Assert.Equal(directory.Path, refusal.Directory);
    }
}
