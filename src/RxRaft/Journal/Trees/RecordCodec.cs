using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using Tree = RxRaft.Proto.Journals.Tree;

namespace RxRaft;

/// <summary>A record: what it is constructed of, and what can be set besides.</summary>
internal sealed class RecordCodec : TreeCodec
{
    private readonly ConstructorInfo constructor;
    private readonly PropertyInfo[] constructed;
    private readonly PropertyInfo[] set;

    private RecordCodec(ConstructorInfo constructor, PropertyInfo[] constructed, PropertyInfo[] set) =>
        (this.constructor, this.constructed, this.set) = (constructor, constructed, set);

    /// <summary>Of a record; of a number with a name of its own, that of the number.</summary>
    /// <exception cref="NotSupportedException">It is no record.</exception>
    public static TreeCodec Make(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(one => one.GetParameters().Length)
            ?? throw new NotSupportedException($"{type} cannot be part of a journal: it has no public constructor");
        var constructed = constructor.GetParameters()
            .Select(parameter => type.GetProperty(parameter.Name!) ?? throw new NotSupportedException(
                $"{type} cannot be part of a journal: {parameter.Name} is no property"))
            .ToArray();
        var set = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && !constructed.Any(other => other.Name == property.Name)).ToArray();
        return type.IsValueType && constructed.Length == 1 && set.Length == 0
            ? new NameCodec(constructor, constructed[0])
            : new RecordCodec(constructor, constructed, set);
    }

    public override Tree Write(object? value)
    {
        var tree = new Tree();
        foreach (var (name, type, part) in Parts(value!))
        {
            tree.Names.Add(name);
            tree.Items.Add(Of(type).Write(part));
        }

        return tree;
    }

    /// <remarks>What an earlier version did not know to set has the value that it has unless it is set.</remarks>
    public override object? Read(Tree tree)
    {
        var value = constructor.Invoke([.. constructed.Select(property => Part(tree, property))]);
        foreach (var property in set.Where(property => tree.Names.Contains(property.Name)))
            property.SetValue(value, Part(tree, property));
        return value;
    }

    public override IEnumerable<(string Name, Type Type, object? Value)> Parts(object value) =>
        constructed.Concat(set).Select(property => (property.Name, property.PropertyType, property.GetValue(value)));

    private object? Part(Tree tree, PropertyInfo property)
    {
        var place = tree.Names.IndexOf(property.Name);
        return place >= 0 && place < tree.Items.Count
            ? Of(property.PropertyType).Read(tree.Items[place])
            : throw new InvalidDataException($"a {constructor.DeclaringType!.Name} has no {property.Name}");
    }
}

/// <summary>What only gives a value a name of its own, as NodeId does to a number.</summary>
internal sealed class NameCodec(ConstructorInfo constructor, PropertyInfo property) : TreeCodec
{
    public override Tree Write(object? value) => Of(property.PropertyType).Write(property.GetValue(value));

    public override object? Read(Tree tree) => constructor.Invoke([Of(property.PropertyType).Read(tree)]);
}
