using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using Tree = RxRaft.Proto.Journals.Tree;

namespace RxRaft;

/// <summary>Values of the core as trees of names and words, and back, by what their types are made of.</summary>
/// <remarks>So no field of the state can be forgotten: whoever adds one has it in the journal.</remarks>
internal abstract class TreeCodec
{
    private static readonly ConcurrentDictionary<Type, TreeCodec> Made = new();

    /// <summary>That of a type.</summary>
    public static TreeCodec Of(Type type) => Made.GetOrAdd(type, Make);

    public static Tree Write<T>(T value) => Of(typeof(T)).Write((object?)value);

    /// <exception cref="InvalidDataException">It is none; the message says what is wrong.</exception>
    public static T Read<T>(Tree tree)
    {
        try
        {
            return (T)Of(typeof(T)).Read(tree)!;
        }
        catch (Exception fault) when (fault is FormatException or OverflowException or ArgumentException)
        {
            throw new InvalidDataException($"a {typeof(T).Name} is not understood: {fault.Message}", fault);
        }
    }

    public abstract Tree Write(object? value);

    public abstract object? Read(Tree tree);

    /// <summary>What a value is made of, with names; nothing for what is a word.</summary>
    public virtual IEnumerable<(string Name, Type Type, object? Value)>? Parts(object value) => null;

    private static TreeCodec Make(Type type) =>
        Words.TryGetValue(type, out var word) ? word
        : type == typeof(Log) ? new LogCodec()
        : type.IsGenericType && OfParts(type.GetGenericTypeDefinition()) is { } generic
            ? (TreeCodec)Activator.CreateInstance(generic.MakeGenericType(type.GetGenericArguments()))!
        : type.IsAbstract ? new UnionCodec(type)
        : RecordCodec.Make(type);

    private static Type? OfParts(Type generic) =>
        generic == typeof(Option<>) ? typeof(OptionCodec<>)
        : generic == typeof(Nullable<>) ? typeof(NullableCodec<>)
        : generic == typeof(Seq<>) ? typeof(SeqCodec<>)
        : generic == typeof(Set<>) ? typeof(SetCodec<>)
        : generic == typeof(Map<,>) ? typeof(MapCodec<,>)
        : generic == typeof(ValueTuple<,>) ? typeof(PairCodec<,>)
        : null;

    private static readonly Dictionary<Type, TreeCodec> Words = new()
    {
        [typeof(bool)] = new WordCodec<bool>(flag => flag ? "true" : "false", bool.Parse),
        [typeof(int)] = Number(int.Parse),
        [typeof(long)] = Number(long.Parse),
        [typeof(ulong)] = Number(ulong.Parse),
        [typeof(double)] = Number(double.Parse),
        [typeof(string)] = new WordCodec<string>(text => text, text => text),
        [typeof(TimeSpan)] = new WordCodec<TimeSpan>(
            span => span.Ticks.ToString(CultureInfo.InvariantCulture),
            word => new(long.Parse(word, CultureInfo.InvariantCulture))),
        [typeof(ReadOnlyMemory<byte>)] = new WordCodec<ReadOnlyMemory<byte>>(
            bytes => Convert.ToBase64String(bytes.Span), word => Convert.FromBase64String(word)),
    };

    private static WordCodec<T> Number<T>(Func<string, IFormatProvider, T> parse) where T : IFormattable =>
        new(
            number => number.ToString(null, CultureInfo.InvariantCulture),
            word => parse(word, CultureInfo.InvariantCulture));
}

/// <summary>A number, a text, a flag.</summary>
internal sealed class WordCodec<T>(Func<T, string> write, Func<string, T> read) : TreeCodec
{
    public override Tree Write(object? value) => new() { Word = write((T)value!) };

    public override object? Read(Tree tree) => read(tree.Word);
}

/// <summary>One of the cases of a closed union, with its name.</summary>
internal sealed class UnionCodec(Type union) : TreeCodec
{
    public override Tree Write(object? value)
    {
        var tree = Of(value!.GetType()).Write(value);
        tree.Type = value.GetType().Name;
        return tree;
    }

    public override object? Read(Tree tree) =>
        union.GetNestedType(tree.Type) is { } type
            ? Of(type).Read(tree)
            : throw new InvalidDataException($"a {union.Name} that is '{tree.Type}' is not known here");

    public override IEnumerable<(string Name, Type Type, object? Value)>? Parts(object value) =>
        Of(value.GetType()).Parts(value);
}

/// <summary>A log without its entries: they are too many for trees.</summary>
internal sealed class LogCodec : TreeCodec
{
    /// <summary>A log that was read, with its entries.</summary>
    public static Log Whole(Log read, Seq<Entry> entries) =>
        Log.Over(read.Snapshot with { Last = read.Base }, read.Base, read.Size).Append(entries)
            .OnTopOf(read.Snapshot, read.Base);

    public override Tree Write(object? value)
    {
        var log = (Log)value!;
        return new()
        {
            Names = { "Snapshot", "Base", "Size" },
            Items = { Write(log.Snapshot), Write(log.Base), Write(log.SizeThrough(log.Base.Index)) },
        };
    }

    public override object? Read(Tree tree) =>
        tree.Items.Count == 3
            ? Log.Over(
                Read<Snapshot>(tree.Items[0]), Read<LogPosition>(tree.Items[1]), Read<long>(tree.Items[2]))
            : throw new InvalidDataException($"a log of {tree.Items.Count} parts: it has 3");

    public override IEnumerable<(string Name, Type Type, object? Value)>? Parts(object value)
    {
        var log = (Log)value;
        yield return ("Snapshot", typeof(Snapshot), log.Snapshot);
        yield return ("Base", typeof(LogPosition), log.Base);
        yield return ("Last", typeof(LogPosition), log.Last);
        yield return ("Size", typeof(long), log.Size);
        yield return ("Configuration", typeof(Configuration), log.Configuration);
        foreach (var entry in log.After(log.Base.Index)) yield return ($"[{entry.Index}]", typeof(Entry), entry);
    }
}
