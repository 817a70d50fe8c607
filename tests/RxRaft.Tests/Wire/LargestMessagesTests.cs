using System.Collections.Generic;
using System.Linq;
using CsCheck;

namespace RxRaft.Tests;

/// <summary>No message is larger than what is said of it beforehand, whatever is in it.</summary>
public sealed class LargestMessagesTests
{
    private const ulong Huge = ulong.MaxValue;

    [Fact]
    public void No_append_is_larger_than_its_bound_whatever_is_in_it() => Generated.Message.Sample(message =>
    {
        if (message is not Message.AppendEntries append) return;

        Assert.InRange(Written(append), 0, LargestMessages.Append(append.Entries.Sum(entry => (long)entry.Size)));
    }, iter: 5_000);

    [Fact]
    public void Nor_is_one_in_which_nothing_repeats_and_every_number_is_as_long_as_it_can_be()
    {
        Payload[] payloads =
        [
            new Payload.Command(new(new(Huge), Huge), Huge, System.Array.Empty<byte>()),
            new Payload.Register(new(new(1UL << 63), Huge / 2), int.MaxValue),
            new Payload.Command(new(new(0), 5), 1UL << 63, new byte[1]),
            new Payload.Configure(Everywhere(1)),
            new Payload.Noop(),
            new Payload.Configure(Everywhere(9)),
        ];
        foreach (var some in Subsets(payloads))
        {
            var entries = toSeq(Enumerable.Range(1, 2_000).Select(n => new Entry(
                new(new(Huge - (ulong)(n % 2)), new((ulong)n)), some[n % some.Length]))).Strict();
            var append  = new Message.AppendEntries(new(Huge), new(Huge), new(new(Huge), new(0)), entries, new(Huge));

            Assert.InRange(Written(append), 1, LargestMessages.Append(entries.Sum(entry => (long)entry.Size)));
        }
    }

    [Fact]
    public void Nor_are_a_command_and_a_part_of_a_snapshot_with_many_members()
    {
        var command = new Payload.Command(new(new(1UL << 63), Huge), 1UL << 63, new byte[5_000]);
        var most    = LargestMessages.Whole(5_000);
        Assert.InRange(Written(new Message.Forward(new(Huge), Seq1(new Proposal(command)))), 5_000, most);
        Assert.InRange(Written(new Message.AppendEntries(new(Huge), new(Huge), new(new(Huge), new(7)),
            Seq1(new Entry(new(new(Huge), new(8)), command)), new(Huge))), 5_000, most);
        Assert.InRange(Written(new Message.InstallSnapshot(new(Huge), new(Huge),
            new(new(new(Huge), new(Huge)), Everywhere(79), long.MaxValue), long.MaxValue - 5_000, new byte[5_000])), 5_000, most);
    }

    [Fact]
    public void The_limits_by_default_fit_into_frames_by_default() =>
        Assert.Equal([], LargestMessages.Problems(Limits.Default, new TcpWireOptions(
            new("Test"), new(1), new(System.Net.IPAddress.Loopback, 0)).MaxFrameBytes));

    private static long Written(Message message)
    {
        var buffer = new SendBuffer();
        Assert.True(new MessageWriter(1 << 30).TryWrite(message, buffer));
        return buffer.Count;
    }

    /// <summary>So many nodes, with the longest ids, each in two sets.</summary>
    private static Configuration Everywhere(int nodes)
    {
        var all = toSet(Enumerable.Range(0, nodes).Select(n => new NodeId(Huge - (ulong)n)));
        return new Configuration.Joint(all, all, Set<NodeId>());
    }

    private static IEnumerable<Payload[]> Subsets(Payload[] all) =>
        Enumerable.Range(1, (1 << all.Length) - 1)
            .Select(which => all.Where((_, at) => (which >> at & 1) == 1).ToArray());
}
