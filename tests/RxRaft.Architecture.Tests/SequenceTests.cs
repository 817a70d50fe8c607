using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using System.Reflection.Emit;

namespace RxRaft.Architecture;

/// <summary>
/// A trap: <c>Seq&lt;A&gt; one = [a]</c> compiles, and is empty, since Seq has no collection builder and its Add
/// returns another Seq, which nobody keeps. Whoever falls into it loses effects without a word.
/// </summary>
public sealed class SequenceTests
{
    [Theory]
    [InlineData(typeof(Raft))]
    [InlineData(typeof(RaftNode))]
    [InlineData(typeof(Testing.World))]
    [InlineData(typeof(Hosting.RaftOptions))]
    public void No_sequence_is_written_as_a_collection_expression_with_elements(Type one) =>
        Findings.None(Methods(one.Assembly).Where(DropsWhatAddReturns).Select(Name));

    [Fact]
    public void The_trap_would_be_seen()
    {
        var trap = typeof(SequenceTests).GetMethod(nameof(Trap), BindingFlags.NonPublic | BindingFlags.Static)!;

        Assert.Empty(Trap());
        Assert.True(DropsWhatAddReturns(trap));
    }

    private static LanguageExt.Seq<NodeId> Trap() => [new NodeId(1)];

    private static IEnumerable<MethodBase> Methods(Assembly assembly) =>
        assembly.GetTypes().SelectMany(type => type.GetMembers(Everything).OfType<MethodBase>());

    private const BindingFlags Everything = BindingFlags.DeclaredOnly
        | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    // In the code of a method: a call of Add of one of LanguageExt's collections, and then pop.
    private static bool DropsWhatAddReturns(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        return Enumerable.Range(0, Math.Max(0, code.Length - 5)).Any(at =>
            code[at] == OpCodes.Call.Value && code[at + 5] == OpCodes.Pop.Value
            && Called(method, BitConverter.ToInt32(code, at + 1)) is { Name: "Add", DeclaringType: { } on }
            && on.Assembly == typeof(LanguageExt.Seq<>).Assembly);
    }

    private static MethodBase? Called(MethodBase from, int token)
    {
        try
        {
            var ofMethod = from.IsGenericMethod ? from.GetGenericArguments() : null;
            return from.Module.ResolveMethod(token, from.DeclaringType?.GetGenericArguments(), ofMethod);
        }
        catch (ArgumentException)
        {
            return null;        // not the beginning of an instruction
        }
    }

    private static string Name(MethodBase method) => $"{method.DeclaringType}.{method.Name}";
}
