using System.Linq;

namespace RxRaft.Tests;

/// <summary>What is no configuration is none on the wire and none on the disk, in the same words.</summary>
public sealed class MemberListsTests
{
    [Theory]
    [MemberData(nameof(WrongMemberLists.All), MemberType = typeof(WrongMemberLists))]
    public void What_is_no_configuration_is_refused_everywhere(string voters, string next, string learners, string words)
    {
        Assert.Equal($"A configuration: {words}",
            Assert.Throws<FrameException>(() => OfColumns(Ids(voters), Ids(next), Ids(learners))).Message);
        Assert.Equal($"A configuration: {words}",
            Assert.Throws<FrameException>(() => OfSnapshot(Ids(voters), Ids(next), Ids(learners))).Message);
        Assert.Contains($"a configuration: {words}", Assert.Throws<DiskCorruptionException>(
            () => OfDisk(Ids(voters), next == "" ? None : Some(Ids(next)), Ids(learners))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("1", "", "")]
    [InlineData("3 1 2", "", "5 4")]
    [InlineData("1 2", "2 3", "1 4")]
    [InlineData("0 18446744073709551615", "7", "0")]
    public void What_is_one_is_the_same_everywhere(string voters, string next, string learners)
    {
        var expected = next == ""
            ? (Configuration)new Configuration.Simple(Set(voters), Set(learners))
            : new Configuration.Joint(Set(voters), Set(next), Set(learners));

        Assert.Equal(expected, OfColumns(Ids(voters), Ids(next), Ids(learners)));
        Assert.Equal(expected, OfSnapshot(Ids(voters), Ids(next), Ids(learners)));
        Assert.Equal(expected, OfDisk(Ids(voters), next == "" ? None : Some(Ids(next)), Ids(learners)));
    }

    /// <summary>The disk says which kind it is; the wire has new voters or none.</summary>
    [Fact]
    public void A_joint_configuration_on_the_disk_has_new_voters() =>
        Assert.Contains("a configuration: Old voters S1 and new voters nobody: there must be some of both",
            Assert.Throws<DiskCorruptionException>(() => OfDisk([1], Some(System.Array.Empty<ulong>()), [])).Message,
            StringComparison.Ordinal);

    private static Configuration OfColumns(ulong[] voters, ulong[] next, ulong[] learners)
    {
        var columns = new Proto.Payloads
        {
            RunKind    = { 3 },
            RunLength  = { 1 },
            RunTerm    = { 1 },
            NodeCounts = { (uint)voters.Length, (uint)next.Length, (uint)learners.Length },
            Nodes      = { voters, next, learners },
        };
        var append = Assert.IsType<Message.AppendEntries>(Assert.Single(Frames.Read(
            Frames.Frame((ushort)Proto.Kind.AppendEntries, new Proto.AppendEntries { Entries = columns }))));
        return Assert.IsType<Payload.Configure>(Assert.Single(append.Entries).Payload).Configuration;
    }

    private static Configuration OfSnapshot(ulong[] voters, ulong[] next, ulong[] learners) =>
        Assert.IsType<Message.InstallSnapshot>(Assert.Single(Frames.Read(
            Frames.Frame((ushort)Proto.Kind.InstallSnapshot, new Proto.InstallSnapshot
            {
                Configuration = new() { Voters = { voters }, NextVoters = { next }, Learners = { learners } },
            })))).Snapshot.Configuration;

    /// <summary>A change with one entry, as Disk/README.md has it.</summary>
    private static Configuration OfDisk(ulong[] voters, Option<ulong[]> next, ulong[] learners)
    {
        var buffer = new DiskBuffer();
        buffer.Bytes([LogEncoding.Change, 1, 0, 0, 0, 1, 1, 1, LogEncoding.Configure]);
        buffer.Byte(next.IsSome ? LogEncoding.Joint : LogEncoding.Simple);
        foreach (var ids in Seq1(voters).Concat(next.ToSeq()).Concat(Seq1(learners)))
        {
            buffer.Varint((ulong)ids.Length);
            foreach (var id in ids) buffer.Varint(id);
        }

        var group = new DiskBytes(buffer.Written.ToArray(), "log", 0).Group();
        var entry = Assert.Single(Assert.IsType<LogGroup.Change>(group).Persist.Entries);
        return Assert.IsType<Payload.Configure>(entry.Payload).Configuration;
    }

    private static ulong[] Ids(string names) =>
        [.. names.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => ulong.Parse(name, null))];

    private static Set<NodeId> Set(string names) => toSet(Ids(names).Select(id => new NodeId(id)));
}
