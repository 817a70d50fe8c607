namespace RxRaft.Tests;

/// <summary>Who may speak, decided without a socket.</summary>
public sealed class HandshakeTests
{
    private static readonly ClusterId Ours = new("Test");
    private static readonly NodeId S1 = new(1), S2 = new(2);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(0, 1)]
    [InlineData(1, 9)]
    [InlineData(0, 9)]
    public void Two_nodes_speak_the_latest_version_that_both_know(uint min, uint max) =>
        Assert.Equal(new Answer.Accepted(S2, Version: 1, Capabilities: 0),
            Decide(hello => (hello.MinVersion, hello.MaxVersion, hello.Capabilities) = (min, max, 0xff)));

    [Theory]
    [InlineData(2, 9)]
    [InlineData(0, 0)]
    [InlineData(9, 1)]
    public void Without_a_common_version_they_do_not_speak(uint min, uint max) =>
        Refused(WireRefusal.NoCommonVersion, $"It speaks versions {min} to {max}, and S1 1 to 1",
            hello => (hello.MinVersion, hello.MaxVersion) = (min, max));

    [Fact]
    public void Another_cluster_is_refused_whatever_its_name_has_in_it()
    {
        Refused(WireRefusal.WrongCluster, "It is of the cluster test, and S1 of Test", hello => hello.Cluster = "test");
        Refused(WireRefusal.WrongCluster, "It is of the cluster a?[2Jb, and S1 of Test", hello => hello.Cluster = "a\x1b[2Jb");
        Refused(WireRefusal.WrongCluster, $"It is of the cluster {new string('x', 200)}, and S1 of Test",
            hello => hello.Cluster = new string('x', 3_000));
    }

    [Fact]
    public void Who_wants_another_node_is_refused() =>
        Refused(WireRefusal.WrongTarget, "It wants to reach S3, and this is S1", hello => hello.To = 3);

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void A_node_that_is_no_peer_is_refused(ulong from) =>
        Refused(WireRefusal.UnknownNode, $"S1 does not know S{from}", hello => hello.From = from);

    [Fact]
    public void Who_says_no_id_is_nobody_whoever_is_known() =>
        Assert.Equal(
            new Answer.Refused(WireRefusal.UnknownNode, "It does not say who it is: its id is 0, and ids begin with 1"),
            Handshake.Decide(Handshake.Hello(Ours, new(0), S1), Ours, S1, _ => true));

    [Fact]
    public void Who_begins_otherwise_is_told_apart_at_the_first_byte_and_named_by_it()
    {
        Handshake.RequireOpens("RxRaf"u8);
        var wrong = Assert.Throws<FrameException>(() => Handshake.RequireOpens("RxRaft\n"u8));
        Assert.Equal((WireRefusal.NotRaft,
            "The other side began with the bytes 5278526166740A, and this protocol begins with 5278526166740D0A"),
            (wrong.Refusal, wrong.Message));
    }

    [Fact]
    public void An_answer_that_is_none_is_named_by_its_kind()
    {
        Assert.Equal("Its answer is of kind 20: it must be 2 (Welcome) or 3 (Refusal)", Assert.Throws<FrameException>(() =>
            Handshake.Conclude(new(Proto.Kind.AppendEntries, 0, 0), default)).Message);

        var bytes = Google.Protobuf.MessageExtensions.ToByteArray(new Proto.Refusal { Reason = 77, Words = "later" });
        var later = Assert.Throws<RefusedException>(() => Handshake.Conclude(
            new(Proto.Kind.Refusal, bytes.Length, 0), new System.Buffers.ReadOnlySequence<byte>(bytes)));
        Assert.Equal((WireRefusal.Other, "It refused, for reason 77: later"), (later.Reason, later.Message));
    }

    [Theory]
    [InlineData(1, 0.0, 50)]
    [InlineData(2, 0.0, 100)]
    [InlineData(2, 0.5, 75)]
    [InlineData(5, 0.0, 800)]
    [InlineData(6, 0.0, 1_000)]
    [InlineData(1_000_000, 1.0, 500)]
    public void Attempts_become_rarer_up_to_a_limit(int failures, double chance, double milliseconds) =>
        Assert.Equal(milliseconds,
            BackOff.Pause(failures, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), chance).TotalMilliseconds);

    private static void Refused(WireRefusal reason, string words, Action<Proto.Hello> change) =>
        Assert.Equal(new Answer.Refused(reason, words), Decide(change));

    private static Answer Decide(Action<Proto.Hello> change)
    {
        var hello = Handshake.Hello(Ours, S2, S1);
        change(hello);
        return Handshake.Decide(hello, Ours, S1, node => node == S2);
    }
}
