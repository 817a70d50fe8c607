using System.Collections.Generic;
using System.IO;
using System.Linq;
using Tree = RxRaft.Proto.Journals.Tree;

namespace RxRaft;

/// <summary>What has parts that are all of one type.</summary>
internal abstract class ListCodec<T> : TreeCodec
{
    public override Tree Write(object? value)
    {
        var tree = new Tree();
        foreach (var item in Items(value)) tree.Items.Add(Of(typeof(T)).Write(item));
        return tree;
    }

    public override object? Read(Tree tree) =>
        Made([.. tree.Items.Select(item => (T)Of(typeof(T)).Read(item)!)]);

    public override IEnumerable<(string Name, Type Type, object? Value)>? Parts(object value) =>
        Items(value).Select((item, place) => ($"[{place}]", typeof(T), (object?)item));

    protected abstract IEnumerable<T> Items(object? value);

    protected abstract object? Made(T[] items);
}

/// <summary>A sequence.</summary>
internal sealed class SeqCodec<T> : ListCodec<T>
{
    protected override IEnumerable<T> Items(object? value) => (Seq<T>)value!;

    protected override object? Made(T[] items) => toSeq(items);
}

/// <summary>A set, in its order.</summary>
internal sealed class SetCodec<T> : ListCodec<T>
{
    public override IEnumerable<(string Name, Type Type, object? Value)>? Parts(object value) => null;

    protected override IEnumerable<T> Items(object? value) => (Set<T>)value!;

    protected override object? Made(T[] items) => toSet(items);
}

/// <summary>What may be absent: a list of one or none.</summary>
internal sealed class OptionCodec<T> : ListCodec<T>
{
    public override IEnumerable<(string Name, Type Type, object? Value)>? Parts(object value) =>
        ((Option<T>)value).Case is T some ? Of(typeof(T)).Parts(some) : null;

    protected override IEnumerable<T> Items(object? value) => ((Option<T>)value!).ToSeq();

    protected override object? Made(T[] items) => items is [var some] ? Some(some) : Option<T>.None;
}

/// <summary>The same for a number of .NET's.</summary>
internal sealed class NullableCodec<T> : ListCodec<T> where T : struct
{
    public override IEnumerable<(string Name, Type Type, object? Value)>? Parts(object value) => null;

    protected override IEnumerable<T> Items(object? value) => value is T some ? [some] : [];

    protected override object? Made(T[] items) => items is [var some] ? some : null;
}

/// <summary>Two values.</summary>
internal sealed class PairCodec<TOne, TOther> : TreeCodec
{
    public override Tree Write(object? value)
    {
        var (one, other) = ((TOne, TOther))value!;
        return new() { Items = { Of(typeof(TOne)).Write(one), Of(typeof(TOther)).Write(other) } };
    }

    public override object? Read(Tree tree) => tree.Items.Count == 2
        ? ((TOne)Of(typeof(TOne)).Read(tree.Items[0])!, (TOther)Of(typeof(TOther)).Read(tree.Items[1])!)
        : throw new InvalidDataException($"a pair of {tree.Items.Count}");

    public override IEnumerable<(string Name, Type Type, object? Value)>? Parts(object value)
    {
        var (one, other) = ((TOne, TOther))value;
        yield return ("1", typeof(TOne), one);
        yield return ("2", typeof(TOther), other);
    }
}

/// <summary>A map: keys and values in turn, in the order of the keys.</summary>
internal sealed class MapCodec<TKey, TValue> : TreeCodec
{
    public override Tree Write(object? value)
    {
        var tree = new Tree();
        foreach (var (key, one) in (Map<TKey, TValue>)value!)
        {
            tree.Items.Add(Of(typeof(TKey)).Write(key));
            tree.Items.Add(Of(typeof(TValue)).Write(one));
        }

        return tree;
    }

    public override object? Read(Tree tree) => tree.Items.Count % 2 == 0
        ? toMap(tree.Items.Chunk(2).Select(pair =>
            ((TKey)Of(typeof(TKey)).Read(pair[0])!, (TValue)Of(typeof(TValue)).Read(pair[1])!)))
        : throw new InvalidDataException($"a map of {tree.Items.Count} keys and values");

    public override IEnumerable<(string Name, Type Type, object? Value)>? Parts(object value) =>
        ((Map<TKey, TValue>)value).AsEnumerable().Select(pair =>
            ($"[{pair.Key}]", typeof(TValue), (object?)pair.Value));
}
