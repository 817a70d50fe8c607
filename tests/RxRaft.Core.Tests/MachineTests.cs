namespace RxRaft.Tests;

/// <summary>§2.1: a replica is what the log says, entry by entry.</summary>
public class MachineTests
{
    private static readonly Replica<string, string?> Empty = Replica.Of(Diary.Machine);

    [Fact]
    public void Applied_index_and_state_move_together()
    {
        var (first, _) = Diary.Machine.Apply(Empty, Entry(1, Diary.Write(SessionId.None, 1, "a")));
        var (second, _) = Diary.Machine.Apply(first, Entry(2, Diary.Write(SessionId.None, 2, "b")));

        Assert.Equal((Place(1), "a"), (first.Applied, first.State));
        Assert.Equal((Place(2), "ab"), (second.Applied, second.State));
        Assert.Equal((LogIndex.Zero, ""), (Empty.Applied, Empty.State));
    }

    [Fact]
    public void Entries_that_are_not_commands_move_only_the_index_and_tell_nobody()
    {
        foreach (var payload in new Payload[] { Payload.Noop.Instance, new Payload.Configure(ClusterOf(3)) })
        {
            var (after, outcome) = Diary.Machine.Apply(Empty, Entry(1, payload));

            Assert.Equal(Empty with { Applied = Place(1) }, after);
            Assert.True(outcome.IsNone);
        }
    }

    [Theory]
    [InlineData(1ul)]
    [InlineData(3ul)]
    public void An_entry_that_comes_twice_or_leaves_one_out_halts_the_node(ulong index)
    {
        var (first, _) = Diary.Machine.Apply(Empty, Entry(1, Payload.Noop.Instance));

        Assert.Throws<InvariantViolationException>(() => Diary.Machine.Apply(first, Entry(index, Payload.Noop.Instance)));
    }

    [Fact]
    public void A_command_is_told_what_the_state_machine_says_be_it_nothing()
    {
        var (first, before) = Diary.Machine.Apply(Empty, Entry(1, Diary.Write(SessionId.None, 1, "a")));
        var (_, then) = Diary.Machine.Apply(first, Entry(2, Diary.Write(SessionId.None, 2, "b")));

        Assert.Equal(new Outcome<string?>.Applied(null), before);
        Assert.Equal(new Outcome<string?>.Applied("a"), then);
    }

    [Fact]
    public void Without_a_session_a_command_that_comes_twice_is_applied_twice()
    {
        var command = Diary.Write(SessionId.None, 1, "a");
        var (first, _) = Diary.Machine.Apply(Empty, Entry(1, command));
        var (second, _) = Diary.Machine.Apply(first, Entry(2, command));

        Assert.Equal("aa", second.State);
    }

    private static Entry Entry(ulong index, Payload payload) => new(At(1, index), payload);
}
