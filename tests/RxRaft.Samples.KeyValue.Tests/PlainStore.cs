using System.Collections.Generic;
using System.Linq;

namespace RxRaft.Samples.KeyValue;

/// <summary>The store as one would write it without a thought: a dictionary that changes.</summary>
internal sealed class PlainStore
{
    private long now;

    public Dictionary<string, (string Value, long? Deadline)> Keys { get; } = [];

    public List<object> Apply(Batch batch)
    {
        now = Math.Max(now, batch.At);
        Expire();
        return [.. batch.Changes.Select(change => Apply(change)).ToList()];
    }

    private void Expire()
    {
        foreach (var over in Keys.Where(each => each.Value.Deadline <= now).Select(each => each.Key).ToList()) Keys.Remove(over);
    }

    private object Apply(Change change)
    {
        Expire();
        return change switch
        {
            Change.Set set => Set(set),
            Change.SetAll(var pairs) => SetAll(pairs),
            Change.Delete(var keys) => (long)keys.Count(key => Keys.Remove(Hex(key))),
            Change.Take(var key) => Keys.Remove(Hex(key), out var taken) ? taken.Value : "nothing",
            Change.Add(var key, var by) => Add(Hex(key), by),
            Change.Append(var key, var value) => Append(Hex(key), value),
            Change.Swap(var key, var expected, var value) => Swap(Hex(key), Hex(expected), Hex(value)),
            Change.Expire(var key, var lifetime) => Expire(Hex(key), lifetime),
            _ => throw new InvalidOperationException($"{change}"),
        };
    }

    private object Set(Change.Set set)
    {
        var key = Hex(set.Key);
        var found = Keys.TryGetValue(key, out var held);
        var does = set.When == When.Always || (set.When == When.Present) == found;
        if (does) Keys[key] = (Hex(set.Value), Deadline(set.Lifetime, held.Deadline));
        return set.Fetch ? found ? held.Value : "nothing" : does ? "done" : "nothing";
    }

    private string SetAll(Seq<(Key Key, Bytes Value)> pairs)
    {
        foreach (var (key, value) in pairs) Keys[Hex(key)] = (Hex(value), null);
        return "done";
    }

    private object Add(string key, long by)
    {
        var (value, deadline) = Keys.GetValueOrDefault(key, (Hex(Bytes.Of("0")), null));
        var text = System.Text.Encoding.UTF8.GetString(Convert.FromHexString(value));
        if (!long.TryParse(text, out var number) || $"{number}" != text) return Refusal.NotAnInteger;
        try
        {
            var sum = checked(number + by);
            Keys[key] = (Hex(Bytes.Of($"{sum}")), deadline);
            return sum;
        }
        catch (OverflowException)
        {
            return Refusal.Overflow;
        }
    }

    private long Append(string key, Bytes value)
    {
        var (before, deadline) = Keys.GetValueOrDefault(key, ("", null));
        Keys[key] = (before + Hex(value), deadline);
        return (before + Hex(value)).Length / 2;
    }

    private long Swap(string key, string expected, string value)
    {
        if (!Keys.TryGetValue(key, out var held) || held.Value != expected) return 0;
        Keys[key] = (value, held.Deadline);
        return 1;
    }

    private long Expire(string key, Lifetime lifetime)
    {
        if (!Keys.TryGetValue(key, out var held)) return 0;
        var deadline = Deadline(lifetime, held.Deadline);
        Keys[key] = (held.Value, deadline);
        return deadline is null && held.Deadline is null ? 0 : 1;
    }

    private long? Deadline(Lifetime lifetime, long? before) => lifetime switch
    {
        Lifetime.For(long.MaxValue) => long.MaxValue,
        Lifetime.For(var time) => now + time,
        Lifetime.Until(var time) => time,
        Lifetime.AsBefore => before,
        _ => null,
    };

    private static string Hex(Key key) => Hex(key.Name);

    private static string Hex(Bytes bytes) => Convert.ToHexString(bytes.Span);

    /// <summary>An answer, as this one says it.</summary>
    public static object Said(Answer answer) => answer switch
    {
        Answer.Done => "done",
        Answer.Nothing => "nothing",
        Answer.Number(var number) => number,
        Answer.Text(var text) => Hex(text),
        Answer.Refused(var why) => why,
        _ => throw new InvalidOperationException($"{answer}"),
    };

    /// <summary>What a client can see of a store.</summary>
    public static Dictionary<string, (string Value, long? Deadline)> Visible(Store store) => store.All
        .Where(each => !each.Value.IsOver(store.Now))
        .ToDictionary(each => Hex(each.Key), each => (Hex(each.Value.Value), each.Value.Deadline.ToNullable()));
}
