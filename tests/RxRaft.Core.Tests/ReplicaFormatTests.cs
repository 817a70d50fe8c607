using System.Buffers;
using System.Linq;

namespace RxRaft.Tests;

/// <summary>§5.1, §6.3: a snapshot holds the whole replica.</summary>
public class ReplicaFormatTests
{
    private static readonly Replica<string, string?> Some = Replica.Of(Diary.Machine)
        .Register().Register().Write(new(1), 1, "a").Write(new(1), 2, "b", firstUnanswered: 2).Write(new(2), 1, "c");

    [Fact]
    public void The_session_table_is_inside_the_snapshot()
    {
        var read = Read(Bytes(Some));

        var (after, outcome) = read.Then(Diary.Write(new(2), 1, "c"));

        Assert.Equal("abc", after.State);
        Assert.Equal(new Outcome<string?>.Applied("ab"), outcome);
        Assert.True(read.Then(Diary.Write(new(1), 1, "a")).Outcome.IsNone);
    }

    [Fact]
    public void What_is_read_is_what_was_written()
    {
        var nothing = Replica.Of(Diary.Machine).Register().Write(new(1), 1, "a");       // answered null

        foreach (var replica in new[] { Some, nothing, Replica.Of(Diary.Machine) })
        {
            var read = Read(Bytes(replica));

            Assert.Equal((replica.Applied, replica.State), (read.Applied, read.State));
            Assert.Equal(replica.Sessions, read.Sessions);
        }
    }

    [Fact]
    public void The_session_used_longest_ago_is_the_same_after_reading() =>
        Assert.Equal(Some.Register(most: 2).Sessions, Read(Bytes(Some)).Register(most: 2).Sessions);

    [Fact]
    public void The_same_replica_is_the_same_bytes() => Assert.Equal(Bytes(Some), Bytes(Read(Bytes(Some))));

    [Fact]
    public void A_snapshot_that_is_cut_off_or_goes_on_is_not_read()
    {
        var bytes = Bytes(Some);

        Assert.All(Enumerable.Range(0, bytes.Length), length =>
            Assert.Throws<InvariantViolationException>(() => Read(bytes[..length])));
        Assert.Throws<InvariantViolationException>(() => Read([.. bytes, 0]));
    }

    [Fact]
    public void A_snapshot_of_another_version_is_not_read()
    {
        var bytes = Bytes(Some);
        bytes[0] = 2;

        Assert.Equal("a snapshot is of version 1", Assert.Throws<InvariantViolationException>(() => Read(bytes)).Rule);
    }

    [Theory]
    [InlineData(0x2222, 0x1111)]        // one result twice
    [InlineData(0x1000, 0x1800)]        // one that the client has seen
    public void A_session_that_remembers_a_result_twice_or_one_that_its_client_has_seen_is_not_read(int number, int becomes)
    {
        var bytes = Bytes(Replica.Of(Diary.Machine).Register()
            .Write(new(1), 0x1111, "a", firstUnanswered: 0x1000).Write(new(1), 0x2222, "b", firstUnanswered: 0x1000));
        var at = bytes.AsSpan().IndexOf(BitConverter.GetBytes((ulong)number));

        BitConverter.GetBytes((ulong)becomes).CopyTo(bytes, at);

        Assert.Equal(
            "a session remembers a result once, and none that its client has seen",
            Assert.Throws<InvariantViolationException>(() => Read(bytes)).Rule);
    }

    private static byte[] Bytes(Replica<string, string?> replica)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ReplicaFormat.Write(Diary.Machine, replica, buffer);
        return buffer.WrittenSpan.ToArray();
    }

    private static Replica<string, string?> Read(byte[] bytes) => ReplicaFormat.Read(Diary.Machine, bytes);
}
