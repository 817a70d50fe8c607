using System.Buffers.Text;
using System.Globalization;

namespace RxRaft.Samples.KeyValue;

/// <summary>The store as a replicated state machine: what each write makes of it.</summary>
internal sealed class StoreMachine : IMachine<Store, Batch, Seq<Answer>>
{
    /// <summary>Of one value, in bytes.</summary>
    public const int MostValueBytes = 1 << 20;

    private const int MostExpired = 1000;                   // a batch: many that end at once must not hold all up

    public static readonly Answer Done = new Answer.Done();
    public static readonly Answer Nothing = new Answer.Nothing();

    public Store Initial => Store.Empty;

    public ISerializer<Store> States { get; } = new StoreFormat();

    public ISerializer<Batch> Commands { get; } = new BatchFormat();

    public ISerializer<Seq<Answer>> Results { get; } = new AnswersFormat();

    public (Store State, Seq<Answer> Result) Apply(Store store, Batch batch)
    {
        var after   = store.At(batch.At, MostExpired);
        var answers = new Answer[batch.Changes.Count];
        for (var i = 0; i < answers.Length; i++) (after, answers[i]) = Apply(after, batch.Changes[i]);
        return (after, toSeq(answers));
    }

    private static (Store, Answer) Apply(Store store, Change change) => change switch
    {
        Change.Set set => Set(store, set),
        Change.SetAll(var pairs) => (pairs.Fold(store, (all, pair) =>
            all.Put(pair.Key.Copy(), new Held(pair.Value.Copy(), None))), Done),
        Change.Delete(var keys) => Delete(store, keys),
        Change.Take(var key) => (store.Remove(key), Text(store.Value(key))),
        Change.Add(var key, var by) => Add(store, key, by),
        Change.Append(var key, var value) => Append(store, key, value),
        Change.Swap(var key, var expected, var value) => Swap(store, key, expected, value),
        Change.Expire(var key, var lifetime) => Expire(store, key, lifetime),
        _ => throw Unreachable.Case(change),
    };

    private static (Store, Answer) Set(Store store, Change.Set set)
    {
        var found = set.LooksBack ? store.Find(set.Key) : None;
        var holds = set.When == When.Always || found.IsSome == (set.When == When.Present);
        var after = holds ? store.Put(set.Key.Copy(), new Held(
            set.Value.Copy(), Deadline(store, found.Bind(held => held.Deadline), set.Lifetime))) : store;
        return (after, set.Fetch ? Text(found.Map(held => held.Value)) : holds ? Done : Nothing);
    }

    private static (Store, Answer) Delete(Store store, Seq<Key> keys)
    {
        var there = 0;
        foreach (var key in keys)
        {
            if (store.Find(key).IsSome) there++;            // what is over goes too, but was not there
            store = store.Remove(key);
        }

        return (store, new Answer.Number(there));
    }

    private static (Store, Answer) Add(Store store, Key key, long by)
    {
        var found = store.Find(key).IfNone(new Held(Zero, None));
        if (Integer(found.Value).Case is not long number) return (store, new Answer.Refused(Refusal.NotAnInteger));
        if (by > 0 ? number > long.MaxValue - by : number < long.MinValue - by)
            return (store, new Answer.Refused(Refusal.Overflow));

        var sum = number + by;
        var text = Bytes.Of(sum.ToString(CultureInfo.InvariantCulture));
        return (store.Put(key.Copy(), found with { Value = text }), new Answer.Number(sum));
    }

    private static (Store, Answer) Append(Store store, Key key, Bytes value)
    {
        var found = store.Find(key).IfNone(new Held(Bytes.Empty, None));
        if (found.Value.Length + value.Length > MostValueBytes) return (store, new Answer.Refused(Refusal.TooLong));

        var longer = new byte[found.Value.Length + value.Length];
        found.Value.Span.CopyTo(longer);
        value.Span.CopyTo(longer.AsSpan(found.Value.Length));
        return (store.Put(key.Copy(), found with { Value = new Bytes(longer) }), new Answer.Number(longer.Length));
    }

    private static (Store, Answer) Swap(Store store, Key key, Bytes expected, Bytes value) =>
        store.Find(key).Case is Held found && found.Value == expected
            ? (store.Put(key.Copy(), found with { Value = value.Copy() }), new Answer.Number(1))
            : (store, new Answer.Number(0));

    private static (Store, Answer) Expire(Store store, Key key, Lifetime lifetime)
    {
        if (store.Find(key).Case is not Held found) return (store, new Answer.Number(0));

        var deadline = Deadline(store, found.Deadline, lifetime);
        var changes  = deadline.IsSome || found.Deadline.IsSome;
        return (changes ? store.Put(key.Copy(), found with { Deadline = deadline }) : store,
            new Answer.Number(changes ? 1 : 0));
    }

    /// <summary>
    /// From the store's clock, and not the asking node's, which may be behind it: the key would lack the difference.
    /// </summary>
    private static Option<long> Deadline(Store store, Option<long> before, Lifetime lifetime) => lifetime switch
    {
        Lifetime.Forever => None,
        Lifetime.AsBefore => before,
        Lifetime.For(var time) => time > long.MaxValue - store.Now ? long.MaxValue : store.Now + time,
        Lifetime.Until(var time) => time,
        _ => throw Unreachable.Case(lifetime),
    };

    private static Answer Text(Option<Bytes> value) => value.Case is Bytes bytes ? new Answer.Text(bytes) : Nothing;

    private static readonly Bytes Zero = Bytes.Of("0");

    /// <summary>As Redis takes it: digits with a minus at most, and nothing that would be written otherwise.</summary>
    public static Option<long> Integer(Bytes text) =>
        Utf8Parser.TryParse(text.Span, out long number, out var read) && read == text.Length
        && (text.Span is [(byte)'0'] || text.Span is [>= (byte)'1' and <= (byte)'9', ..]
            || text.Span is [(byte)'-', >= (byte)'1' and <= (byte)'9', ..])
            ? number
            : None;
}
