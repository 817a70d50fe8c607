using static RxRaft.Testing.KeyValueCommand;
using KeyValueHistory = RxRaft.Testing.History<RxRaft.Testing.KeyValueCommand, LanguageExt.Option<string>>;
using KeyValueVerdict = RxRaft.Testing.Verdict<RxRaft.Testing.KeyValueCommand, LanguageExt.Option<string>>;

namespace RxRaft.Tests;

/// <summary>Histories that a store may show its clients, and such that none may.</summary>
public sealed class LinearizabilityTests
{
    private static readonly KeyValueHistory Nothing = KeyValueHistory.Empty;

    private static readonly KeyValueCommand Read = new Get("x");
    private static readonly KeyValueCommand Write1 = new Put("x", "1");
    private static readonly KeyValueCommand Write2 = new Put("x", "2");
    private static readonly KeyValueCommand AppendA = new Append("x", "a");
    private static readonly KeyValueCommand AppendB = new Append("x", "b");

    [Fact]
    public void One_after_another_every_command_finds_what_the_one_before_left() => Good(Nothing
        .Did(1, Read, None).Did(2, Write1, None).Did(1, Write2, "1").Did(2, AppendA, "2").Did(1, Read, "2a")
        .Did(1, new Cas("x", "2", "3"), "2a").Did(1, new Cas("x", "2a", "3"), "2a").Did(2, new Delete("x"), "3").Did(2, Read, None)
        .Did(1, new Cas("x", None, "4"), None).Did(1, Read, "4"));

    [Fact]
    public void A_history_in_which_nothing_happened_is_linearizable() => Good(Nothing);

    [Fact]
    public void A_read_that_begins_after_a_write_has_returned_sees_it()
    {
        Good(Nothing.Did(1, Write1, None).Did(1, Write2, "1").Did(2, Read, "2"));
        Bad(Nothing.Did(1, Write1, None).Did(1, Write2, "1").Did(2, Read, "1"));
    }

    [Fact]
    public void Of_two_updates_none_is_lost()
    {
        var both = Nothing.Ask(1, AppendA).Ask(2, AppendB);

        Good(both.Told(1, None).Told(2, "a").Did(3, Read, "ab"));
        Good(both.Told(1, "b").Told(2, None).Did(3, Read, "ba"));
        Bad(both.Told(1, None).Told(2, None));
        Bad(both.Told(1, None).Told(2, "a").Did(3, Read, "b"));
    }

    [Fact]
    public void Of_two_that_compare_and_set_the_same_only_one_finds_it()
    {
        var both = Nothing.Ask(1, new Cas("x", None, "1")).Ask(2, new Cas("x", None, "2"));

        Good(both.Told(1, None).Told(2, "1").Did(3, Read, "1"));
        Bad(both.Told(1, None).Told(2, None));
        Bad(both.Told(1, None).Told(2, "1").Did(3, Read, "2"));
    }

    [Fact]
    public void Nobody_reads_what_nobody_has_written() => Bad(Nothing.Did(1, Write1, None).Did(2, Read, "3"));

    [Fact]
    public void Nobody_reads_what_is_written_later() => Bad(Nothing.Did(2, Read, "1").Did(1, Write1, None));

    [Fact]
    public void Once_somebody_has_read_a_write_under_way_nobody_reads_what_was_before()
    {
        var writing = Nothing.Did(1, Write1, None).Ask(1, Write2);

        Good(writing.Did(2, Read, "1").Did(3, Read, "2").Told(1, "1"));
        Bad(writing.Did(2, Read, "2").Did(3, Read, "1").Told(1, "1"));
    }

    [Fact]
    public void Reads_that_overlap_a_write_may_see_it_or_not() => Good(Nothing
        .Ask(1, Write1).Ask(2, Read).Ask(3, Read).Ask(4, Read)
        .Told(4, None).Told(3, "1").Told(2, None).Told(1, None));

    [Fact]
    public void Operations_that_overlap_happen_in_any_order_that_explains_all_of_them() => Good(Nothing
        .Ask(1, Write1).Ask(2, Write2).Ask(3, AppendA).Ask(4, AppendB).Ask(5, Read)
        .Told(1, "2ba").Told(2, None).Told(3, "2b").Told(4, "2").Told(5, "2b"));

