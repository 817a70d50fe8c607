using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace RxRaft.Architecture;

/// <summary>The core is one pure function over values.</summary>
public sealed class PurityTests
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    private static readonly Assembly Core = typeof(Raft).Assembly;

    /// <summary>
    /// What entries are folded into, outside of the reducer: in place, since a run of entries changes it thousands of times.
    /// </summary>
    private static readonly Type[] Accumulators = [typeof(Applying<,>), Core.GetType("RxRaft.SessionAtHand`1", throwOnError: true)!];

    [Fact]
    public void The_core_references_only_the_framework_and_LanguageExt() => Findings.None(Core.GetReferencedAssemblies()
        .Select(reference => reference.Name!)
        .Where(name => name is not "LanguageExt.Core" && !IsFramework(name)));

    [Fact]
    public void The_core_has_no_mutable_field() => Findings.None(MutableFields(Values));

    [Fact]
    public void The_core_has_no_setter() => Findings.None(Setters(Values));

    [Fact]
    public void No_value_of_the_core_holds_what_entries_are_folded_into() => Findings.None(
        from type in Values
        from field in type.GetFields(All)
        where Accumulators.Contains(Open(field.FieldType))
        select $"{type.Name}.{field.Name}");

    /// <remarks>
    /// The analyzer of banned symbols sees what is called; this sees types that are only mentioned, and lock
    /// statements.
    /// </remarks>
    [Fact]
    public void The_core_mentions_no_banned_type() => Findings.None(
        TypesMentionedBy(Core).Where(type => Banned().Any(ban => type == ban || type.StartsWith(ban + ".", StringComparison.Ordinal))));

    [Fact]
    public void Every_banned_type_exists()
    {
        Assembly[] known = [typeof(object).Assembly, typeof(Console).Assembly, typeof(LanguageExt.Prelude).Assembly];
        var bans = Bans().Where(ban => ban.StartsWith("T:", StringComparison.Ordinal)).Select(ban => ban[2..]).ToList();

        Assert.NotEmpty(bans);
        Findings.None(bans.Where(ban => !known.Any(assembly => assembly.GetType(ban) is not null)));
    }

    [Fact]
    public void What_these_tests_look_for_they_find()
    {
        Assert.Equal(["Mutable.Field", "Mutable.<Property>k__BackingField", "Mutable.Shared"], MutableFields([typeof(Mutable)]));
        Assert.Equal(["Mutable.Property"], Setters([typeof(Mutable), typeof(Frozen)]));
        Assert.Empty(MutableFields([typeof(Frozen)]));
        Assert.True(IsFramework("System.Runtime") && !IsFramework("System.Reactive"));
        Assert.Contains("System.IO", Banned());
        Assert.Contains("System.IO.File", TypesMentionedBy(typeof(PurityTests).Assembly));
    }

    private static IEnumerable<Type> Values => Core.GetTypes().Except(Accumulators);

    private static Type Open(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static bool IsFramework(string assembly) =>
        File.Exists(Path.Combine(Path.GetDirectoryName(typeof(object).Assembly.Location)!, assembly + ".dll"));

    /// <summary>What a person has written: closures and caches of lambdas are the compiler's.</summary>
    private static IEnumerable<string> MutableFields(IEnumerable<Type> types) =>
        from type in types.Where(type => !IsCompilers(type))
        from field in type.GetFields(All)
        where !field.IsInitOnly && !field.IsLiteral && !type.IsEnum
        select $"{type.Name}.{field.Name}";

    private static IEnumerable<string> Setters(IEnumerable<Type> types) =>
        from type in types
        from property in type.GetProperties(All)
        where property.SetMethod is { } set
              && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit))
        select $"{type.Name}.{property.Name}";

    private static bool IsCompilers(Type type) =>
        type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) || (type.DeclaringType is { } outer && IsCompilers(outer));

    private static List<string> TypesMentionedBy(Assembly assembly)
    {
        using var file = new PEReader(File.OpenRead(assembly.Location));
        var metadata = file.GetMetadataReader();
        return metadata.TypeReferences
            .Select(metadata.GetTypeReference)
            .Select(type => $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}")
            .Where(type => !Regex.IsMatch(type, @"Attribute$|^System\.Diagnostics\.Debugg"))     // the compiler's own
            .ToList();
    }

    private static IEnumerable<string> Banned() =>
        Bans().Where(ban => ban[0] is 'T' or 'N').Select(ban => ban[2..]);

    private static IEnumerable<string> Bans() =>
        Repository.Read("src/RxRaft.Core/BannedSymbols.txt").Split('\n')
            .Where(line => line.Contains(';', StringComparison.Ordinal) && !line.StartsWith("//", StringComparison.Ordinal))
            .Select(line => line.Split(';')[0].Trim());

    private sealed class Mutable
    {
        internal int Field = 1;
        internal static string Shared = "";
        internal int Property { get; set; }
        internal int Sum => Field + Shared.Length + Property;
    }

    private sealed record Frozen(int Value)
    {
        internal const int Literal = 1;
        internal static readonly Func<int, int> Lambda = x => x + Literal;
        internal int Init { get; init; }
    }
}
