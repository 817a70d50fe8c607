using System.Collections.Generic;
using System.Linq;
using System.Reflection;

namespace RxRaft.Architecture;

/// <summary>Unions are closed: nobody can add a case, so a match can name them all.</summary>
public sealed class UnionTests
{
    private const BindingFlags Instance = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance;

    private static readonly Type[] Core = typeof(Raft).Assembly.GetTypes();

    [Fact]
    public void The_core_has_unions() => Assert.Contains(typeof(Role), Core.Where(IsUnion));

    [Fact]
    public void Every_union_is_closed() => Findings.None(Core.Where(IsUnion).SelectMany(union => Openings(union, Core)));

    [Fact]
    public void Nothing_inherits_but_the_cases_of_unions() => Findings.None(Strays(Core));

    [Fact]
    public void What_these_tests_look_for_they_find()
    {
        Type[] types = [typeof(Closed), typeof(Closed.Only), typeof(Of<>), typeof(Of<>.Only), typeof(Open),
            typeof(Open.Unsealed), typeof(Outside), typeof(Bare)];

        Assert.Empty(Openings(typeof(Closed), types).Concat(Openings(typeof(Of<>), types)));
        Assert.Equal(
            ["Open has a constructor that is not private", "Unsealed is not sealed", "Outside is not nested in Open"],
            Openings(typeof(Open), types));
        Assert.Equal(["Bare has no case"], Openings(typeof(Bare), types));
        Assert.Equal(["Closed", "Of`1", "Open", "Bare"], types.Where(IsUnion).Select(type => type.Name));
        Assert.Equal(["Derived inherits List`1", "Loose is neither sealed, nor static, nor a union"],
            Strays([typeof(Closed), typeof(Closed.Only), typeof(Derived), typeof(Loose)]));
    }

    private static bool IsUnion(Type type) => type.IsAbstract && type.GetMethod("<Clone>$", Instance) is not null;

    private static IEnumerable<string> Openings(Type union, IReadOnlyCollection<Type> types)
    {
        var constructors = union.GetConstructors(Instance).Where(constructor => !constructor.IsPrivate && !IsCopy(constructor));
        var cases = types.Where(type => BaseOf(type) == union).ToList();

        return constructors.Select(_ => $"{union.Name} has a constructor that is not private")
            .Concat(cases.Where(type => !type.IsSealed).Select(type => $"{type.Name} is not sealed"))
            .Concat(cases.Where(type => type.DeclaringType != union).Select(type => $"{type.Name} is not nested in {union.Name}"))
            .Concat(cases.Count == 0 ? [$"{union.Name} has no case"] : []);
    }

    /// <summary>Of a generic type the definition, whatever its parameters are called.</summary>
    private static Type? BaseOf(Type type) =>
        type.BaseType is { IsGenericType: true } generic ? generic.GetGenericTypeDefinition() : type.BaseType;

    /// <summary>The constructor behind <c>with</c>, which makes a union from one that exists already.</summary>
    private static bool IsCopy(ConstructorInfo constructor) =>
        constructor.IsFamily && constructor.GetParameters() is [{ } only] && only.ParameterType == constructor.DeclaringType;

    private static IEnumerable<string> Strays(IEnumerable<Type> types)
    {
        var classes = types.Where(type => type.IsClass && !type.Name.Contains('<', StringComparison.Ordinal)).ToList();

        return classes.Where(type => type.BaseType != typeof(object) && type.BaseType != typeof(Exception) && !IsUnion(type.BaseType!))
            .Select(type => $"{type.Name} inherits {type.BaseType!.Name}")
            .Concat(classes.Where(type => !type.IsSealed && !IsUnion(type))
                .Select(type => $"{type.Name} is neither sealed, nor static, nor a union"));
    }

    private abstract record Closed
    {
        private Closed() { }

        internal sealed record Only : Closed;
    }

    private abstract record Of<T>
    {
        private Of() { }

        internal sealed record Only : Of<T>;
    }

    private abstract record Open
    {
        internal record Unsealed : Open;
    }

    private sealed record Outside : Open;

    private sealed record Further : Open.Unsealed;

    private abstract record Bare
    {
        private Bare() { }
    }

    private sealed class Derived : List<int>;

    private class Loose;

    private sealed class Tight : Loose;
}