    [Fact]
    public void What_overlaps_only_in_a_chain_keeps_its_real_order()
    {
        // 2 overlaps both others, and they do not overlap each other.
        var chain = Nothing.Ask(2, Write2).Did(1, Write1, None);

        Good(chain.Did(3, Read, "1").Told(2, "1"));
        Good(chain.Did(3, Read, "2").Told(2, "1"));
        Bad(chain.Did(3, Read, None).Told(2, "1"));
    }

    [Fact]
    public void A_command_without_an_answer_happens_at_some_time_or_never()
    {
        var lost = Nothing.Ask(1, Write1).Lost(1);

        Good(lost.Did(2, Read, "1"));
        Good(lost.Did(2, Read, None).Did(2, Read, None));
        Good(lost.Did(1, Write2, None).Did(2, Read, "2").Did(2, Read, "1"));
        Bad(lost.Did(2, Read, "1").Did(2, Read, None));
        Bad(lost.Did(1, Write2, None).Did(2, Read, "1").Did(2, Read, "2"));
    }

    [Fact]
    public void A_command_without_an_answer_does_not_happen_before_it_was_asked_for() =>
        Bad(Nothing.Did(2, Read, "1").Ask(1, Write1).Lost(1));

    [Fact]
    public void Who_still_waits_at_the_end_may_have_been_heard_or_not()
    {
        Good(Nothing.Ask(1, Write1).Did(2, Read, "1"));
        Good(Nothing.Ask(1, Write1).Did(2, Read, None));
        Bad(Nothing.Ask(1, Write1).Did(2, Read, "2"));
    }

    [Fact]
    public void A_retried_append_is_applied_once()
    {
        // The client tries again within one operation: it asks once, however often its session sends.
        Good(Nothing.Ask(1, AppendA).Lost(1).Did(2, Read, None).Did(2, Read, "a"));
        Bad(Nothing.Ask(1, AppendA).Lost(1).Did(2, Read, "aa"));
        Bad(Nothing.Did(1, AppendA, None).Did(2, Read, "aa"));
        Bad(Nothing.Did(1, AppendA, "a"));
    }

    [Fact]
    public void What_was_refused_did_not_happen()
    {
        Good(Nothing.Ask(1, Write1).Refused(1).Did(2, Read, None));
        Bad(Nothing.Ask(1, Write1).Refused(1).Did(2, Read, "1"));
    }

    [Fact]
    public void Keys_are_apart_and_each_is_in_order()
    {
        Good(Nothing.Ask(1, Write1).Did(2, new Put("y", "2"), None).Did(3, Read, None).Did(3, new Get("y"), "2").Told(1, None));
        Bad(Nothing.Did(1, Write1, None).Did(1, new Put("y", "2"), None).Did(3, Read, "2"));
    }

    [Fact]
    public void The_order_of_all_keys_together_keeps_who_came_after_whom()
    {
        var history = Nothing.Ask(1, Write1).Did(2, new Put("y", "2"), None).Did(3, Read, None).Did(3, new Get("y"), "2").Told(1, None);

        Assert.Equal(
            "put y 2, get x, put x 1, get y",
            string.Join(", ", Assert.IsType<KeyValueVerdict.Linearizable>(Check(history)).Order.Map(operation => operation.Command)));
    }

    [Fact]
    public void A_violation_is_told_with_what_has_an_order_and_what_cannot_come_next()
    {
        var verdict = Check(Nothing
            .Did(4, new Put("y", "1"), None).Did(1, Write1, None).Ask(2, Write2).Did(1, Read, "2").Did(3, Read, "1").Told(2, "1"));

        Assert.Equal(
            """
            Not linearizable. This much has an order:
              client 1: put x 1 -> None, 2.0-3.0 ms
              client 2: put x 2 -> Some(1), 4.0-9.0 ms
              client 1: get x -> Some(2), 5.0-6.0 ms
            Then the state is [(x: 2)], and nothing can come next, before get x of client 3 returned:
              client 3: get x -> Some(1), 7.0-8.0 ms: here it would be Some(2)
            """,
            $"{verdict}");
        Assert.Equal(3, Assert.Single(Assert.IsType<KeyValueVerdict.NotLinearizable>(verdict).Stuck).Client);
    }

