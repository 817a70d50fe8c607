using System.Linq;
using CsCheck;

namespace RxRaft.Samples.KeyValue;

/// <summary>What writes make of the store.</summary>
public sealed class StoreMachineTests
{
    private static readonly StoreMachine Machine = new();
    private static readonly Lifetime Forever = new Lifetime.Forever();
    private static readonly Key K = Key.Of("k");

    [Fact]
    public void Whatever_is_written_the_store_is_as_a_plain_dictionary_would_be() => Draw.Batch.Array[0, 40].Sample(batches =>
    {
        var (store, plain) = (Store.Empty, new PlainStore());
        foreach (var batch in batches)
        {
            (store, var answers) = Machine.Apply(store, batch);

            Assert.Equal(plain.Apply(batch), answers.Select(PlainStore.Said));
            Assert.Equal(
                plain.Keys.Where(each => !(each.Value.Deadline <= store.Now)).OrderBy(each => each.Key, StringComparer.Ordinal),
                PlainStore.Visible(store).OrderBy(each => each.Key, StringComparer.Ordinal));
        }
    }, iter: 1000);

    [Fact]
    public void What_is_applied_changes_no_store_that_was_before() => Gen.Select(Draw.Store, Draw.Batch).Sample((store, batch) =>
    {
        var before = Written(store);
        Machine.Apply(store, batch);
        Assert.Equal(before, Written(store));
    }, iter: 200);

    [Fact]
    public void Every_key_with_a_deadline_is_among_the_dues_once_and_no_other() => Draw.Store.Sample(store => Assert.Equal(
        store.All.Where(each => each.Value.Deadline.IsSome)
            .Select(each => new Due(each.Value.Deadline.IfNone(0), each.Key)).OrderBy(due => due),
        store.Dues), iter: 300);

    [Fact]
    public void Nothing_is_kept_of_the_entry_that_brought_it()
    {
        var entry = Written(Machine.Commands, new Batch(1, Seq1<Change>(
            new Change.Set(K, Bytes.Of("v"), When.Always, Forever, Fetch: false))));
        var (store, _) = Machine.Apply(Store.Empty, Machine.Commands.Read(entry));

        entry.AsSpan().Clear();

        Assert.Equal("v", $"{store.Value(K).IfNone(Bytes.Empty)}");
    }

    [Fact]
    public void Lives_differ_by_as_much_as_clocks_do()
    {
        var set  = new Change.Set(K, Bytes.Of("v"), When.Always, new Lifetime.For(10), Fetch: false);
        var slow = After(After(Store.Empty, at: 900), at: 980, set);                // it is 1000 at the leader
        var fast = After(After(Store.Empty, at: 5000), at: 1000, set);              // somebody was 4 s ahead

        Assert.True(Ticker.IsDue(slow, now: 1000));
        Assert.True(After(slow, at: 1000).Find(K).IsNone);
        Assert.False(Ticker.IsDue(fast, now: 5000));
        Assert.True(After(fast, at: 5000).Find(K).IsSome);
    }

    [Fact]
    public void A_key_is_there_until_its_deadline_by_the_stores_clock_and_not_at_it()
    {
        var store = After(Store.Empty, at: 1000, new Change.Set(K, Bytes.Of("v"), When.Always, new Lifetime.For(10), Fetch: false));

        Assert.True(After(store, at: 1009).Find(K).IsSome);
        Assert.True(After(store, at: 1010).Find(K).IsNone);
        Assert.True(After(After(store, at: 1010), at: 1000).Find(K).IsNone);        // a slow clock brings nothing back
    }

    [Fact]
    public void A_node_whose_clock_is_slow_gives_a_key_all_of_its_life()
    {
        var late  = After(Store.Empty, at: 9000);
        var store = After(late, at: 1000, new Change.Set(K, Bytes.Of("v"), When.Always, new Lifetime.For(10), Fetch: false));

        Assert.Equal(9010, store.NextDeadline.IfNone(0));
        Assert.True(store.Find(K).IsSome);
    }

    [Fact]
    public void Thousands_that_end_at_once_are_gone_at_once_and_go_bit_by_bit()
    {
        var changes = toSeq(Enumerable.Range(0, 2500)).Map(i => (Change)new Change.Set(
            Key.Of($"{i}"), Bytes.Empty, When.Always, new Lifetime.For(5), Fetch: false)).Strict();
        var (store, _) = Machine.Apply(Store.Empty, new Batch(0, changes));

        var after = After(store, at: 100);

        Assert.Equal(1500, after.Count);
        Assert.True(after.Order.All(key => after.Find(key).IsNone));
        Assert.Equal(0, After(After(after, at: 100), at: 100).Count);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("-9223372036854775808", true)]
    [InlineData("9223372036854775807", true)]
    [InlineData("9223372036854775808", false)]
    [InlineData("", false)]
    [InlineData("-", false)]
    [InlineData("-0", false)]
    [InlineData("007", false)]
    [InlineData("+1", false)]
    [InlineData("1 ", false)]
    [InlineData("1.0", false)]
    public void What_counts_as_an_integer_is_what_would_be_written_as_one(string text, bool counts) =>
        Assert.Equal(counts, StoreMachine.Integer(Bytes.Of(text)).IsSome);

    [Fact]
    public void A_value_does_not_grow_beyond_its_limit()
    {
        var store = After(Store.Empty, 0, new Change.Append(K, new Bytes(new byte[StoreMachine.MostValueBytes])));

        var (after, answers) = Machine.Apply(store, new Batch(0, Seq1<Change>(new Change.Append(K, Bytes.Of("x")))));

        Assert.Equal(Refusal.TooLong, Assert.IsType<Answer.Refused>(answers.Single()).Why);
        Assert.Equal(StoreMachine.MostValueBytes, after.Value(K).IfNone(Bytes.Empty).Length);
    }

    [Theory]
    [InlineData(0, 0, false)]           // no deadline: nothing to say
    [InlineData(5000, 999, false)]
    [InlineData(5000, 1000, true)]      // a second has passed
    [InlineData(300, 299, false)]
    [InlineData(300, 300, true)]        // the deadline has come
    public void The_leader_says_how_late_it_is_every_second_and_at_deadlines_while_there_are_any(long deadline, long now, bool due)
    {
        var store = deadline == 0 ? Store.Empty
            : After(Store.Empty, 0, new Change.Set(K, Bytes.Empty, When.Always, new Lifetime.Until(deadline), Fetch: false));

        Assert.Equal(due, Ticker.IsDue(store, now));
    }

    private static Store After(Store store, long at, params Change[] changes) =>
        Machine.Apply(store, new Batch(at, toSeq(changes).Strict())).State;

    private static byte[] Written(Store store) => Written(Machine.States, store);

    internal static byte[] Written<T>(ISerializer<T> serializer, T value)
    {
        var writer = new System.Buffers.ArrayBufferWriter<byte>();
        serializer.Write(value, writer);
        return writer.WrittenSpan.ToArray();
    }
}
