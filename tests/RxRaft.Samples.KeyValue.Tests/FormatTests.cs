using System.Collections.Generic;
using System.Linq;
using CsCheck;
using static RxRaft.Samples.KeyValue.StoreMachineTests;

namespace RxRaft.Samples.KeyValue;

/// <summary>Writes, answers and stores as bytes: what one version has written the next ones have to read.</summary>
public sealed class FormatTests
{
    private static readonly StoreMachine Machine = new();

    [Fact]
    public void Writes_come_back_as_they_were() => Draw.Batch.Sample(batch => ComesBack(Machine.Commands, batch), iter: 1000);

    [Fact]
    public void Answers_come_back_as_they_were() =>
        Draw.Answer.Array[0, 4].Sample(answers => ComesBack(Machine.Results, toSeq(answers).Strict()), iter: 1000);

    [Fact]
    public void Stores_come_back_as_they_were() => Draw.Store.Sample(store =>
    {
        var back = Machine.States.Read(Written(Machine.States, store));
        Assert.Equal((store.Values, store.Order, store.Dues, store.Now), (back.Values, back.Order, back.Dues, back.Now));
        Assert.Equal(Written(Machine.States, store), Written(Machine.States, back));
    }, iter: 200);

    [Fact]
    public void Equal_stores_are_the_same_bytes_however_they_came_about()
    {
        var (one, other) = (Store.Empty, Store.Empty);
        for (var i = 0; i < 100; i++)
        {
            one = one.Put(Key.Of($"{i}"), new Held(Bytes.Of("v"), Some(5L + i)));
            other = other.Put(Key.Of($"{99 - i}"), new Held(Bytes.Of("v"), Some(104L - i)));
        }

        Assert.Equal(Written(Machine.States, one), Written(Machine.States, other));
    }

    [Fact]
    public void The_format_is_this_one_byte_for_byte()
    {
        var batch = new Batch(5, Seq<Change>(
            new Change.Set(Key.Of("k"), Bytes.Of("v"), When.Missing, new Lifetime.For(1000), Fetch: true),
            new Change.SetAll(Seq1((Key.Of("a"), Bytes.Of("b")))), new Change.Delete(Seq1(Key.Of("k"))),
            new Change.Take(Key.Of("k")), new Change.Add(Key.Of("k"), -1), new Change.Append(Key.Of("k"), Bytes.Of("v")),
            new Change.Swap(Key.Of("k"), Bytes.Of("v"), Bytes.Of("w")), new Change.Expire(Key.Of("k"), new Lifetime.Until(3))));
        Assert.Equal(
            "01-0A-08-01-01-6B-01-76-05-02-D0-0F-02-01-01-61-01-62-03-01-01-6B-04-01-6B-05-01-6B-01-06-01-6B-01-76-"
            + "07-01-6B-01-76-01-77-08-01-6B-03-06", BitConverter.ToString(Written(Machine.Commands, batch)));

        var answers = Seq(
            StoreMachine.Done, StoreMachine.Nothing, new Answer.Number(-2), new Answer.Text(Bytes.Of("t")),
            new Answer.Refused(Refusal.Overflow));
        Assert.Equal("01-05-01-02-03-03-04-01-74-05-02", BitConverter.ToString(Written(Machine.Results, answers)));

        var store = (Store.Empty with { Now = 7 })
            .Put(Key.Of("k"), new Held(Bytes.Of("v"), Some(9L))).Put(Key.Of("j"), new Held(Bytes.Empty, None));
        Assert.Equal("01-0E-02-01-6B-01-76-01-12-01-6A-00-00", BitConverter.ToString(Written(Machine.States, store)));
    }

    /// <summary>
    /// Of FNV's lower 32 bits two blocks that lead from one to the same are found at once; of n pairs, one after the
    /// other, there are 2^n keys.
    /// </summary>
    [Fact]
    public void Keys_that_a_client_has_made_to_have_one_hash_have_not()
    {
        var (keys, state) = (new List<byte[]> { System.Array.Empty<byte>() }, (uint)Fnv.Hash([]));
        for (var pair = 0; pair < 8; pair++)
        {
            var seen = new Dictionary<uint, byte[]>();
            for (var i = 1UL; ; i++)
            {
                var block = BitConverter.GetBytes(i * 0x9e3779b97f4a7c15);
                var after = block.Aggregate(state, (hash, each) => (hash ^ each) * (uint)(1099511628211UL & uint.MaxValue));
                if (!seen.TryAdd(after, block))
                {
                    keys = keys.SelectMany(key => new[] { [.. key, .. seen[after]], key.Concat(block).ToArray() }).ToList();
                    state = after;
                    break;
                }
            }
        }

        Assert.Equal(256, keys.Count);
        Assert.Single(keys.Select(key => (uint)Fnv.Hash(key)).Distinct());
        Assert.InRange(keys.Select(key => new Key(new Bytes(key)).GetHashCode()).Distinct().Count(), 250, 256);
    }

    [Fact]
    public void Hashes_are_the_same_for_ever()
    {
        Assert.Equal(0xcbf29ce484222325, Fnv.Hash([]));
        Assert.Equal(0x85944171f73967e8, Fnv.Hash("foobar"u8));
    }

    [Fact]
    public void Bytes_that_nobody_wrote_are_refused_or_read_and_nothing_else() =>
        Gen.Select(Draw.Batch, Gen.Int[0, 60], Gen.Byte, Gen.Int[0, 60]).Sample((batch, place, value, cut) =>
        {
            var bytes = Written(Machine.Commands, batch);
            bytes[place % bytes.Length] = value;
            Reads(Machine.Commands, bytes.AsMemory(0, Math.Max(0, bytes.Length - cut)));
            Reads(Machine.Results, bytes);
            Reads(Machine.States, bytes);
        }, iter: 5000);

    [Fact]
    public void What_was_cut_or_goes_on_is_refused() => Draw.Batch.Sample(batch =>
    {
        var bytes = Written(Machine.Commands, batch);
        for (var length = 0; length < bytes.Length; length++)
            Assert.Throws<FormatException>(() => Machine.Commands.Read(bytes.AsMemory(0, length)));
        Assert.Throws<FormatException>(() => Machine.Commands.Read((byte[])[.. bytes, 0]));
    }, iter: 100);

    private static void ComesBack<T>(ISerializer<T> serializer, T value) =>
        Assert.Equal(value, serializer.Read(Written(serializer, value)));

    private static void Reads<T>(ISerializer<T> serializer, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            serializer.Read(bytes);
        }
        catch (FormatException)
        {
            // that is what it is for
        }
    }
}
