using System.Linq;
using CsCheck;

namespace RxRaft.Samples.KeyValue;

/// <summary>Random keys, values and writes: few keys, so that they meet.</summary>
internal static class Draw
{
    public static readonly Gen<Key> Key = Gen.Int[0, 5].Select(i => KeyValue.Key.Of($"k{i}"));

    public static readonly Gen<Bytes> Value = Gen.OneOf(
        Gen.Byte.Array[0, 6].Select(bytes => new Bytes(bytes)),
        Gen.Long[-3, 3].Select(number => Bytes.Of($"{number}")),
        Gen.OneOfConst(Bytes.Of($"{long.MaxValue}"), Bytes.Of($"{long.MinValue}")));

    public static readonly Gen<Lifetime> Lifetime = Gen.OneOf<Lifetime>(
        Gen.Const<Lifetime>(new Lifetime.Forever()),
        Gen.Const<Lifetime>(new Lifetime.AsBefore()),
        Gen.OneOf(Gen.Long[-2, 6], Gen.Const(long.MaxValue)).Select(time => (Lifetime)new Lifetime.For(time)),
        Gen.Long[-2, 30].Select(time => (Lifetime)new Lifetime.Until(time)));

    public static readonly Gen<Change> Change = Gen.OneOf<Change>(
        Gen.Select(Key, Value, Gen.Int[0, 2], Lifetime, Gen.Bool).Select((key, value, when, lifetime, fetch) =>
            (Change)new Change.Set(key, value, (When)when, lifetime, fetch)),
        Gen.Select(Key, Value).Array[0, 3].Select(pairs => (Change)new Change.SetAll(toSeq(pairs).Strict())),
        Key.Array[0, 3].Select(keys => (Change)new Change.Delete(toSeq(keys).Strict())),
        Key.Select(key => (Change)new Change.Take(key)),
        Gen.Select(Key, Gen.OneOf(Gen.Long[-3, 3], Gen.Long)).Select((key, by) => (Change)new Change.Add(key, by)),
        Gen.Select(Key, Value).Select((key, value) => (Change)new Change.Append(key, value)),
        Gen.Select(Key, Value, Value).Select((key, one, other) => (Change)new Change.Swap(key, one, other)),
        Gen.Select(Key, Lifetime).Select((key, lifetime) => (Change)new Change.Expire(key, lifetime)));

    /// <summary>Clocks of several nodes: they go back now and then.</summary>
    public static readonly Gen<Batch> Batch = Gen.Select(Gen.Long[0, 25], Change.Array[0, 4])
        .Select((at, changes) => new Batch(at, toSeq(changes).Strict()));

    public static readonly Gen<Answer> Answer = Gen.OneOf<Answer>(
        Gen.Const(StoreMachine.Done), Gen.Const(StoreMachine.Nothing),
        Gen.Long.Select(number => (Answer)new Answer.Number(number)),
        Value.Select(value => (Answer)new Answer.Text(value)),
        Gen.Int[1, 3].Select(why => (Answer)new Answer.Refused((Refusal)why)));

    public static readonly Gen<Store> Store = Batch.Array[0, 30].Select(batches =>
        batches.Aggregate(KeyValue.Store.Empty, (store, batch) => new StoreMachine().Apply(store, batch).State));
}