    [Fact]
    public void The_order_names_what_must_have_happened_without_an_answer()
    {
        var history = Nothing.Ask(1, Write1).Ask(3, AppendA).Lost(1).Did(2, Read, "1");

        Assert.Equal(
            "Linearizable, in this order:\n  client 1: put x 1 -> unknown, from 0.0 ms on\n  client 2: get x -> Some(1), 3.0-4.0 ms",
            $"{Check(history)}");
    }

    [Fact]
    public void A_search_ends_undecided_when_its_work_is_done()
    {
        var history = Nothing.Did(1, Write1, None).Did(1, Write2, "1").Did(2, new Put("y", "1"), None).Did(2, Read, "2");

        Assert.IsType<KeyValueVerdict.Linearizable>(Linearizability.Check(history, KeyValueModel.Instance, workLimit: 4));
        Assert.Equal(
            "Undecided after 3 attempts", $"{Linearizability.Check(history, KeyValueModel.Instance, workLimit: 3)}");
    }

    [Fact]
    public void A_client_waits_for_one_answer_at_a_time()
    {
        var asked = Nothing.Ask(1, Read);

        Assert.Contains("client 1 waits already", Assert.Throws<ArgumentException>(() => asked.Ask(1, Read)).Message);
        Assert.Contains("client 2 does not wait", Assert.Throws<ArgumentException>(() => asked.Told(2, None)).Message);
        Assert.Throws<ArgumentException>(() => asked.Lost(1).Told(1, None));
        Assert.Throws<ArgumentException>(() => asked.Refused(1).Lost(1));
    }

    [Fact]
    public void Which_states_are_the_same_is_the_models_to_say()
    {
        var history = History<int, bool>.Empty.Invoked(1, 12, Ms(0)).Invoked(2, 0, Ms(1)).Returned(2, true, Ms(2));

        // Without an answer, and without changing anything the model minds, a command need not have happened.
        var order = Assert.IsType<Verdict<int, bool>.Linearizable>(Linearizability.Check(history, new Clock())).Order;
        Assert.Equal(0, Assert.Single(order).Command);
    }

    [Fact]
    public void If_a_command_concerns_no_part_by_itself_it_concerns_all_of_them()
    {
        var history = Nothing.Did(1, Write1, None).Did(2, Read, "1");

        Assert.IsType<KeyValueVerdict.Linearizable>(Linearizability.Check(history, new ReadsAreOfNoPart()));
    }

    private sealed class ReadsAreOfNoPart : IModel<Map<string, string>, KeyValueCommand, Option<string>>
    {
        public Map<string, string> Initial => KeyValueModel.Instance.Initial;

        public (Map<string, string> State, Option<string> Result) Step(Map<string, string> state, KeyValueCommand command) =>
            KeyValueModel.Instance.Step(state, command);

        public Option<string> PartOf(KeyValueCommand command) => command is Get ? None : command.Key;
    }

    /// <summary>Turns by so many hours; says whether it shows noon.</summary>
    private sealed class Clock : IModel<int, int, bool>, System.Collections.Generic.IEqualityComparer<int>
    {
        public int Initial => 0;

        public (int State, bool Result) Step(int state, int command) => (state + command, (state + command) % 12 == 0);

        public System.Collections.Generic.IEqualityComparer<int> States => this;

        public bool Equals(int x, int y) => x % 12 == y % 12;

        public int GetHashCode(int obj) => obj % 12;
    }

    private static KeyValueVerdict Check(KeyValueHistory history) => Linearizability.Check(history, KeyValueModel.Instance);

    private static void Good(KeyValueHistory history) => Assert.IsType<KeyValueVerdict.Linearizable>(Check(history));

    private static void Bad(KeyValueHistory history) => Assert.IsType<KeyValueVerdict.NotLinearizable>(Check(history));

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);
}
