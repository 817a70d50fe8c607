namespace RxRaft.Tests;

/// <summary>What counts as said before it was durable (§3.8).</summary>
public sealed class DurabilityTests
{
    private static readonly (NodeId S1, NodeId S2) Nodes = (new(1), new(2));
    private static readonly Term Three = new(3);

    /// <summary>In the third term, with a vote for S2, and two entries.</summary>
    private static readonly PersistentState Disk = new(Three, Nodes.S2, Log.Over(Snapshot.Beginning(Configuration.Of(1, 2, 3)))
        .Append(Seq(
            new Entry(new(Three, new(1)), Payload.Noop.Instance), new Entry(new(Three, new(2)), Payload.Noop.Instance))));

    [Theory]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Whoever_says_what_it_has_has_it_on_its_disk_with_room_for_more_or_without(ulong match, bool durable)
    {
        Assert.Equal(durable, IsSaidAfter(new Message.AppendEntriesReply(Three, new(1), new AppendResult.Success(new(match)))));
        Assert.Equal(durable, IsSaidAfter(new Message.AppendEntriesReply(Three, new(1), new AppendResult.Full(new(match)))));
    }

    [Fact]
    public void A_vote_is_for_whom_the_disk_says_and_nothing_is_said_of_a_term_that_it_does_not_know()
    {
        Assert.True(IsSaidAfter(new Message.RequestVoteReply(Three, VoteGranted: true)));
        Assert.False(Durability.IsSaidAfter(Booted(Disk), new(3), new Message.RequestVoteReply(Three, VoteGranted: true), Disk));
        Assert.False(IsSaidAfter(new Message.RequestVote(Three, Disk.Log.Last)));
        Assert.False(IsSaidAfter(new Message.RequestVoteReply(Three.Next, VoteGranted: false)));
    }

    /// <summary>In the third term it overwrites the second entry, which has come to it in the second.</summary>
    [Fact]
    public void An_entry_that_takes_the_place_of_another_is_not_there_while_that_is()
    {
        var before = Disks.Of(3, Nodes.S2, 2, 2);
        var after  = Disks.Of(3, Nodes.S2, 2, 3);
        var reply  = new Message.AppendEntriesReply(Three, new(1), new AppendResult.Success(new(2)));

        Assert.False(Durability.IsSaidAfter(Booted(after), Nodes.S2, reply, before));
        Assert.True(Durability.IsSaidAfter(Booted(after), Nodes.S2, reply, after));
        Assert.True(Durability.IsSaidAfter(Booted(Disks.Of(4, None, 2, 4)), Nodes.S2, reply, before));     // it is elsewhere by now
    }

    private static bool IsSaidAfter(Message message) => Durability.IsSaidAfter(Booted(Disk), Nodes.S2, message, Disk);

    private static NodeState Booted(PersistentState disk) =>
        Raft.Boot(Nodes.S1, Configuration.Of(1, 2, 3), Settings.Default with { Seed = 1 }, disk).State;
}
