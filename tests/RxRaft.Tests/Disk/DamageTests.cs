using System.Buffers;
using System.Buffers.Binary;
using System.Linq;
using static RxRaft.Tests.DiskSteps;

namespace RxRaft.Tests.Disk;

/// <summary>A message about damage says in which file and where, what is there, and what should be.</summary>
public sealed class DamageTests
{
    private const string Segment = "log-0000000000000001", Stored = "snapshot-0000000000000001";

    private readonly SimulatedFiles files = new();

    public DamageTests()
    {
        var driver = new Driver(files);
        driver.Do(Entries(from: 1, 2));
        var snapshot = driver.Core.Save(At2, Three, writer => writer.Write("state"u8));
        driver.Do(Naming(snapshot));
        driver.Core.Dispose();
    }

    [Fact]
    public void The_checksum_of_a_frame()
    {
        var expected = Number(Segment, 512 + 20);
        files[Segment][512 + 40] ^= 1;
        var body = (int)Number(Segment, 512 + 4);

        Says(Segment, 512, $"the checksum of the {body} bytes of the frame is {Hex(Segment, 512 + 32, body)}, not 0x{expected:x8}, "
            + "and no part of it is blank");
    }

    [Fact]
    public void The_checksum_of_a_frames_header()
    {
        var expected = Number(Segment, 512 + 28);
        files[Segment][512 + 9] ^= 1;

        var message = Message(Segment, 512);
        Assert.Matches($"^the checksum of the frame's header is 0x[0-9a-f]{{8}}, not 0x{expected:x8}$", message);
        Assert.NotEqual($"the checksum of the frame's header is 0x{expected:x8}, not 0x{expected:x8}", message);
    }

    [Fact]
    public void What_a_frame_begins_with()
    {
        files[Segment][512] = (byte)'G';

        Says(Segment, 512, "a frame begins with 0x314d5246, and here is 0x314d5247");
    }

    [Fact]
    public void The_checksum_of_a_segments_header()
    {
        var expected = Number(Segment, 60);
        files[Segment][40] ^= 1;

        Says(Segment, 0, $"the checksum of the header is {Hex(Segment, 0, 60)}, not 0x{expected:x8}");
    }

    [Fact]
    public void Whose_a_segment_is()
    {
        BinaryPrimitives.WriteUInt64LittleEndian(files[Segment].AsSpan(16), 7);
        BinaryPrimitives.WriteUInt64LittleEndian(files[Segment].AsSpan(24), 4);
        BinaryPrimitives.WriteUInt32LittleEndian(files[Segment].AsSpan(60), Checksum.Of(files[Segment].AsSpan(0, 60)));

        var cluster = $"in the cluster of checksum 0x{Checksum.Of("orders"u8):x8}";
        Says(Segment, 0, $"it is segment 4 of S7 {cluster}, not segment 1 of S1 {cluster}");
    }

    [Fact]
    public void The_checksum_of_a_snapshot()
    {
        var expected = Checksum.Of("state"u8);
        files[Stored][0] = (byte)'S';

        Says(Stored, 0, $"the checksum of its 5 bytes is 0x{Checksum.Of("State"u8):x8}, not 0x{expected:x8}");
    }

    [Fact]
    public void The_length_of_a_snapshot()
    {
        files[Stored] = [.. "sta"u8];

        Says(Stored, 3, "it has 3 bytes, not 5");
    }

    [Fact]
    public void The_checksum_of_an_identity()
    {
        var end = files["identity"].Length - 4;
        var expected = Number("identity", end);
        files["identity"][end - 1] ^= 1;

        Says("identity", 0, $"the checksum of all before it is {Hex("identity", 0, end)}, not 0x{expected:x8}");
    }

    [Theory]
    [InlineData(6, 0, "2 of 8 bytes are missing")]
    [InlineData(22, 16, "2 of 8 bytes are missing")]
    public void How_many_bytes_are_missing_of_how_many(int left, long place, string what)
    {
        files["identity"] = [.. files["identity"].Take(left)];

        Says("identity", place, what);
    }

    [Theory]
    [InlineData(new byte[] { 9 }, "a group of kind 9, not 1 or 2")]
    [InlineData(new byte[] { 2, 1, 0, 0, 0, 1, 1, 1, 7 }, "an entry of kind 7, not 0 to 3")]
    [InlineData(new byte[] { 2, 1, 0, 0, 0, 1, 1, 1, 3, 5 }, "a configuration of kind 5, not 0 or 1")]
    [InlineData(new byte[] { 2, 1, 3 }, "3 where 0 or 1 should be")]
    public void The_kinds_that_there_are(byte[] group, string what)
    {
        var damage = Assert.Throws<DiskCorruptionException>(() => new DiskBytes(group, "a file", 100).Group());

        Assert.Equal($"a file is damaged at byte {100 + group.Length}: {what}", damage.Message);
    }

    private void Says(string file, long place, string what) => Assert.Equal(what, Message(file, place));

    private string Message(string file, long place)
    {
        var damage = Assert.Throws<DiskCorruptionException>(() => new Driver(files));
        var where  = $"/disk/{file} is damaged at byte {place}: ";
        Assert.StartsWith(where, damage.Message, StringComparison.Ordinal);
        Assert.Equal(($"/disk/{file}", place), (damage.File, damage.Offset));
        return damage.Message[where.Length..];
    }

    private uint Number(string file, int place) => BinaryPrimitives.ReadUInt32LittleEndian(files[file].AsSpan(place));

    private string Hex(string file, int from, int count) => $"0x{Checksum.Of(files[file].AsSpan(from, count)):x8}";
}
